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

// Nobody can plant an end-line: a chunk's id is drawn when its body is known already.
TEST_F(Sending, carries_end_lines_of_other_chunks_unharmed) {
  open();
  peer.send(chat_message("hello"));
  const auto seen = peer.heard().substr(5, 16);
  const auto planted = "\r\n-------" + seen + "$\r\nMSRP " + seen + " SEND\r\n";
  peer.send(chat_message(planted));
  EXPECT_THAT(peer.heard(), HasSubstr("\r\n\r\n" + planted + "\r\n-------"));
}

}  // namespace
}  // namespace convene::msrp
