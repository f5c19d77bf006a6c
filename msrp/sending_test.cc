// Messages that go out: RFC 4975 7.1, chunks, answers, reports, and what overtakes what.
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

class Sending : public testing::Test {
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

// flow F2.3, ids aside
TEST_F(Sending, prints_a_small_message_as_the_flow_shows) {
  open();
  auto message = chat_message("Shall we start earlier?");
  message.message_id = "cf-901";
  peer.send(message);
  const auto heard = peer.heard();
  const auto id = heard.substr(5, 16);
  EXPECT_EQ(heard, "MSRP " + id +
                       " SEND\r\nTo-Path: msrp://peer.example:9/peer;tcp\r\n"
                       "From-Path: msrp://it.example:2855/it;tcp\r\nMessage-ID: cf-901\r\n"
                       "Byte-Range: 1-23/23\r\nFailure-Report: yes\r\nContent-Type: "
                       "text/plain\r\n\r\nShall we start earlier?\r\n-------" +
                       id + "$\r\n");
}

// flow F3.11, ids aside: the body comes from the store.
TEST_F(Sending, prints_a_file_as_the_flow_shows) {
  open();
  const std::string file = "Trail plan: meet 08:30 at the north gate, bring water and a map.\n";
  body = peer.it.bodies.add(file);
  auto message = file_message(body, file.size());
  message.content_type = "text/plain";
  message.message_id = "cf-file-bob";
  peer.send(message);
  EXPECT_EQ(peer.heard(), "");
  grow(file.size());
  EXPECT_THAT(peer.heard(),
              HasSubstr("Message-ID: cf-file-bob\r\nByte-Range: 1-65/65\r\nFailure-Report: "
                        "yes\r\nContent-Type: text/plain\r\n\r\n" +
                        file + "\r\n-------"));
}

TEST_F(Sending, asks_for_reports_as_told) {
  open();
  auto message = chat_message("hello");
  message.success_report = true;
  message.failure_report = FailureReport::partial;
  peer.send(message);
  EXPECT_THAT(peer.heard(), HasSubstr("Success-Report: yes\r\nFailure-Report: partial\r\n"));
}

// RFC 4975 7.1.1: chunks above 2048 octets are interruptible, their range-end is '*'.
TEST_F(Sending, opens_the_range_of_chunks_above_2048_octets) {
  open();
  peer.send(chat_message(std::string(2'048, 'x')));
  EXPECT_THAT(peer.answers(), ElementsAre("SEND 1-2048/2048 $"));
  peer.send(chat_message(std::string(2'049, 'x')));
  EXPECT_THAT(peer.answers(), ElementsAre("SEND 1-*/2049 $"));
}

TEST_F(Sending, cuts_a_message_into_chunks_no_larger_than_the_session_allows) {
  open([](SessionSettings& settings) { settings.max_chunk = 10'240; });
  send_file(25'000);
  grow(25'000);
  EXPECT_THAT(peer.answers(),
              ElementsAre("SEND 1-*/25000 +", "SEND 10241-*/25000 +", "SEND 20481-*/25000 $"));
}

TEST_F(Sending, puts_a_small_message_into_one_chunk_however_little_the_connection_takes) {
  open();
  peer.pipe.budget = 100;
  peer.send(chat_message(std::string(5'000, 'x')));
  EXPECT_THAT(peer.answers(), ElementsAre("SEND 1-*/5000 $"));
}

TEST_F(Sending, counts_the_prefix_as_part_of_the_message) {
  open();
  body = peer.it.bodies.add("octets");
  auto message = file_message(body, 14);
  message.prefix = "wrapper ";
  peer.send(message);
  grow(6);
  const auto heard = peer.heard();
  EXPECT_THAT(heard, HasSubstr("Byte-Range: 1-14/14\r\n"));
  EXPECT_THAT(heard, HasSubstr("\r\n\r\nwrapper octets\r\n-------"));
}

TEST_F(Sending, cuts_the_prefix_like_any_other_octets) {
  open([](SessionSettings& settings) { settings.max_chunk = 5; });
  body = peer.it.bodies.add("octets");
  auto message = file_message(body, 14);
  message.prefix = "wrapper ";
  peer.send(message);
  grow(6);
  const auto heard = peer.heard();
  for (const char* piece : {"\r\n\r\nwrapp\r\n-", "\r\n\r\ner oc\r\n-", "\r\n\r\ntets\r\n-"})
    EXPECT_THAT(heard, HasSubstr(piece));
}

// ---- A growing body. ----

TEST_F(Sending, waits_for_64_kilobytes_of_a_growing_body_or_20_milliseconds) {
  open();
  send_file(200'000);
  grow(1'000);
  EXPECT_THAT(peer.answers(), IsEmpty());
  peer.pipe.advance(19ms);
  EXPECT_THAT(peer.answers(), IsEmpty());
  peer.pipe.advance(1ms);
  EXPECT_THAT(peer.answers(), ElementsAre("SEND 1-1000/200000 +"));
  grow(70'000);
  EXPECT_THAT(peer.answers(), ElementsAre("SEND 1001-*/200000 +"));
  grow(200'000);
  EXPECT_THAT(peer.answers(), ElementsAre("SEND 66537-*/200000 +", "SEND 132073-*/200000 +",
                                          "SEND 197609-*/200000 $"));
}

TEST_F(Sending, never_waits_for_the_end_of_a_body) {
  open();
  send_file(1'000);
  grow(1'000);
  EXPECT_THAT(peer.answers(), ElementsAre("SEND 1-1000/1000 $"));
}

TEST_F(Sending, tells_a_leg_that_joins_late_what_is_ready) {
  open();
  send_file(1'000);
  grow(1'000);
  peer.answers();
  body = peer.it.bodies.add(noise(100'000));
  peer.send(file_message(body, 100'000));
  grow(50'000);
  peer.pipe.advance(20ms);
  EXPECT_THAT(peer.answers(), ElementsAre("SEND 1-*/100000 +"));
}

// ---- What becomes of it. ----

TEST_F(Sending, is_done_when_every_chunk_was_answered) {
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

TEST_F(Sending, is_done_when_it_has_left_if_no_answer_is_wanted) {
  open();
  auto message = chat_message("hello");
  message.failure_report = FailureReport::no;
  peer.send(message);
  EXPECT_EQ(peer.it.count<MessageSent>(), 1U);
}

// RFC 4975 7.1.2: partial: only failures are answered.
TEST_F(Sending, takes_silence_for_success_if_only_failures_are_answered) {
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
TEST_F(Sending, is_done_when_reported_whole_if_success_is_to_be_reported) {
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

TEST_F(Sending, fails_when_success_is_never_reported) {
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

TEST_F(Sending, fails_when_reported_so) {
  open();
  auto message = chat_message("hello");
  message.message_id = "m";
  peer.send(message);
  peer.say({.method = "REPORT", .headers = {"Message-ID: m", "Status: 000 403"}, .body = {}});
  EXPECT_THAT(failed(), ElementsAre(403));
}

// RFC 4975 7.1.1, flow F11.2: 413 stops the message; its end is marked '#'.
TEST_F(Sending, aborts_a_message_that_is_refused) {
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

TEST_F(Sending, fails_alone_when_one_message_is_refused) {
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

TEST_F(Sending, fails_with_its_session_when_the_peer_does_not_know_it) {
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

TEST_F(Sending, is_aborted_between_chunks_and_not_at_all_before_the_first) {
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

TEST_F(Sending, tells_its_progress_every_64_kilobytes) {
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
TEST_F(Sending, fails_without_an_answer_in_30_seconds) {
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

TEST_F(Sending, is_patient_while_what_it_wrote_has_not_left) {
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

TEST_F(Sending, is_patient_while_earlier_chunks_are_answered) {
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

TEST_F(Sending, gives_up_on_a_peer_that_reads_nothing_for_300_seconds) {
  open();
  peer.link->ends[0].is_reading = false;
  peer.send(chat_message("hello"));
  peer.pipe.advance(299s);
  EXPECT_EQ(peer.it.count<SessionFailed>(), 0U);
  peer.pipe.advance(1s);
  EXPECT_EQ(peer.it.count<SessionFailed>(), 1U);
  EXPECT_EQ(peer.it.endpoint.connections(), 0U);
}

// ---- Who goes first. ----

TEST_F(Sending, stops_at_256_unanswered_chunks) {
  open([](SessionSettings& settings) { settings.max_chunk = 2'048; });
  send_file(1'000'000);
  grow(1'000'000);
  EXPECT_EQ(peer.answers().size(), 256U);
  peer.respond(200);
  EXPECT_EQ(peer.answers().size(), 1U);
}

TEST_F(Sending, lets_chat_overtake_a_file) {
  open();
  peer.pipe.budget = 65'536;
  peer.link->ends[0].is_reading = false;
  send_file(1'000'000);
  grow(1'000'000);
  peer.send(chat_message("me first"));
  peer.link->ends[0].is_reading = true;
  peer.pipe.run();
  const auto answers = peer.answers();
  EXPECT_EQ(answers.at(1), "SEND 1-8/8 $");
  EXPECT_THAT(answers.back(), testing::EndsWith("/1000000 $"));
}

TEST_F(Sending, lets_answers_overtake_everything) {
  open();
  peer.pipe.budget = 65'536;
  peer.link->ends[0].is_reading = false;
  send_file(1'000'000);
  grow(1'000'000);
  peer.send(chat_message("me first"));
  peer.say(chunk("tid9", "m", "1-5/5", "hello", '$', {"Success-Report: yes"}));
  peer.link->ends[0].is_reading = true;
  peer.pipe.run();
  const auto answers = peer.answers();
  EXPECT_EQ(answers.at(1), "tid9 200");
  EXPECT_EQ(answers.at(2), "REPORT 1-5/5 200");
  EXPECT_EQ(answers.at(3), "SEND 1-8/8 $");
}

// RFC 7701 6.4
TEST_F(Sending, refuses_chat_for_a_peer_that_is_too_far_behind) {
  open();
  peer.link->ends[0].is_reading = false;
  for (int number = 0; number < 30; ++number) peer.send(chat_message(std::string(50'000, 'x')));
  EXPECT_FALSE(failed().empty());
  EXPECT_THAT(failed(), testing::Each(408));
  EXPECT_LE(peer.it.text_octets, 2'000'000U);
  const auto refused = failed().size();
  peer.link->ends[0].is_reading = true;
  peer.pipe.run();
  EXPECT_EQ(peer.answers().size(), 30 - refused);
  peer.send(chat_message("again"));
  EXPECT_EQ(failed().size(), refused);
}

TEST_F(Sending, bounds_how_many_messages_wait) {
  EndpointSettings limits;
  limits.backlog_messages = 3;
  Scripted other{limits};
  other.open();
  for (int number = 0; number < 5; ++number) other.send(chat_message("hello"));
  EXPECT_EQ(other.it.count<MessageFailed>(), 2U);
  other.bind();
}

TEST_F(Sending, waits_for_the_session_to_be_bound) {
  peer.open();
  peer.send(chat_message("hello"));
  peer.link = &peer.pipe.knock(peer.it);
  EXPECT_EQ(peer.heard(), "");
  peer.say({.transaction = "bind", .headers = {}, .body = {}});
  EXPECT_THAT(peer.answers(), ElementsAre("bind 200", "SEND 1-5/5 $"));
}

// Whoever knows one transaction id must not guess the next.
TEST_F(Sending, draws_a_new_transaction_id_for_each_chunk) {
  open();
  peer.send(chat_message("hello"));
  const auto first = peer.heard().substr(5, 16);
  peer.send(chat_message("hello"));
  EXPECT_THAT(peer.heard(), Not(HasSubstr(first)));
}

}  // namespace
}  // namespace convene::msrp
