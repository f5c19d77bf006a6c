#include "store/message_object.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/stored_object.h"
#include "store/test_objects.h"

namespace convene::store {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string hello =
    "From: <sip:alice@example.com>\r\nTo: <sip:grp-8d21@cf.example.com>\r\n"
    "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m1\r\n\r\n"
    "Content-Type: text/plain\r\n\r\nHello";

ObjectHeaders received() {
  auto headers = session_headers();
  headers.direction = Direction::received;
  return headers;
}

std::string read_back(const Object& object) {
  const auto read = parse_object(text_of(object));
  if (!read) return read.error().detail;
  return std::get<StoredMessage>(read->content).cpim;
}

// CPM 8.5.3
TEST(MessageObject, is_the_message_as_it_was_on_the_wire) {
  const auto object = make_message_object(session_headers(), hello);

  EXPECT_THAT(text_of(object), HasSubstr("Content-Type: Message/CPIM\r\n\r\n" + hello));
  EXPECT_EQ(read_back(object), hello);
}

// G-34
TEST(MessageObject, is_in_base64_when_mail_cannot_carry_it) {
  for (const auto& text :
       std::vector<std::string>{"a\nb", {"a\0b", 3}, std::string(1'000, 'a'), "a\rb"}) {
    const auto object = make_message_object(session_headers(), hello + text);
    EXPECT_THAT(text_of(object), HasSubstr("Content-Transfer-Encoding: base64\r\n"));
    EXPECT_EQ(read_back(object), hello + text);
  }
}

TEST(MessageObject, keeps_other_languages_and_its_last_line_end) {
  for (const auto* text : {"Grüße", "\r\n", "\r\n\r\n"})
    EXPECT_EQ(read_back(make_message_object(session_headers(), hello + text)), hello + text);
}

TEST(MessageObject, is_unseen_only_when_it_was_received) {
  EXPECT_THAT(make_message_object(received(), hello).flags, testing::IsEmpty());
  EXPECT_THAT(make_message_object(session_headers(), hello).flags, testing::ElementsAre("\\Seen"));
}

TEST(MessageObject, carries_a_subject_in_any_language) {
  auto headers = received();
  headers.subject = "Grüße aus dem Süden";
  const auto object = make_message_object(headers, hello);

  EXPECT_THAT(text_of(object), Not(HasSubstr("ü")));
  EXPECT_EQ(parse_object(text_of(object))->headers, headers);
}

TEST(DocumentObject, is_a_medium_of_its_own_type) {
  const std::string octets{"\x89PNG\0\n\r", 7};
  const auto object = make_document_object(session_headers(), "image/png", octets);
  const auto read = parse_object(text_of(object));

  ASSERT_TRUE(read);
  EXPECT_EQ(std::get<StoredDocument>(read->content), (StoredDocument{"image/png", octets}));
}

// A value cannot end its header and begin another.
TEST(ObjectHeaders, keep_to_their_lines) {
  auto headers = session_headers();
  headers.to = "sip:bob@x\r\nSubject: forged";
  const auto read = parse_object(text_of(make_message_object(headers, hello)));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->headers.subject, "Trail Sunday");
}

}  // namespace
}  // namespace convene::store
