#include "msrp/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_pair.h"

namespace convene::msrp {
namespace {

using testing::HasSubstr;
using testing::Not;

// RFC 4975 5.4, RFC 6135 4.2: R2.11
TEST(MsrpEndpoint, binds_with_an_empty_send) {
  Pair pair;
  pair.open();

  EXPECT_TRUE(pair.one.endpoint.is_bound(pair.at_one));
  EXPECT_TRUE(pair.two.endpoint.is_bound(pair.at_two));
  EXPECT_EQ(pair.one.count<Bound>(), 1U);
  EXPECT_EQ(pair.two.count<Bound>(), 1U);
  EXPECT_EQ(pair.two.count<MessageReceived>(), 0U);
  EXPECT_THAT(pair.pipe.link().ends[1].seen, HasSubstr("Byte-Range: 1-0/0\r\n-------"));
}

TEST(MsrpEndpoint, binds_with_the_first_message_if_one_waits) {
  Pair pair;
  pair.pipe.is_held = true;
  pair.open();
  pair.send(pair.one, pair.at_one, chat_message("hello"));
  pair.pipe.is_held = false;
  pair.pipe.run();
  EXPECT_TRUE(pair.one.endpoint.is_bound(pair.at_one));
  EXPECT_TRUE(pair.two.endpoint.is_bound(pair.at_two));
  EXPECT_THAT(pair.pipe.link().ends[1].seen, Not(HasSubstr("Byte-Range: 1-0/0\r\n")));
  EXPECT_EQ(pair.two.count<MessageReceived>(), 1U);
}

TEST(MsrpEndpoint, carries_a_message_in_memory_both_ways) {
  Pair pair;
  pair.open();
  const auto hello = pair.send(pair.one, pair.at_one, chat_message("hello"));
  const auto reply = pair.send(pair.two, pair.at_two, chat_message("hello to you"));

  ASSERT_EQ(pair.two.count<MessageReceived>(), 1U);
  EXPECT_EQ(pair.two.all<MessageReceived>()[0].octets, "hello");
  EXPECT_EQ(pair.two.all<MessageReceived>()[0].content_type, "text/plain");
  ASSERT_EQ(pair.one.count<MessageReceived>(), 1U);
  EXPECT_EQ(pair.one.all<MessageReceived>()[0].octets, "hello to you");
  ASSERT_EQ(pair.one.count<MessageSent>(), 1U);
  EXPECT_EQ(pair.one.all<MessageSent>()[0].message, hello);
  ASSERT_EQ(pair.two.count<MessageSent>(), 1U);
  EXPECT_EQ(pair.two.all<MessageSent>()[0].message, reply);
}

TEST(MsrpEndpoint, carries_a_file_without_copying_it_into_text) {
  Pair pair;
  pair.open({}, into_body);
  const auto file = noise(1'000'000);
  const auto body = pair.one.bodies.add(file);
  pair.send(pair.one, pair.at_one, file_message(body, file.size()));
  pair.body_grew(pair.one, body, file.size());

  ASSERT_EQ(pair.two.count<MessageBegun>(), 1U);
  const auto begun = pair.two.all<MessageBegun>()[0];
  EXPECT_EQ(begun.total, file.size());
  EXPECT_TRUE(pair.two.bodies.text(begun.body) == file);
  ASSERT_EQ(pair.two.count<MessageReceived>(), 1U);
  EXPECT_EQ(pair.two.all<MessageReceived>()[0].octets, "");
  EXPECT_EQ(pair.two.all<MessageGrew>().back().ready, file.size());
  EXPECT_EQ(pair.one.count<MessageSent>(), 1U);
  EXPECT_EQ(pair.one.slice_octets, file.size());
  EXPECT_LT(pair.one.text_octets, 20'000U);
}

}  // namespace
}  // namespace convene::msrp
