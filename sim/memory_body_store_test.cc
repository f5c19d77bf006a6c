#include "sim/memory_body_store.h"

#include <gtest/gtest.h>

#include <array>

namespace convene::sim {
namespace {

std::span<const std::byte> octets_of(std::string_view text) {
  return std::as_bytes(std::span{text});
}

TEST(MemoryBodyStore, keeps_octets_at_their_offsets) {
  MemoryBodyStore store;
  const auto body = store.create(6).value();

  EXPECT_TRUE(store.write(body, 3, octets_of("def")));
  EXPECT_TRUE(store.write(body, 0, octets_of("abc")));

  EXPECT_EQ(store.octets(body), "abcdef");
  EXPECT_EQ(store.slice({.body = body, .offset = 2, .size = 2}).octets, "cd");
  std::array<std::byte, 8> out;
  EXPECT_EQ(store.read(body, 4, out), 2);
  EXPECT_EQ(store.read(body, 6, out), 0);
}

TEST(MemoryBodyStore, refuses_what_exceeds_the_quota_of_a_body) {
  MemoryBodyStore store{{.body = 10, .total = 100}};

  EXPECT_EQ(store.create(11).error().fault, Fault::too_large);
  const auto body = store.create(10).value();
  EXPECT_TRUE(store.write(body, 8, octets_of("ij")));
  EXPECT_EQ(store.write(body, 9, octets_of("jk")).error().fault, Fault::too_large);
  EXPECT_EQ(store.write(body, UINT64_MAX, octets_of("x")).error().fault, Fault::too_large);
}

TEST(MemoryBodyStore, refuses_what_exceeds_the_quota_of_all_until_something_is_dropped) {
  MemoryBodyStore store{{.body = 10, .total = 12}};
  const auto first = store.adopt("0123456789");
  const auto second = store.create({}).value();

  EXPECT_EQ(store.write(second, 0, octets_of("abc")).error().fault, Fault::too_large);
  store.drop(first);
  EXPECT_TRUE(store.write(second, 0, octets_of("abc")));
  EXPECT_EQ(store.total(), 3);
  EXPECT_EQ(store.bodies(), 1);
}

TEST(MemoryBodyStore, lets_pieces_of_a_dropped_body_be_sent) {
  MemoryBodyStore store;
  const auto body = store.adopt("abc");

  store.drop(body);

  EXPECT_EQ(store.bodies(), 0);
  EXPECT_EQ(store.slice({.body = body, .offset = 0, .size = 3}).octets, "abc");
}

TEST(MemoryBodyStore, shares_octets_that_it_was_lent_instead_of_keeping_its_own) {
  MemoryBodyStore sender;
  MemoryBodyStore receiver;
  const auto sent = sender.adopt("abcdefgh");
  const auto lent = sender.slice({.body = sent, .offset = 0, .size = 8});
  const auto received = receiver.create({}).value();

  receiver.lend(lent.keeper);
  EXPECT_TRUE(receiver.write(received, 0, octets_of("abcd")));
  EXPECT_TRUE(receiver.write(received, 4, octets_of("ef")));

  EXPECT_EQ(receiver.octets(received), "abcdef");
  EXPECT_EQ(receiver.octets(received).data(), lent.octets.data());
  EXPECT_EQ(receiver.total(), 6);
}

TEST(MemoryBodyStore, keeps_its_own_as_soon_as_what_is_written_differs) {
  MemoryBodyStore sender;
  MemoryBodyStore receiver;
  const auto sent = sender.adopt("abcdefgh");
  const auto received = receiver.create({}).value();

  receiver.lend(sender.slice({.body = sent, .offset = 0, .size = 8}).keeper);
  EXPECT_TRUE(receiver.write(received, 0, octets_of("abcd")));
  EXPECT_TRUE(receiver.write(received, 4, octets_of("XY")));
  receiver.lend(nullptr);
  EXPECT_TRUE(receiver.write(received, 1, octets_of("Z")));

  EXPECT_EQ(receiver.octets(received), "aZcdXY");
  EXPECT_EQ(sender.octets(sent), "abcdefgh");
}

TEST(MemoryBodyStore, leaves_octets_where_they_are_that_are_still_under_way) {
  MemoryBodyStore store;
  const auto body = store.create({}).value();
  EXPECT_TRUE(store.write(body, 0, octets_of("abc")));
  const auto under_way = store.slice({.body = body, .offset = 0, .size = 3});

  EXPECT_TRUE(store.write(body, 3, octets_of(std::string(100'000, 'x'))));
  EXPECT_TRUE(store.write(body, 0, octets_of("z")));
  store.drop(body);
  store.sweep();

  EXPECT_EQ(under_way.octets, "abc");
}

TEST(MemoryBodyStore, takes_the_digest_of_what_was_written) {
  MemoryBodyStore store;
  const auto body = store.create({}).value();
  const auto digest = store.digest(body, Digest::sha1);
  EXPECT_TRUE(store.write(body, 0, octets_of("abcde")));

  EXPECT_TRUE(digest->advance(2));
  EXPECT_TRUE(digest->advance(3));

  EXPECT_EQ(digest->finish(), digest_of(Digest::sha1, "abc"));
}

TEST(MemoryBodyStore, fails_at_the_write_a_test_names) {
  MemoryBodyStore store;
  const auto body = store.create({}).value();
  store.fail_write(2, Fault::closed);

  EXPECT_TRUE(store.write(body, 0, octets_of("a")));
  EXPECT_EQ(store.write(body, 1, octets_of("b")).error().fault, Fault::closed);
  EXPECT_EQ(store.write(body, 1, octets_of("b")).error().fault, Fault::closed);
  store.repair();
  EXPECT_TRUE(store.write(body, 1, octets_of("b")));
}

}  // namespace
}  // namespace convene::sim
