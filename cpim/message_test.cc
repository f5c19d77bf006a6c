#include "cpim/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::cpim {
namespace {

constexpr std::string_view chat =
    "From: \"Alice\" <sip:alice@example.com>\r\n"
    "To: <sip:bob@example.com>\r\n"
    "NS: imdn <urn:ietf:params:imdn>\r\n"
    "imdn.Message-ID: m-7Qx2Lr9\r\n"
    "DateTime: 2025-11-22T10:02:11Z\r\n"
    "Subject:;lang=fr Objet\\n2\r\n"
    "\r\n"
    "Content-Type: text/plain;charset=UTF-8\r\n"
    "Content-Length: 23\r\n"
    "\r\n"
    "Shall we start earlier?";

Fault fault_of(const std::string& text) {
  const auto parsed = parse_message(text);
  EXPECT_FALSE(parsed) << text.substr(0, 100);
  return parsed ? Fault::closed : parsed.error().fault;
}

TEST(CpimMessage, is_parsed_and_printed_octet_by_octet) {
  const auto message = parse_message(chat);
  ASSERT_TRUE(message) << message.error().detail;
  EXPECT_EQ(from_of(*message), (Address{"Alice", "sip:alice@example.com"}));
  EXPECT_EQ(to_of(*message), (Address{"", "sip:bob@example.com"}));
  EXPECT_EQ(date_time_of(*message), "2025-11-22T10:02:11Z");
  EXPECT_EQ(subject_of(*message), "Objet\n2");
  EXPECT_EQ(content_type_of(*message), "text/plain");
  EXPECT_EQ(message->body, "Shall we start earlier?");
  EXPECT_EQ(to_text(*message), chat);
}

// Quirks of sipsimple: bare LF within, an unquoted name, charset "utf8".
TEST(CpimMessage, may_end_its_inner_lines_in_bare_lf) {
  const auto message = parse_message(
      "From: <sip:a@b>\r\nTo: Bob B <sip:b@b>\r\n\r\n"
      "Content-Type: text/plain; charset=\"utf8\"\n\nhello\n");
  ASSERT_TRUE(message);
  EXPECT_EQ(to_of(*message)->display, "Bob B");
  EXPECT_EQ(content_type_of(*message), "text/plain");
  EXPECT_EQ(message->body, "hello\n");
  EXPECT_EQ(parse_message(to_text(*message)), *message);
}

// A quirk of tinyMSRP.
TEST(CpimMessage, may_lack_from_and_to) {
  const auto message = parse_message("Subject: x\r\n\r\nContent-Type: text/plain\r\n\r\nhello");
  ASSERT_TRUE(message);
  EXPECT_EQ(from_of(*message), std::nullopt);
  EXPECT_EQ(to_of(*message), std::nullopt);
}

// In a multipart the empty line after the last header belongs to the delimiter.
TEST(CpimMessage, may_have_an_empty_content) {
  constexpr std::string_view text =
      "From: <sip:a@b>\r\n\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n";
  const auto message = parse_message(text);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->body, "");
  EXPECT_EQ(to_text(*message), text);

  const auto with_line = parse_message(std::string{text} + "\r\n");
  ASSERT_TRUE(with_line);
  EXPECT_EQ(to_text(*with_line), std::string{text} + "\r\n");
  EXPECT_TRUE(parse_message("From: <sip:a@b>\r\n\r\n"));
}

TEST(CpimMessage, shows_where_its_content_begins_as_soon_as_that_has_come) {
  const std::string_view head = "From: <sip:a@x>\r\n\r\nContent-Type: text/plain\r\n";
  EXPECT_EQ(content_begin(head), std::nullopt);
  EXPECT_EQ(content_begin(std::string{head} + "\r\nhello\r\n\r\n"), head.size() + 2);
  EXPECT_EQ(content_begin("From: <sip:a@x>\n\nSubject: y\n\nz"), 29U);
}

TEST(CpimMessage, is_readdressed_in_place) {
  auto message = *parse_message(chat);
  set_from(message, {"", "sip:anonymous@anonymous.invalid"});
  set_to(message, {"", "sip:carol@example.com"});
  set_date_time(message, "2025-11-22T11:00:00Z");
  EXPECT_TRUE(to_text(message).starts_with(
      "From: <sip:anonymous@anonymous.invalid>\r\nTo: <sip:carol@example.com>\r\nNS: "));
  EXPECT_EQ(date_time_of(message), "2025-11-22T11:00:00Z");
  EXPECT_EQ(message.headers.size(), 6);
}

TEST(CpimMessage, is_built_in_the_usual_order) {
  Message message;
  set_to(message, {"", "sip:b@b"});
  set_from(message, {"A", "sip:a@b"});
  set_date_time(message, "2025-11-22T11:00:00Z");
  set_content(message, "text/plain;charset=UTF-8", "hi");
  EXPECT_EQ(to_text(message),
            "From: \"A\" <sip:a@b>\r\nTo: <sip:b@b>\r\nDateTime: 2025-11-22T11:00:00Z\r\n\r\n"
            "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: 2\r\n\r\nhi");
}

TEST(CpimMessage, set_to_leaves_one_recipient) {
  auto message = *parse_message("To: <sip:a@b>\r\nFrom: <sip:x@b>\r\nTo: <sip:c@b>\r\n\r\n\r\n");
  set_to(message, {"", "sip:d@b"});
  EXPECT_EQ(to_text(message), "To: <sip:d@b>\r\nFrom: <sip:x@b>\r\n\r\n\r\n");
}

TEST(CpimMessage, has_limits) {
  std::string many;
  for (std::size_t i = 0; i < max_headers; ++i) many += "X: y\r\n";
  EXPECT_TRUE(parse_message(many + "\r\n\r\n"));
  EXPECT_EQ(fault_of(many + "X: y\r\n\r\n\r\n"), Fault::too_large);
  EXPECT_EQ(fault_of("X: " + std::string(max_header_octets, 'y')), Fault::too_large);
}

TEST(CpimMessage, is_refused_when_its_headers_are_unreadable) {
  for (const char* text :
       {"no colon\r\n\r\n", "From: nobody at all\r\n\r\n", "To: <sip:a\r\n\r\n", ": x\r\n\r\n",
        "NS: imdn\r\n\r\n", "A B: x\r\n\r\n", "X: a\rb\r\n\r\n", "X: y\r\n\r\nno colon\r\n\r\n"})
    EXPECT_EQ(fault_of(text), Fault::malformed) << text;
}

// Found by the fuzzer: the blank behind them would be taken for theirs.
TEST(CpimMessage, is_refused_when_its_parameters_have_an_open_quote) {
  EXPECT_EQ(fault_of("Subject:;lang=\"fr\r\n\r\n\r\n"), Fault::malformed);
  EXPECT_TRUE(parse_message("Subject:;lang=\"f r\" x\r\n\r\n\r\n"));
}

// Found by the fuzzer: a header of ours with such a prefix could not be read.
TEST(CpimMessage, is_refused_when_a_prefix_is_no_name) {
  for (const char* prefix : {"a:b", "a.b", "a b", "a>", "a;"})
    EXPECT_EQ(fault_of("NS: " + std::string{prefix} + " <urn:x>\r\n\r\n\r\n"), Fault::malformed);
}

TEST(CpimMessage, cannot_be_injected_by_a_value) {
  Message message;
  set_from(message, {"A\r\nTo: <sip:evil@b>", "sip:a@b\r\nX: y"});
  EXPECT_EQ(to_text(message), "From: \"A\\r\\nTo: <sip:evil@b>\" <sip:a@b  X: y>\r\n\r\n\r\n");
}

// RFC 7701 6.2
TEST(CpimTextForMany, is_for_each_what_it_would_be_for_him_alone) {
  auto message = parse_message(
                     "From: <sip:alice@example.com>\r\n"
                     "To: <sip:room@example.com>\r\n"
                     "To: <sip:another@example.com>\r\n"
                     "NS: imdn <urn:ietf:params:imdn>\r\n"
                     "imdn.Message-ID: x1\r\n\r\n"
                     "Content-Type: text/plain\r\n\r\nTo: nobody\r\n\r\n")
                     .value();
  const TextForMany text{message};
  for (const auto* const uri : {"sip:bob@example.com", "tel:+15550100", "sip:a\r\nb@example.com"}) {
    set_to(message, {.uri = uri});
    EXPECT_EQ(text.to({.uri = uri}), to_text(message));
  }
}

TEST(CpimTextForMany, has_a_To_where_the_message_had_none) {
  auto message = parse_message("Subject: hello\r\n\r\nContent-Type: text/plain\r\n\r\nx").value();
  const TextForMany text{message};
  set_to(message, {.display = "Bob \"B\"", .uri = "sip:bob@example.com"});
  EXPECT_EQ(text.to({.display = "Bob \"B\"", .uri = "sip:bob@example.com"}), to_text(message));
}

}  // namespace
}  // namespace convene::cpim
