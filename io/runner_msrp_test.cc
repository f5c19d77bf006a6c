#include <gmock/gmock.h>
#include <sys/resource.h>

#include "io/test_directory.h"
#include "io/test_node.h"

namespace convene::io {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

struct RunnerMsrpTest : testing::Test {
  RunnerMsrpTest() {
    alice.perform(msrp::Connect{{1}, "127.0.0.1", bob.node.addresses.msrp.port});
    EXPECT_TRUE(loop.run_until(
        [&] { return alice.node.has_heard("msrp connected") && bob.node.heard.size() == 1; }));
  }
  std::string& bobs() { return bob.node.msrp_received[bob.node.last_connection]; }

  TestDirectory spool;
  Loop loop;
  FileBodyStore bodies{spool.path(), {.body = 1U << 30, .total = 1U << 30, .free_floor = 0}};
  RunningNode alice{loop, RunningNode::loopback(), &bodies};
  RunningNode bob{loop};
};

TEST_F(RunnerMsrpTest, carries_octets_both_ways) {
  bob.node.echoes = true;
  const auto octets = noise(3'000'000, 1);

  alice.send({1}, octets);

  EXPECT_TRUE(
      loop.run_until([&] { return alice.node.msrp_received[{1}].size() == octets.size(); }));
  EXPECT_TRUE(bobs() == octets);
  EXPECT_TRUE(alice.node.msrp_received[{1}] == octets);
  EXPECT_EQ(bob.node.last_connection.value, 2);
}

TEST_F(RunnerMsrpTest, sends_64_megabytes_from_a_file_equal) {
  const auto octets = noise(64U << 20, 2);
  const auto body = bodies.create(octets.size()).value();
  ASSERT_TRUE(bodies.write(body, 0, std::as_bytes(std::span{octets})));

  for (std::size_t at = 0; at < octets.size(); at += 65'536)
    alice.send({1}, msrp::BodySlice{body, at, 65'536});

  EXPECT_TRUE(loop.run_until([&] { return bobs().size() == octets.size(); }, 60s));
  EXPECT_TRUE(bobs() == octets);
}

TEST_F(RunnerMsrpTest, sends_what_was_written_before_its_body_was_dropped) {
  const auto octets = noise(4'000'000, 5);
  const auto body = bodies.create(octets.size()).value();
  ASSERT_TRUE(bodies.write(body, 0, std::as_bytes(std::span{octets})));

  alice.perform(msrp::Write{{1}, {msrp::BodySlice{body, 0, octets.size()}}});
  alice.runner.perform([&](node::Node&, TimePoint, node::Effects&) { bodies.drop(body); });
  alice.perform(msrp::WantWrite{{1}});

  EXPECT_TRUE(loop.run_until([&] { return bobs().size() == octets.size(); }));
  EXPECT_TRUE(bobs() == octets);
}

// What a slow peer is played with: 100,000 octets at 400,000 a second.
TEST_F(RunnerMsrpTest, reads_no_faster_than_it_is_told) {
  auto settings = RunningNode::loopback();
  settings.connections.read_rate = 400'000;
  RunningNode slow{loop, settings};
  alice.perform(msrp::Connect{{3}, "127.0.0.1", slow.node.addresses.msrp.port});
  ASSERT_TRUE(loop.run_until([&] { return slow.node.has_heard("msrp accepted"); }));
  auto& received = slow.node.msrp_received[slow.node.last_connection];
  const auto begin = loop.now();

  alice.send({3}, noise(100'000, 4));

  EXPECT_TRUE(loop.run_until([&] { return received.size() == 100'000; }));
  EXPECT_GE(loop.now() - begin, 150ms);
  EXPECT_TRUE(received == noise(100'000, 4));
}

TEST_F(RunnerMsrpTest, mixes_texts_and_slices_in_order) {
  const auto body = bodies.create({}).value();
  const auto octets = noise(200'000, 3);
  ASSERT_TRUE(bodies.write(body, 0, std::as_bytes(std::span{octets})));

  alice.perform(msrp::Write{{1},
                            {"head", msrp::BodySlice{body, 0, 100'000}, "middle",
                             msrp::BodySlice{body, 100'000, 100'000}, "tail"}});
  alice.perform(msrp::WantWrite{{1}});

  EXPECT_TRUE(loop.run_until([&] { return bobs().size() == 200'014; }));
  EXPECT_TRUE(bobs() ==
              "head" + octets.substr(0, 100'000) + "middle" + octets.substr(100'000) + "tail");
}

TEST_F(RunnerMsrpTest, asks_a_node_only_for_what_a_slow_reader_takes) {
  const auto slow = connect_blocking(alice.node.addresses.msrp);
  EXPECT_TRUE(loop.run_until([&] { return alice.node.has_heard("msrp accepted"); }));
  const auto connection = alice.node.last_connection;
  const std::string piece(262'144, 'x');

  for (int i = 0; i < 200; ++i) alice.send(connection, piece);
  loop.run_until([] { return false; }, 20ms);

  // What the kernel's buffers hold, and one budget.
  EXPECT_GT(alice.node.waiting[connection].size(), 150);
  const auto asked = alice.node.asked;
  loop.run_until([] { return false; }, 20ms);
  EXPECT_EQ(alice.node.asked, asked);

  // Others are served meanwhile.
  alice.send({1}, "quick");
  EXPECT_TRUE(loop.run_until([&] { return bobs() == "quick"; }));

  // When it reads, it gets everything.
  std::size_t read = 0;
  std::vector<char> buffer(1U << 20);
  while (read < 200 * piece.size()) {
    const auto count = ::recv(slow.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) read += static_cast<std::size_t>(count);
    loop.run_until([] { return false; }, 0ms);
  }
  EXPECT_THAT(alice.node.waiting[connection], IsEmpty());
}

TEST_F(RunnerMsrpTest, is_not_held_up_by_a_node_that_wants_to_write_and_has_nothing) {
  alice.perform(msrp::WantWrite{{1}});
  alice.perform(msrp::WantWrite{{1}});

  loop.run_until([] { return false; }, 10ms);

  EXPECT_EQ(alice.node.asked, 1);
}

TEST_F(RunnerMsrpTest, tells_of_connections_that_fail_or_end) {
  alice.perform(msrp::Connect{{3}, nobody().host, nobody().port});
  EXPECT_TRUE(loop.run_until([&] { return alice.node.has_heard("msrp closed"); }));

  auto resetting = connect_blocking(bob.node.addresses.msrp);
  EXPECT_TRUE(loop.run_until([&] { return bob.node.heard.size() == 2; }));
  reset_connection(std::move(resetting));
  EXPECT_TRUE(loop.run_until([&] { return bob.node.heard.size() == 3; }));

  EXPECT_THAT(bob.node.heard, ElementsAre("msrp accepted", "msrp accepted", "msrp closed"));
  EXPECT_EQ(bob.runner.connections(), 1);
}

TEST_F(RunnerMsrpTest, answers_a_peer_that_half_closes) {
  bob.node.echoes = true;
  const auto peer = connect_blocking(bob.node.addresses.msrp);
  EXPECT_EQ(::send(peer.get(), "hello", 5, 0), 5);
  ::shutdown(peer.get(), SHUT_WR);

  EXPECT_TRUE(loop.run_until([&] { return bob.node.has_heard("msrp closed"); }));

  std::array<char, 16> answer;
  EXPECT_EQ(::recv(peer.get(), answer.data(), answer.size(), MSG_WAITALL), 5);
}

TEST_F(RunnerMsrpTest, closes_after_everything_written_before_has_left) {
  const auto octets = noise(4'000'000, 4);

  alice.perform(msrp::Write{{1}, {octets}});
  alice.perform(msrp::Close{{1}});

  EXPECT_TRUE(loop.run_until([&] { return bob.node.has_heard("msrp closed"); }));
  EXPECT_TRUE(bobs() == octets);
  EXPECT_FALSE(alice.node.has_heard("msrp closed"));
}

TEST_F(RunnerMsrpTest, reads_no_more_than_its_budget_at_a_time) {
  auto settings = RunningNode::loopback();
  settings.connections.read_budget = 10'000;
  RunningNode careful{loop, settings};
  alice.perform(msrp::Connect{{3}, "127.0.0.1", careful.node.addresses.msrp.port});
  EXPECT_TRUE(loop.run_until([&] { return careful.node.has_heard("msrp accepted"); }));

  alice.send({3}, std::string(1'000'000, 'x'));

  EXPECT_TRUE(loop.run_until([&] { return careful.node.msrp_received[{2}].size() == 1'000'000; }));
  EXPECT_LE(careful.node.largest_read, 10'000);
}

// RLIMIT_NOFILE as it was.
class FewDescriptors {
 public:
  FewDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int next = ::dup(0);
    ::close(next);
    const rlimit few{.rlim_cur = static_cast<rlim_t>(next), .rlim_max = before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
  }
  ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit before_{};
};

TEST_F(RunnerMsrpTest, waits_when_there_are_no_descriptors_left_and_says_so_once) {
  bob.log.warning("io", "the sanitizer needs descriptors to see a type for the first time");
  const auto first = connect_blocking(bob.node.addresses.msrp);
  const auto second = connect_blocking(bob.node.addresses.msrp);
  {
    const FewDescriptors few;
    loop.run_until([] { return false; }, 250ms);
  }
  EXPECT_TRUE(bob.log.text().contains("cannot accept connections for now"));
  EXPECT_EQ(std::ranges::count(bob.log.text(), '\n'), 2);
  EXPECT_TRUE(loop.run_until([&] { return bob.runner.connections() == 3; }));
}

}  // namespace
}  // namespace convene::io
