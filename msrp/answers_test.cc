// What becomes of messages that went out: RFC 4975 7.1.2, 7.1.3, answers, reports and silence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_peer.h"

namespace convene::msrp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using namespace std::chrono_literals;

class Answered : public testing::Test {
 protected:
  void open(const std::function<void(SessionSettings&)>& change = {}) {
    peer.open(change);
    peer.bind();
  }
  std::vector<int> failed() const {
    std::vector<int> statuses;
    for (const auto& message : peer.it.all<MessageFailed>()) statuses.push_back(message.status);
    return statuses;
  }
  OutgoingId send_file(std::uint64_t total) {
    body = peer.it.bodies.add(noise(total));
    return peer.send(file_message(body, total));
  }
  void grow(std::uint64_t ready) {
    peer.call(
        [&](Endpoint& it, TimePoint now, Output& out) { it.body_grew(body, ready, now, out); });
  }

  Scripted peer;
  BodyId body;
};

TEST_F(Answered, is_done_when_every_chunk_was_answered) {
  open([](SessionSettings& settings) { settings.max_chunk = 5; });
  const auto message = peer.send(chat_message("helloworld"));
  const auto heard = peer.heard();
  const auto first = heard.substr(5, 16);
  const auto second = heard.substr(heard.rfind("MSRP ") + 5, 16);
  peer.respond(second, 200);
  EXPECT_EQ(peer.it.count<MessageSent>(), 0U);
  peer.respond(first, 200);
  ASSERT_EQ(peer.it.count<MessageSent>(), 1U);
  EXPECT_EQ(peer.it.all<MessageSent>()[0].message, message);
  peer.respond(first, 200);  // again, and unknown
  peer.respond("0123456789abcdef", 413);
  EXPECT_EQ(peer.it.count<MessageSent>(), 1U);
  EXPECT_THAT(failed(), IsEmpty());
}

TEST_F(Answered, is_done_when_it_has_left_if_no_answer_is_wanted) {
  open();
  auto message = chat_message("hello");
  message.failure_report = FailureReport::no;
  peer.send(message);
  EXPECT_EQ(peer.it.count<MessageSent>(), 1U);
}

// RFC 4975 7.1.2: partial: only failures are answered.
TEST_F(Answered, takes_silence_for_success_if_only_failures_are_answered) {
  open();
  auto message = chat_message("hello");
  message.failure_report = FailureReport::partial;
  peer.send(message);
  peer.pipe.advance(29'999ms);
  EXPECT_EQ(peer.it.count<MessageSent>(), 0U);
  peer.pipe.advance(1ms);
  EXPECT_EQ(peer.it.count<MessageSent>(), 1U);
  EXPECT_TRUE(peer.it.endpoint.is_bound(peer.session));

  peer.answers();
  peer.send(message);
  peer.answers();
  peer.respond(413);
  EXPECT_THAT(failed(), ElementsAre(413));
}

// RFC 4975 7.1.3: reports may come in pieces.
TEST_F(Answered, is_done_when_reported_whole_if_success_is_to_be_reported) {
  open();
  auto message = chat_message("helloworld");
  message.success_report = true;
  message.message_id = "m";
  peer.send(message);
  peer.answers();
  peer.respond(200);
  const auto report = [&](std::string id, std::string range, std::string status) {
    peer.say({.method = "REPORT",
              .headers = {"Message-ID: " + id, "Byte-Range: " + range, "Status: " + status},
              .body = {}});
  };
  report("m", "6-10/10", "000 200 OK");
  report("other", "1-10/10", "000 200 OK");
  report("m", "1-5/10", "001 200 OK");
  EXPECT_EQ(peer.it.count<MessageSent>(), 0U);
  report("m", "1-5/10", "000 200 OK");
  EXPECT_EQ(peer.it.count<MessageSent>(), 1U);
  EXPECT_THAT(peer.answers(), IsEmpty());  // RFC 4975 7.1.3: no REPORT is answered
}

TEST_F(Answered, fails_when_success_is_never_reported) {
  open();
  auto message = chat_message("hello");
  message.success_report = true;
  peer.send(message);
  peer.answers();
  peer.respond(200);
  peer.pipe.advance(299s);
  EXPECT_THAT(failed(), IsEmpty());
  peer.pipe.advance(1s);
  EXPECT_THAT(failed(), ElementsAre(408));
  EXPECT_TRUE(peer.it.endpoint.is_bound(peer.session));
}

TEST_F(Answered, fails_when_reported_so) {
  open();
  auto message = chat_message("hello");
  message.message_id = "m";
  peer.send(message);
  peer.say({.method = "REPORT", .headers = {"Message-ID: m", "Status: 000 403"}, .body = {}});
  EXPECT_THAT(failed(), ElementsAre(403));
}

// RFC 4975 7.1.1, flow F11.2: 413 stops the message; its end is marked '#'.
TEST_F(Answered, aborts_a_message_that_is_refused) {
  open();
  send_file(200'000);
  grow(70'000);
  EXPECT_THAT(peer.answers(), ElementsAre("SEND 1-*/200000 +"));
  peer.respond(413);
  EXPECT_THAT(peer.answers(), ElementsAre("SEND 65537-*/200000 #"));
  EXPECT_THAT(failed(), ElementsAre(413));
  grow(200'000);
  EXPECT_THAT(peer.answers(), IsEmpty());
}

TEST_F(Answered, fails_alone_when_one_message_is_refused) {
  open();
  peer.send(chat_message("one"));
  peer.answers();
  peer.respond(415);
  peer.send(chat_message("two"));
  peer.answers();
  peer.respond(200);
  EXPECT_THAT(failed(), ElementsAre(415));
  EXPECT_EQ(peer.it.count<MessageSent>(), 1U);
}

TEST_F(Answered, fails_with_its_session_when_the_peer_does_not_know_it) {
  for (const int status : {481, 506}) {
    Scripted other;
    other.open();
    other.bind();
    other.send(chat_message("one"));
    other.send(chat_message("two"));
    other.answers();
    other.respond(status);
    EXPECT_EQ(other.it.count<SessionFailed>(), 1U);
    EXPECT_EQ(other.it.count<MessageFailed>(), 2U);
    EXPECT_EQ(other.it.endpoint.connections(), 0U);
  }
}

TEST_F(Answered, is_aborted_between_chunks_and_not_at_all_before_the_first) {
  open();
  const auto begun = send_file(200'000);
  grow(70'000);
  peer.answers();
  peer.call([&](Endpoint& it, TimePoint now, Output& out) { it.abort(begun, now, out); });
  EXPECT_THAT(peer.answers(), ElementsAre("SEND 65537-*/200000 #"));
  const auto waiting = send_file(200'000);
  peer.call([&](Endpoint& it, TimePoint now, Output& out) { it.abort(waiting, now, out); });
  EXPECT_THAT(peer.answers(), IsEmpty());
  EXPECT_THAT(failed(), IsEmpty());
}

TEST_F(Answered, tells_its_progress_every_64_kilobytes) {
  open([](SessionSettings& settings) { settings.max_chunk = 20'000; });
  send_file(200'000);
  grow(200'000);
  const auto heard = peer.heard();
  for (auto at = heard.find("MSRP "); at != heard.npos; at = heard.find("MSRP ", at + 1)) {
    if (heard.substr(at + 21, 5) == " SEND") peer.respond(heard.substr(at + 5, 16), 200);
  }
  std::vector<std::uint64_t> confirmed;
  for (const auto& progress : peer.it.all<SendProgress>()) confirmed.push_back(progress.confirmed);
  EXPECT_THAT(confirmed, ElementsAre(80'000, 160'000));
  EXPECT_EQ(peer.it.count<MessageSent>(), 1U);
}

// ---- Time. ----

// RFC 4975 7.1.2
TEST_F(Answered, fails_without_an_answer_in_30_seconds) {
  open();
  peer.send(chat_message("hello"));
  peer.send(chat_message("are you there?"));
  peer.pipe.advance(29'999ms);
  EXPECT_THAT(failed(), IsEmpty());
  peer.pipe.advance(1ms);
  EXPECT_THAT(failed(), ElementsAre(408, 481));
  EXPECT_EQ(peer.it.count<SessionFailed>(), 1U);
  EXPECT_EQ(peer.it.endpoint.connections(), 0U);
}

TEST_F(Answered, is_patient_while_what_it_wrote_has_not_left) {
  open();
  peer.link->ends[0].is_reading = false;
  peer.send(chat_message("hello"));
  peer.pipe.advance(60s);
  EXPECT_THAT(failed(), IsEmpty());
  peer.link->ends[0].is_reading = true;
  peer.pipe.run();
  peer.pipe.advance(29'999ms);
  EXPECT_THAT(failed(), IsEmpty());
  peer.pipe.advance(1ms);
  EXPECT_THAT(failed(), ElementsAre(408));
}

TEST_F(Answered, is_patient_while_earlier_chunks_are_answered) {
  open();
  for (int number = 0; number < 3; ++number) peer.send(chat_message("hello"));
  const auto heard = peer.heard();
  std::vector<std::string> ids;
  for (auto at = heard.find("MSRP "); at != heard.npos; at = heard.find("MSRP ", at + 1))
    ids.push_back(heard.substr(at + 5, 16));
  ASSERT_EQ(ids.size(), 3U);
  peer.pipe.advance(25s);
  peer.respond(ids[0], 200);
  peer.pipe.advance(25s);
  peer.respond(ids[1], 200);
  peer.pipe.advance(25s);
  peer.respond(ids[2], 200);
  EXPECT_EQ(peer.it.count<MessageSent>(), 3U);
  EXPECT_THAT(failed(), IsEmpty());
}

TEST_F(Answered, gives_up_on_a_peer_that_reads_nothing_for_300_seconds) {
  open();
  peer.link->ends[0].is_reading = false;
  peer.send(chat_message("hello"));
  peer.pipe.advance(299s);
  EXPECT_EQ(peer.it.count<SessionFailed>(), 0U);
  peer.pipe.advance(1s);
  EXPECT_EQ(peer.it.count<SessionFailed>(), 1U);
  EXPECT_EQ(peer.it.endpoint.connections(), 0U);
}

// ---- What is not for us. ----

TEST_F(Answered, ignores_answers_that_nobody_waits_for) {
  open();
  auto& other = peer.pipe.knock(peer.it);
  peer.send(chat_message("hello"));
  const auto id = peer.heard().substr(5, 16);
  const auto answer = [&](const std::string& transaction, const std::string& status) {
    return "MSRP " + transaction + " " + status + "\r\nTo-Path: " + std::string{its_uri} +
           "\r\nFrom-Path: " + std::string{peer_uri} + "\r\n-------" + transaction + "$\r\n";
  };
  peer.pipe.say(other, answer(id, "413 Stop"));  // on another connection
  peer.pipe.say(*peer.link, answer("abcd", "413 Stop"));
  peer.pipe.say(*peer.link, answer(id, "100 Trying"));
  EXPECT_THAT(failed(), IsEmpty());
  peer.pipe.say(*peer.link, answer(id, "200"));
  EXPECT_EQ(peer.it.count<MessageSent>(), 1U);
}

// Some answer even REPORTs.
TEST_F(Answered, ignores_an_answer_to_its_report) {
  open();
  peer.say(chunk("tid1", "m", "1-5/5", "hello", '$', {"Success-Report: yes"}));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200", "REPORT 1-5/5 200"));
  peer.respond(200);
  EXPECT_TRUE(peer.it.endpoint.is_bound(peer.session));
}

TEST_F(Answered, lives_without_an_answer_to_its_empty_send_when_the_peer_has_spoken) {
  Side side{5};
  Output out;
  SessionSettings settings;
  settings.local = parse_uri(its_uri).value();
  settings.remote = {parse_uri(peer_uri).value()};
  settings.setup = Setup::active;
  const auto session = side.endpoint.open(settings, test_start, out);
  const auto connection = std::get<Connect>(out.effects.at(0)).connection;
  side.endpoint.connected(connection, {}, test_start, out);
  side.endpoint.writable(connection, 100'000, test_start, out);
  side.endpoint.written(connection, test_start, out);
  const auto frame = Frame{.headers = {}, .body = {}}.text();
  std::memcpy(side.endpoint.prepare(connection).data(), frame.data(), frame.size());
  side.endpoint.commit(connection, frame.size(), test_start, out);
  side.endpoint.wake(test_start + 31s, out);
  EXPECT_TRUE(side.endpoint.is_bound(session));
}

}  // namespace
}  // namespace convene::msrp
