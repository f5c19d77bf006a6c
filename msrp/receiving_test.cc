// Messages that come in: RFC 4975 7.3.1, ranges and what is said about them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_peer.h"

namespace convene::msrp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Receiving : public testing::Test {
 protected:
  void open(const std::function<void(SessionSettings&)>& change = {}) {
    peer.open(change);
    peer.bind();
  }
  void say(const Frame& frame) { peer.say(frame); }
  std::vector<std::string> received() const {
    std::vector<std::string> octets;
    for (const auto& message : peer.it.all<MessageReceived>()) octets.push_back(message.octets);
    return octets;
  }
  std::vector<std::string> aborted() const {
    std::vector<std::string> reasons;
    for (const auto& message : peer.it.all<MessageAborted>()) reasons.push_back(message.reason);
    return reasons;
  }
  std::string body() { return peer.it.bodies.text(peer.it.all<MessageBegun>().at(0).body); }

  Scripted peer;
};

// RFC 4975 7.2: the response goes one hop, to the leftmost URI of From-Path.
TEST_F(Receiving, answers_each_chunk_to_where_it_came_from) {
  open([](SessionSettings& settings) {
    settings.remote =
        parse_path("msrp://relay.example:9000/r;tcp msrp://peer.example:9/peer;tcp").value();
  });
  auto frame = chunk("tid1", "m", "1-5/5", "hello");
  frame.from = "msrp://relay.example:9000/r;tcp msrp://peer.example:9/peer;tcp";
  peer.pipe.say(*peer.link,
                Frame{.transaction = "bnd2", .headers = {}, .body = {}, .from = frame.from}.text());
  peer.heard();
  say(frame);
  EXPECT_EQ(peer.heard(),
            "MSRP tid1 200 OK\r\nTo-Path: msrp://relay.example:9000/r;tcp\r\n"
            "From-Path: msrp://it.example:2855/it;tcp\r\n-------tid1$\r\n");
}

TEST_F(Receiving, puts_chunks_together_in_any_order) {
  open();
  say(chunk("tid1", "m", "6-11/11", " world", '+'));
  say(chunk("tid2", "m", "1-5/11", "hello", '+'));
  EXPECT_THAT(received(), ElementsAre("hello world"));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200", "tid2 200"));
}

TEST_F(Receiving, takes_a_message_without_byte_range_as_whole) {
  open();
  say(chunk("tid1", "m", "", "hello"));
  EXPECT_THAT(received(), ElementsAre("hello"));
}

TEST_F(Receiving, learns_the_total_from_the_last_chunk) {
  open();
  say(chunk("tid1", "m", "1-*/*", "hello", '+'));
  say(chunk("tid2", "m", "6-*/*", " world", '$'));
  EXPECT_THAT(received(), ElementsAre("hello world"));
}

TEST_F(Receiving, counts_octets_and_does_not_believe_the_range_end) {
  open();
  say(chunk("tid1", "m", "1-3/11", "hello", '+'));
  say(chunk("tid2", "m", "6-11/11", " w", '+'));  // interrupted early
  say(chunk("tid3", "m", "8-11/11", "orld", '$'));
  EXPECT_THAT(received(), ElementsAre("hello world"));
}

// RFC 4975 7.3.1: overlapping octets: what came first may have been passed on.
TEST_F(Receiving, lets_the_first_octets_win_where_chunks_overlap) {
  open(into_body);
  say(chunk("tid1", "m", "1-5/11", "hello", '+'));
  say(chunk("tid2", "m", "4-8/11", "XX wo", '+'));
  say(chunk("tid3", "m", "1-11/11", "XXXXXXXXrld", '$'));
  EXPECT_EQ(body(), "hello world");
  EXPECT_EQ(peer.it.count<MessageReceived>(), 1U);
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200", "tid2 200", "tid3 200"));
}

TEST_F(Receiving, waits_for_a_gap_to_be_filled_after_the_last_chunk) {
  open();
  say(chunk("tid1", "m", "6-11/*", " world", '$'));
  EXPECT_THAT(received(), IsEmpty());
  say(chunk("tid2", "m", "1-5/*", "hello", '+'));
  EXPECT_THAT(received(), ElementsAre("hello world"));
}

TEST_F(Receiving, takes_several_messages_at_once_to_a_limit) {
  open();
  for (int number = 0; number < 9; ++number)
    say(chunk("tid" + std::to_string(number), "m" + std::to_string(number), "1-*/10", "hello",
              '+'));
  EXPECT_EQ(peer.answers().back(), "tid8 413");
  for (int number = 7; number >= 0; --number)
    say(chunk("tid" + std::to_string(number), "m" + std::to_string(number), "6-*/10", "world"));
  EXPECT_EQ(received().size(), 8U);
}

TEST_F(Receiving, delivers_an_empty_message) {
  open();
  say(chunk("tid1", "m", "1-0/0", ""));
  EXPECT_THAT(received(), ElementsAre(""));
}

// RFC 4975 7.1: SENDs without a body hold the connection open.
TEST_F(Receiving, answers_an_empty_send_and_tells_nothing) {
  open();
  say({.transaction = "tid1", .headers = {"Message-ID: k", "Byte-Range: 1-0/0"}, .body = {}});
  say({.transaction = "tid2", .headers = {}, .body = {}});
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200", "tid2 200"));
  EXPECT_EQ(peer.it.events.size(), 1U);  // Bound
}

TEST_F(Receiving, refuses_bodies_without_what_they_need) {
  open();
  auto no_type = chunk("tid1", "m", "1-5/5", "hello");
  no_type.headers.pop_back();
  say(no_type);
  say({.transaction = "tid2", .headers = {"Content-Type: text/plain"}, .body = "hello"});
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 415", "tid2 400"));
  EXPECT_THAT(received(), IsEmpty());
}

// Byte-Range lies. RFC 4975 7.1.1.
TEST_F(Receiving, refuses_ranges_that_contradict_each_other) {
  open();
  say(chunk("tid1", "a", "1-5/11", "hello", '+'));
  say(chunk("tid2", "a", "6-11/12", " world", '$'));  // another total
  say(chunk("tid3", "b", "1-5/11", "hello", '$'));    // ends before its total
  say(chunk("tid4", "c", "1-*/4", "hello", '$'));     // goes on after its total
  say(chunk("tid5", "d", "6-*/*", "world", '+'));
  say(chunk("tid6", "d", "1-*/7", "hello", '+'));  // total below what is there
  say(chunk("tid7", "e", "0-5/5", "hello", '$'));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200", "tid2 400", "tid3 400", "tid4 400",
                                          "tid5 200", "tid6 400", "tid7 400"));
  EXPECT_EQ(aborted().size(), 4U);
  EXPECT_THAT(received(), IsEmpty());
}

TEST_F(Receiving, refuses_a_message_of_another_size_than_was_told) {
  open([](SessionSettings& settings) {
    into_body(settings);
    settings.receive.expected_octets = 5;
  });
  say(chunk("tid1", "a", "1-*/6", "hello!"));
  say(chunk("tid2", "b", "1-*/*", "hello!"));
  say(chunk("tid3", "c", "1-*/*", "hell"));
  say(chunk("tid4", "d", "1-*/*", "hello"));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 400", "tid2 400", "tid3 400", "tid4 200"));
  EXPECT_EQ(peer.it.count<MessageReceived>(), 1U);
}

// 413 stops a message, and what still comes of it.
TEST_F(Receiving, refuses_what_is_too_large_at_once_and_then_its_other_chunks) {
  open([](SessionSettings& settings) { settings.receive.max_octets = 8; });
  say(chunk("tid1", "a", "1-*/9", "hello", '+'));
  say(chunk("tid2", "b", "1-*/*", "hello", '+'));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 413", "tid2 200"));

  const auto frame = chunk("tid3", "b", "6-*/*", " world").text();
  peer.pipe.say(*peer.link, frame.substr(0, frame.size() - 14));
  EXPECT_THAT(peer.answers(), ElementsAre("tid3 413"));  // before its end
  peer.pipe.say(*peer.link, frame.substr(frame.size() - 14));
  say(chunk("tid4", "b", "1-*/*", "x"));
  EXPECT_THAT(peer.answers(), ElementsAre("tid4 413"));
  EXPECT_THAT(received(), IsEmpty());
}

TEST_F(Receiving, keeps_nothing_of_a_huge_claim) {
  open();
  say(chunk("tid1", "a", "1-*/1099511627776", "x", '+'));
  say(chunk("tid2", "b", "1099511627777-*/*", "x", '+'));
  say(chunk("tid3", "c", "65536-*/*", "xy", '+'));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 413", "tid2 413", "tid3 413"));
}

TEST_F(Receiving, does_not_count_beyond_its_largest_number) {
  open(into_body);
  say(chunk("tid1", "a", "1099511627776-*/*", "xy", '+'));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 413"));
  EXPECT_EQ(peer.it.count<MessageAborted>(), 1U);
}

// A SEND is answered when its octets are stored, not before.
TEST_F(Receiving, answers_413_when_the_disk_is_full) {
  open(into_body);
  say(chunk("tid1", "a", "1-*/10", "hello", '+'));
  peer.it.bodies.is_full = true;
  say(chunk("tid2", "a", "6-*/10", "world"));
  say(chunk("tid3", "b", "1-*/5", "hello"));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200", "tid2 413", "tid3 413"));
  EXPECT_THAT(aborted(), ElementsAre("full", "full"));
}

TEST_F(Receiving, bounds_pieces_and_empty_chunks) {
  open();
  for (int piece = 0; piece < 64; ++piece)
    say(chunk("tid1", "a", std::to_string(2 * piece + 2) + "-*/*", "x", '+'));
  say(chunk("tid2", "a", "1000-*/*", "x", '+'));
  EXPECT_EQ(peer.answers().back(), "tid2 400");

  for (int empty = 0; empty < 64; ++empty) say(chunk("tid3", "b", "1-*/*", "", '+'));
  EXPECT_EQ(peer.answers().back(), "tid3 200");
  say(chunk("tid4", "b", "1-*/*", "", '+'));
  EXPECT_EQ(peer.answers().back(), "tid4 400");
}

// The same Message-ID again is acknowledged, and not received twice.
TEST_F(Receiving, delivers_a_repeated_message_once) {
  open();
  say(chunk("tid1", "m", "1-5/5", "hello"));
  say(chunk("tid2", "m", "1-5/5", "hello"));
  EXPECT_THAT(received(), ElementsAre("hello"));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200", "tid2 200"));
}

// RFC 4975 7.1.1: '#'
TEST_F(Receiving, tells_when_the_sender_aborts) {
  open(into_body);
  say(chunk("tid1", "m", "1-*/65", "Trail plan", '#'));
  EXPECT_THAT(aborted(), ElementsAre("aborted by its sender"));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200"));
}

TEST_F(Receiving, knows_an_abort_without_a_body) {
  open(into_body);
  say(chunk("tid1", "m", "1-*/65", "Trail plan", '+'));
  say({.transaction = "tid2",
       .headers = {"Message-ID: m", "Byte-Range: 11-*/65"},
       .body = {},
       .flag = '#'});
  EXPECT_THAT(aborted(), ElementsAre("aborted by its sender"));
}

// RFC 4975 7.1.2: which answers a sender wants.
TEST_F(Receiving, answers_as_failure_report_says) {
  open([](SessionSettings& settings) { settings.receive.max_octets = 5; });
  say(chunk("yes1", "a", "1-5/5", "hello", '$', {"Failure-Report: yes"}));
  say(chunk("yes2", "b", "1-6/6", "hello!", '$', {"Failure-Report: yes"}));
  say(chunk("par1", "c", "1-5/5", "hello", '$', {"Failure-Report: partial"}));
  say(chunk("par2", "d", "1-6/6", "hello!", '$', {"Failure-Report: partial"}));
  say(chunk("no01", "e", "1-5/5", "hello", '$', {"Failure-Report: no"}));
  say(chunk("no02", "f", "1-6/6", "hello!", '$', {"Failure-Report: no"}));
  EXPECT_THAT(peer.answers(), ElementsAre("yes1 200", "yes2 413", "par2 413"));
  EXPECT_EQ(received().size(), 3U);
}

// RFC 4975 7.1.3
TEST_F(Receiving, reports_success_once_for_the_whole_message_if_asked) {
  open();
  say(chunk("tid1", "m", "1-5/11", "hello", '+', {"Success-Report: yes"}));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200"));
  say(chunk("tid2", "m", "6-11/11", " world", '$', {"Success-Report: yes"}));
  const auto heard = peer.heard();
  EXPECT_THAT(heard, HasSubstr(" REPORT\r\nTo-Path: msrp://peer.example:9/peer;tcp\r\nFrom-Path: "
                               "msrp://it.example:2855/it;tcp\r\nMessage-ID: m\r\nByte-Range: "
                               "1-11/11\r\nStatus: 000 200 OK\r\n-------"));
  say(chunk("tid3", "n", "1-5/5", "hello", '$', {"Success-Report: no"}));
  say(chunk("tid4", "o", "1-5/5", "hello"));
  EXPECT_THAT(peer.answers(), ElementsAre("tid3 200", "tid4 200"));
}

TEST_F(Receiving, reports_a_body_when_its_user_says_so) {
  open(into_body);
  say(chunk("tid1", "m", "1-5/5", "hello", '$', {"Success-Report: yes"}));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200"));
  const auto message = peer.it.all<MessageReceived>().at(0).message;
  peer.call(
      [&](Endpoint& it, TimePoint now, Output& out) { it.report_success(message, now, out); });
  EXPECT_THAT(peer.answers(), ElementsAre("REPORT 1-5/5 200"));
  peer.call(
      [&](Endpoint& it, TimePoint now, Output& out) { it.report_success(message, now, out); });
  EXPECT_THAT(peer.answers(), IsEmpty());
}

TEST_F(Receiving, reports_a_failure_and_refuses_the_rest) {
  open(into_body);
  say(chunk("tid1", "m", "1-5/11", "hello", '+'));
  const auto message = peer.it.all<MessageBegun>().at(0).message;
  peer.call(
      [&](Endpoint& it, TimePoint now, Output& out) { it.report_failure(message, 413, now, out); });
  say(chunk("tid2", "m", "6-11/11", " world"));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200", "REPORT 1-5/11 413", "tid2 413"));
}

TEST_F(Receiving, stops_a_message_that_its_user_refuses) {
  open(into_body);
  const auto frame = chunk("tid1", "m", "1-*/11", "hello", '+').text();
  peer.pipe.say(*peer.link, frame.substr(0, frame.size() - 20));
  const auto message = peer.it.all<MessageBegun>().at(0).message;
  peer.call([&](Endpoint& it, TimePoint now, Output& out) { it.refuse(message, now, out); });
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 413"));
  peer.pipe.say(*peer.link, frame.substr(frame.size() - 20));
  say(chunk("tid2", "m", "6-11/11", " world"));
  EXPECT_THAT(peer.answers(), ElementsAre("tid2 413"));
  EXPECT_THAT(aborted(), IsEmpty());
}

// RFC 7701 6.3: the focus looks at the CPIM before it answers.
TEST_F(Receiving, holds_its_answer_until_its_user_gives_it) {
  open([](SessionSettings& settings) { settings.hold_answers = true; });
  say(chunk("tid1", "a", "1-5/10", "hello", '+'));
  say(chunk("tid2", "a", "6-10/10", "world", '$', {"Success-Report: yes"}));
  say(chunk("tid3", "b", "1-5/5", "hello"));
  EXPECT_THAT(peer.answers(), ElementsAre("tid1 200"));
  const auto messages = peer.it.all<MessageReceived>();
  ASSERT_EQ(messages.size(), 2U);
  peer.call([&](Endpoint& it, TimePoint now, Output& out) {
    it.answer(messages[1].message, 403, now, out);
  });
  peer.call([&](Endpoint& it, TimePoint now, Output& out) {
    it.answer(messages[0].message, 200, now, out);
  });
  EXPECT_THAT(peer.answers(), ElementsAre("tid3 403", "tid2 200"));
  peer.call([&](Endpoint& it, TimePoint now, Output& out) {
    it.answer(messages[0].message, 200, now, out);
  });
  EXPECT_THAT(peer.answers(), IsEmpty());
}

// RFC 4975 7.1.3: never to a REPORT; RFC 4976: we are no relay.
TEST_F(Receiving, answers_what_it_does_not_know_except_reports) {
  open();
  say({.transaction = "aut1", .method = "AUTH", .headers = {}, .body = {}});
  say({.transaction = "oth1", .method = "OTHER", .headers = {}, .body = {}});
  say({.transaction = "rep1",
       .method = "REPORT",
       .headers = {"Message-ID: x", "Status: 000 200"},
       .body = {}});
  say({.transaction = "rep2", .method = "REPORT", .headers = {"Byte-Range: 0-0/0"}, .body = {}});
  EXPECT_THAT(peer.answers(), ElementsAre("aut1 501", "oth1 501"));
}

// What is received does not depend on how the octets arrive.
TEST_F(Receiving, gives_one_result_however_the_octets_are_cut) {
  std::string stream;
  for (const auto& frame :
       {chunk("tid1", "a", "1-*/10", "hello", '+'), chunk("tid2", "b", "1-*/*", "\r\n-------tid"),
        chunk("tid3", "a", "6-*/10", "world")})
    stream += frame.text();
  for (std::size_t cut = 1; cut < stream.size(); cut += 11) {
    Scripted other;
    other.open();
    other.bind();
    other.pipe.say(*other.link, stream.substr(0, cut));
    other.pipe.say(*other.link, stream.substr(cut));
    ASSERT_THAT(other.answers(), ElementsAre("tid1 200", "tid2 200", "tid3 200")) << cut;
    ASSERT_EQ(other.it.all<MessageReceived>().at(1).octets, "helloworld") << cut;
  }
}

}  // namespace
}  // namespace convene::msrp
