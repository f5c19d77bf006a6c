#include "cpim/namespaces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::cpim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Message parsed(std::string_view headers) {
  return parse_message(std::string{headers} + "\r\n\r\n").value();
}

// RFC 3862 3.5: the URI counts, not the prefix.
TEST(CpimNamespaces, are_found_whatever_the_prefix) {
  const auto message =
      parsed("NS: i <urn:ietf:params:imdn>\r\ni.Message-ID: x \r\nimdn.Foo: y\r\n");
  EXPECT_EQ(value_of(message, imdn_namespace, "Message-ID"), "x");
  EXPECT_EQ(value_of(message, imdn_namespace, "message-id"), std::nullopt);
}

TEST(CpimNamespaces, count_from_their_declaration_on) {
  const auto message = parsed(
      "a.X: 1\r\nNS: a <urn:one>\r\na.X: 2\r\nNS: a <urn:two>\r\na.X: 3\r\nNS: b <urn:one>\r\n"
      "b.X: 4\r\n");
  EXPECT_THAT(values_of(message, "urn:one", "X"), ElementsAre("2", "4"));
  EXPECT_THAT(values_of(message, "urn:two", "X"), ElementsAre("3"));
}

TEST(CpimNamespaces, know_imdn_without_a_declaration) {
  EXPECT_EQ(value_of(parsed("imdn.Message-ID: x\r\n"), imdn_namespace, "Message-ID"), "x");
  const auto other = parsed("NS: imdn <urn:other>\r\nimdn.Message-ID: x\r\n");
  EXPECT_THAT(values_of(other, imdn_namespace, "Message-ID"), IsEmpty());
}

TEST(CpimNamespaces, may_change_for_names_without_a_prefix) {
  const auto message = parsed(
      "From: <sip:a@b>\r\nNS: <urn:other>\r\nFrom: x\r\nNS: c <urn:ietf:params:cpim-headers:>\r\n"
      "c.To: <sip:b@b>\r\n");
  EXPECT_EQ(from_of(message)->uri, "sip:a@b");
  EXPECT_EQ(to_of(message)->uri, "sip:b@b");
  EXPECT_EQ(value_of(message, "urn:other", "From"), "x");
}

// Below its declaration a name without a prefix would be another's.
TEST(CpimNamespaces, of_another_do_not_hide_what_is_set) {
  auto message = parsed("NS: <urn:other>\r\nX: y\r\n");
  set_date_time(message, "t");
  set_to(message, {"", "sip:b@b"});
  set_from(message, {"", "sip:a@b"});
  EXPECT_EQ(date_time_of(message), "t");
  EXPECT_EQ(to_of(message)->uri, "sip:b@b");
  EXPECT_EQ(from_of(message)->uri, "sip:a@b");
}

TEST(CpimNamespaces, are_declared_when_a_header_needs_them) {
  auto message = parsed("From: <sip:a@b>\r\nTo: <sip:b@b>\r\nDateTime: t\r\n");
  add_header(message, imdn_namespace, "imdn", "Message-ID", "x");
  add_header(message, imdn_namespace, "imdn", "Other", "y");
  EXPECT_EQ(to_text(message),
            "From: <sip:a@b>\r\nTo: <sip:b@b>\r\nNS: imdn <urn:ietf:params:imdn>\r\nDateTime: t\r\n"
            "imdn.Message-ID: x\r\nimdn.Other: y\r\n\r\n\r\n");
}

TEST(CpimNamespaces, keep_the_prefix_that_a_message_uses) {
  auto message = parsed("NS: i <urn:ietf:params:imdn>\r\ni.X: 1\r\n");
  add_header(message, imdn_namespace, "imdn", "X", "0", Place::above_its_like);
  EXPECT_EQ(to_text(message), "NS: i <urn:ietf:params:imdn>\r\ni.X: 0\r\ni.X: 1\r\n\r\n\r\n");
}

TEST(CpimNamespaces, leave_a_prefix_that_means_something_else) {
  auto message = parsed("NS: imdn <urn:other>\r\nimdn.X: 1\r\n");
  add_header(message, imdn_namespace, "imdn", "X", "2");
  EXPECT_THAT(values_of(message, "urn:other", "X"), ElementsAre("1"));
  EXPECT_THAT(values_of(message, imdn_namespace, "X"), ElementsAre("2"));
}

// Found by the fuzzer: what stood for nothing would have become ours.
TEST(CpimNamespaces, leave_a_prefix_that_stands_for_nothing) {
  auto message = parsed("NS: imdn <urn:other>\r\nimdn1.X: 1\r\n");
  add_header(message, imdn_namespace, "imdn", "X", "2");
  EXPECT_THAT(values_of(message, imdn_namespace, "X"), ElementsAre("2"));
}

TEST(CpimNamespaces, are_removed_by_name) {
  auto message = parsed("imdn.X: 1\r\nFrom: <sip:a@b>\r\nimdn.X: 2\r\nimdn.X: 3\r\n");
  remove_first(message, imdn_namespace, "X");
  EXPECT_THAT(values_of(message, imdn_namespace, "X"), ElementsAre("2", "3"));
  remove_all(message, imdn_namespace, "X");
  EXPECT_EQ(message.headers.size(), 1);
}

}  // namespace
}  // namespace convene::cpim
