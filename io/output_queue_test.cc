#include "io/output_queue.h"

#include <gtest/gtest.h>

namespace convene::io {
namespace {

// Takes `room` octets in all, and as many as `step` at a time.
class NarrowChannel final : public Channel {
 public:
  Transfer handshake() override { return {}; }
  Transfer read(std::span<std::byte>) override {
    return {.status = Transfer::Status::wants_read, .detail = {}};
  }
  Transfer write(std::span<const iovec> octets) override {
    auto left = std::min(step, room);
    if (left == 0) return {.status = Transfer::Status::wants_write, .detail = {}};
    std::size_t count = 0;
    for (const auto& part : octets) {
      const auto taken = std::min(left, part.iov_len);
      written.append(static_cast<const char*>(part.iov_base), taken);
      left -= taken;
      count += taken;
    }
    room -= count;
    return {.count = count, .detail = {}};
  }
  void shut_down() override {}

  std::size_t step = 1'000'000;
  std::size_t room = 1'000'000;
  std::string written;
};

TEST(OutputQueue, gathers_pieces_in_order) {
  OutputQueue queue;
  NarrowChannel channel;
  for (int i = 0; i < 1'000; ++i) queue.append("piece " + std::to_string(i % 10));

  EXPECT_EQ(queue.write_to(channel).count, 7'000);

  EXPECT_TRUE(queue.empty());
  EXPECT_TRUE(channel.written.starts_with("piece 0piece 1piece 2"));
}

TEST(OutputQueue, keeps_what_the_channel_did_not_take) {
  OutputQueue queue;
  NarrowChannel channel;
  channel.step = 3;
  channel.room = 8;
  queue.append("hello ");
  queue.append("");
  queue.append("world");

  EXPECT_EQ(queue.write_to(channel).status, Transfer::Status::wants_write);
  EXPECT_EQ(queue.size(), 3);
  channel.room = 100;
  EXPECT_EQ(queue.write_to(channel).status, Transfer::Status::moved);

  EXPECT_EQ(channel.written, "hello world");
}

}  // namespace
}  // namespace convene::io
