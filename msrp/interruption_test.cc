// Chunks that are cut in the middle: RFC 4975 7.1.1, design F8, F9, T6, T8.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_peer.h"

namespace convene::msrp {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using namespace std::chrono_literals;

constexpr std::size_t file_octets = 60'000;

// That a failure can show.
std::string letters(std::size_t size) {
  auto text = noise(size);
  for (auto& octet : text) octet = static_cast<char>('a' + static_cast<unsigned char>(octet) % 26);
  return text;
}

// A file of one chunk leaves 20,000 octets at a time: each Write waits until heard() has taken the
// one before.
class Interruption : public testing::Test {
 protected:
  Interruption() {
    peer.pipe.budget = 20'000;
    peer.open();
    peer.bind();
    peer.link->ends[0].is_reading = false;
  }
  // The beginning of the file's chunk is on its way: its transaction.
  std::string begin() {
    body = peer.it.bodies.add(file);
    message = peer.send(file_message(body, file_octets));
    peer.call([&](Endpoint& it, TimePoint now, Output& out) {
      it.body_grew(body, file_octets, now, out);
    });
    const auto first = peer.heard();
    EXPECT_THAT(first, HasSubstr("Byte-Range: 1-*/60000"));
    EXPECT_THAT(first, Not(HasSubstr("-------")));
    return first.substr(5, 16);
  }
  // All Writes that follow.
  std::string rest_of_it() {
    std::string all;
    for (auto one = peer.heard(); !one.empty(); one = peer.heard()) all += one;
    return all;
  }
  void abort() {
    peer.call([&](Endpoint& it, TimePoint now, Output& out) { it.abort(message, now, out); });
  }
  std::vector<int> failed() const {
    std::vector<int> statuses;
    for (const auto& one : peer.it.all<MessageFailed>()) statuses.push_back(one.status);
    return statuses;
  }
  static std::string end_line(const std::string& transaction, char flag) {
    return "\r\n-------" + transaction + flag + "\r\n";
  }

  Scripted peer;
  const std::string file = letters(file_octets);
  BodyId body;
  OutgoingId message;
};

TEST_F(Interruption, is_not_made_when_nothing_waits) {
  const auto transaction = begin();

  const auto rest = rest_of_it();

  EXPECT_THAT(rest, EndsWith(end_line(transaction, '$')));
  EXPECT_THAT(rest, Not(HasSubstr("MSRP")));
}

// F8
TEST_F(Interruption, lets_a_chat_message_pass) {
  const auto transaction = begin();
  peer.pipe.is_held = true;
  peer.send(chat_message("soon?"));
  peer.pipe.is_held = false;
  const auto heard = rest_of_it();

  const auto cut = heard.find(end_line(transaction, '+'));
  const auto chat = heard.find("soon?");
  const auto rest = heard.find("/60000\r\n");
  ASSERT_LT(rest, heard.size());
  EXPECT_LT(cut, chat);
  EXPECT_LT(chat, rest);
  EXPECT_THAT(heard, EndsWith("$\r\n"));
}

// F9
TEST_F(Interruption, lets_a_response_pass) {
  const auto transaction = begin();
  peer.say(chunk("theirs", "m1", "1-5/5", "hello"));
  const auto heard = rest_of_it();

  const auto cut = heard.find(end_line(transaction, '+'));
  const auto response = heard.find("MSRP theirs 200 OK");
  EXPECT_LT(cut, response);
  EXPECT_LT(response, heard.find("/60000\r\n"));
}

TEST_F(Interruption, goes_on_at_the_next_octet_with_another_transaction) {
  const auto transaction = begin();
  peer.say(chunk("theirs", "m1", "1-5/5", "hello"));
  const auto heard = rest_of_it();

  const auto range = heard.find("Byte-Range: ");
  ASSERT_NE(range, heard.npos);
  const auto first = std::stoul(heard.substr(range + 12));
  const auto octets = heard.substr(heard.find("\r\n\r\n", range) + 4);
  EXPECT_THAT(octets, StartsWith(file.substr(first - 1)));
  EXPECT_THAT(octets, Not(HasSubstr(transaction)));
}

// Both chunks are answered: the file is sent, once.
TEST_F(Interruption, counts_what_each_part_had) {
  const auto first = begin();
  peer.say(chunk("theirs", "m1", "1-5/5", "hello"));
  const auto heard = rest_of_it();
  const auto second = heard.substr(heard.rfind("-------") + 7, 16);

  peer.respond(first, 200);
  EXPECT_EQ(peer.it.count<MessageSent>(), 0);
  peer.respond(second, 200);

  EXPECT_EQ(peer.it.count<MessageSent>(), 1);
  EXPECT_THAT(failed(), IsEmpty());
}

// T8
TEST_F(Interruption, ends_an_aborted_message_in_its_open_chunk) {
  const auto transaction = begin();
  peer.pipe.is_held = true;
  abort();
  peer.pipe.is_held = false;
  const auto heard = rest_of_it();

  EXPECT_THAT(heard, EndsWith(end_line(transaction, '#')));
  EXPECT_THAT(heard, Not(HasSubstr("MSRP")));
}

// T8: nobody needs to answer what was aborted.
TEST_F(Interruption, does_not_wait_for_the_answer_to_an_aborted_chunk) {
  begin();
  abort();
  rest_of_it();
  peer.pipe.advance(60s);
  EXPECT_EQ(peer.it.count<SessionFailed>(), 0);
}

// T6
TEST_F(Interruption, stops_a_message_that_is_refused_in_the_middle_of_its_chunk) {
  const auto transaction = begin();
  peer.respond(transaction, 413);
  const auto heard = rest_of_it();

  EXPECT_THAT(heard, EndsWith(end_line(transaction, '#')));
  EXPECT_LE(heard.size(), 20'100);
  EXPECT_THAT(failed(), ElementsAre(413));
}

// The clock of RFC 4975 7.3.2 begins with the chunk's last octet.
TEST_F(Interruption, gives_an_open_chunk_the_time_it_takes) {
  begin();
  peer.pipe.advance(100s);
  EXPECT_EQ(peer.it.count<SessionFailed>(), 0);
  EXPECT_THAT(failed(), IsEmpty());
}

// T8: a session that is closed ends its chunk before its connection.
TEST_F(Interruption, ends_the_chunk_of_a_session_that_is_closed) {
  const auto transaction = begin();
  peer.call([&](Endpoint& it, TimePoint now, Output& out) { it.close(peer.session, now, out); });
  const auto heard = rest_of_it();

  EXPECT_THAT(heard, EndsWith(end_line(transaction, '#')));
  EXPECT_THAT(peer.it.closes, SizeIs(1));
}

// F9: each side's answers cut the other file's chunks; nothing is lost of either.
TEST(Interruptions, leave_files_that_pass_each_other_as_they_are) {
  Pair pair;
  pair.pipe.budget = 3'000;
  pair.open(into_body, into_body);
  const auto file = noise(300'000);
  pair.pipe.is_held = true;
  for (auto* side : {&pair.one, &pair.two}) {
    const auto session = side == &pair.one ? pair.at_one : pair.at_two;
    const auto body = side->bodies.add(file);
    pair.send(*side, session, file_message(body, file.size()));
    pair.body_grew(*side, body, file.size());
  }
  pair.pipe.is_held = false;
  pair.pipe.run();

  for (auto* side : {&pair.one, &pair.two}) {
    ASSERT_THAT(side->all<MessageReceived>(), SizeIs(1));
    EXPECT_EQ(side->bodies.text(side->all<MessageBegun>().at(0).body), file);
    EXPECT_EQ(side->count<MessageSent>(), 1);
  }
}

}  // namespace
}  // namespace convene::msrp
