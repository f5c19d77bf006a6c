#include "tests/bad_input.h"

// What is wrong in MSRP and in what it carries.
namespace convene::tests {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string cpim(std::string_view from, std::string_view body = "I am somebody else") {
  return "From: <" + std::string{from} + ">\r\nTo: <sip:anonymous@anonymous.invalid>\r\n\r\n" +
         "Content-Type: text/plain\r\n\r\n" + std::string{body};
}

struct BadMedia : BadInput {
  std::string whole(std::string_view body) {
    return "1-" + std::to_string(body.size()) + "/" + std::to_string(body.size());
  }
  int chat(const RawPeer::Line& line, std::string_view body,
           std::string_view type = "message/cpim") {
    return mallory->status_of(line, mallory->send(line, whole(body), type, body));
  }
  // Bob and Carol are told that it failed, and hold nothing.
  void expect_failed() {
    EXPECT_TRUE(lab->wait([&] { return is_over(); }, 3min)) << lab->world().log();
    for (const char* name : {"bob", "carol"}) {
      EXPECT_TRUE(lab->wait([&] { return lab->count<client::FileFailed>(name) == 1; })) << name;
      EXPECT_THAT(lab->files(name), IsEmpty());
    }
  }
};

// RFC 4975 7.3: a session id that was guessed.
TEST_F(BadMedia, to_another_session_finds_none) {
  auto line = bind_chat();
  auto other = line;
  other.to = replaced(line.to, line.to.substr(line.to.size() - 10, 6), "000000");
  EXPECT_EQ(chat(other, cpim("sip:mallory@ims.example")), 481);
  EXPECT_THAT(lab->world().log(), HasSubstr("refused a request"));

  auto stranger = mallory->connect_msrp(other.to, other.from);
  EXPECT_EQ(chat(stranger, cpim("sip:mallory@ims.example")), 481);
}

// RFC 4975 7.3, RFC 6135: a session that is bound stays where it is.
TEST_F(BadMedia, over_a_second_connection_is_refused) {
  const auto line = bind_chat();
  const auto second = mallory->connect_msrp(line.to, line.from);
  EXPECT_EQ(chat(second, cpim("sip:mallory@ims.example")), 506);
  EXPECT_EQ(chat(line, cpim("sip:mallory@ims.example", "it is me")), 200);
}

// Conversation 12 (1), (2)
TEST_F(BadMedia, in_another_name_is_refused) {
  const auto line = bind_chat();
  EXPECT_EQ(chat(line, cpim("sip:alice@ims.example")), 403);
  EXPECT_THAT(lab->world().log(), HasSubstr("9.2.12 refused: CPIM From of somebody else"));
  EXPECT_EQ(chat(line, "hello", "text/plain"), 415);
  EXPECT_EQ(chat(line, "no headers, no empty line"), 400);
  EXPECT_EQ(chat(line, std::string(70'000, 'x')), 413);
  lab->world().run_for(5s);
  EXPECT_THAT(lab->chats("bob"), IsEmpty());
}

TEST_F(BadMedia, that_is_no_msrp_ends_the_connection) {
  const auto line = bind_chat();
  mallory->octets(line, "GET / HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n");
  EXPECT_TRUE(lab->wait([&] { return mallory->is_closed(line); }, 5s));
  EXPECT_THAT(lab->world().log(), HasSubstr("closing a connection: "));
}

TEST_F(BadMedia, with_a_head_of_a_megabyte_ends_the_connection) {
  const auto line = bind_chat();
  const auto before = lab->world().counters().stream_octets;
  mallory->octets(line, "MSRP big SEND\r\nTo-Path: " + std::string(1'000'000, 'x'));
  EXPECT_TRUE(lab->wait([&] { return mallory->is_closed(line); }, 5s));
  EXPECT_LT(lab->world().counters().stream_octets - before, 300'000U);
}

TEST_F(BadMedia, with_ten_thousand_headers_ends_the_connection) {
  const auto line = bind_chat();
  std::string head = "MSRP many SEND\r\n";
  for (int i = 0; i < 10'000; ++i) head += "X: 1\r\n";
  mallory->octets(line, head);
  EXPECT_TRUE(lab->wait([&] { return mallory->is_closed(line); }, 5s));
}

// A header block that begins and never ends. EndpointSettings::header_timeout
TEST_F(BadMedia, that_stops_in_the_middle_of_a_head_ends_the_connection) {
  const auto line = bind_chat();
  mallory->octets(line, "MSRP slow SEND\r\nTo-");
  lab->world().run_for(9s);
  EXPECT_FALSE(mallory->is_closed(line));
  lab->world().run_for(3s);
  EXPECT_TRUE(mallory->is_closed(line));
}

// RFC 4975 7.1.1, RFC 5547 8.3
TEST_F(BadMedia, of_another_size_than_announced_fails_the_file) {
  const auto line = begin_file();
  mallory->send(line, "1-40/99", "file", plan_text.substr(0, 40), '+');
  expect_failed();
  EXPECT_THAT(lab->world().log(), HasSubstr("another size than the selector's"));
}

TEST_F(BadMedia, beyond_the_announced_size_fails_the_file) {
  const auto line = begin_file();
  const auto longer = std::string{plan_text} + "And more.";
  mallory->send(line, "1-*/65", "file", longer, '$');
  expect_failed();
}

// A range that is none is answered, and forgotten: nothing has begun.
TEST_F(BadMedia, that_never_begins_fails_the_file) {
  const auto line = begin_file();
  EXPECT_EQ(mallory->status_of(line, mallory->send(line, "1-74/65", "file", plan_text)), 400);
  expect_failed();
  EXPECT_THAT(lab->world().log(), HasSubstr("no octet came"));
}

TEST_F(BadMedia, short_of_the_announced_size_fails_the_file) {
  const auto line = begin_file();
  mallory->send(line, "1-40/65", "file", plan_text.substr(0, 40), '$');
  expect_failed();
}

// G-31
TEST_F(BadMedia, of_another_hash_fails_the_file) {
  const auto line = begin_file();
  const auto other = replaced(std::string{plan_text}, "map", "mop");
  mallory->send(line, "1-65/65", "file", other, '$');
  expect_failed();
  EXPECT_THAT(lab->world().log(), HasSubstr("SHA-1 of another file"));
}

TEST_F(BadMedia, with_ranges_that_lie_fails_the_file) {
  const auto line = begin_file();
  mallory->send(line, "18446744073709551615-18446744073709551615/65", "file", "x", '+');
  mallory->send(line, "1-65/18446744073709551615", "file", plan_text, '+');
  lab->world().run_for(1s);
  EXPECT_EQ(mallory->answer_to(mallory->in_dialog("BYE", file_ok)).status(), 200);
  expect_failed();
}

}  // namespace
}  // namespace convene::tests
