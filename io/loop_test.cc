#include "io/loop.h"

#include <gmock/gmock.h>
#include <sys/socket.h>

#include <array>
#include <csignal>
#include <thread>

namespace convene::io {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

struct LoopTest : testing::Test {
  Loop loop;
};

std::array<FileDescriptor, 2> socket_pair() {
  std::array<int, 2> fds{};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
  return {FileDescriptor{fds[0]}, FileDescriptor{fds[1]}};
}

TEST_F(LoopTest, runs_what_other_threads_post_until_it_is_stopped) {
  int runs = 0;
  std::thread other{[&] {
    for (int i = 0; i < 100; ++i) loop.post([&] { ++runs; });
    loop.post([&] { loop.stop(); });
  }};

  loop.run();

  other.join();
  EXPECT_EQ(runs, 100);
}

TEST_F(LoopTest, calls_timers_in_time_and_order) {
  std::vector<int> called;
  const auto start = loop.now();
  Timer late{loop};
  Timer early{loop};
  late.at(start + 20ms, [&] { called.push_back(2); });
  early.at(start + 10ms, [&] { called.push_back(1); });

  EXPECT_TRUE(loop.run_until([&] { return called.size() == 2; }));

  EXPECT_THAT(called, ElementsAre(1, 2));
  EXPECT_GE(loop.now(), start + 20ms);
  EXPECT_EQ(late.deadline(), std::nullopt);
}

TEST_F(LoopTest, forgets_a_timer_that_is_set_anew_cancelled_or_destroyed) {
  std::vector<int> called;
  Timer moved{loop};
  moved.at(loop.now(), [&] { called.push_back(1); });
  moved.at(loop.now() + 1ms, [&] { called.push_back(2); });
  Timer cancelled{loop};
  cancelled.at(loop.now(), [&] { called.push_back(3); });
  cancelled.cancel();
  {
    Timer destroyed{loop};
    destroyed.at(loop.now(), [&] { called.push_back(4); });
  }

  EXPECT_TRUE(loop.run_until([&] { return !called.empty(); }));
  loop.run_until([] { return false; }, 5ms);

  EXPECT_THAT(called, ElementsAre(2));
}

TEST_F(LoopTest, tells_when_a_descriptor_is_readable_and_writable) {
  auto [a, b] = socket_pair();
  Watched watched{loop, std::move(a)};
  bool is_readable = false;
  bool is_writable = false;
  watched.when_readable([&] { is_readable = true; });
  watched.when_writable([&] { is_writable = true; });

  EXPECT_TRUE(loop.run_until([&] { return is_writable; }));
  EXPECT_FALSE(is_readable);
  EXPECT_EQ(::write(b.get(), "x", 1), 1);
  EXPECT_TRUE(loop.run_until([&] { return is_readable; }));
}

TEST_F(LoopTest, tells_again_about_octets_that_were_left_unread) {
  auto [a, b] = socket_pair();
  Watched watched{loop, std::move(a)};
  EXPECT_EQ(::write(b.get(), "xyz", 3), 3);
  int told = 0;

  for (int i = 1; i <= 3; ++i) {
    watched.when_readable([&] { ++told; });
    EXPECT_TRUE(loop.run_until([&] { return told == i; }));
  }
}

TEST_F(LoopTest, calls_nothing_for_a_watched_descriptor_that_is_gone) {
  auto [a, b] = socket_pair();
  auto watched = std::make_unique<Watched>(loop, std::move(a));
  EXPECT_EQ(::write(b.get(), "x", 1), 1);
  watched->when_readable([] { FAIL(); });
  loop.post([&] { watched.reset(); });

  loop.run_until([] { return false; }, 5ms);
}

TEST_F(LoopTest, looks_up_names_and_numbers) {
  Resolver resolver{loop};
  std::vector<SocketAddress> numeric;
  std::vector<SocketAddress> named;
  bool is_unknown_answered = false;
  resolver.look_up("192.0.2.1", 5060, [&](auto found) { numeric = found; });
  resolver.look_up("localhost", 5060, [&](auto found) { named = found; });
  resolver.look_up(std::string(64, 'x'), 5060,  // no label is so long
                   [&](auto found) { is_unknown_answered = found.empty(); });
  EXPECT_TRUE(numeric.empty());

  EXPECT_TRUE(
      loop.run_until([&] { return !numeric.empty() && !named.empty() && is_unknown_answered; }));

  EXPECT_EQ(host_port_of(numeric.at(0)), (sip::HostPort{"192.0.2.1", 5060}));
  EXPECT_EQ(host_port_of(named.at(0)).port, 5060);
}

TEST_F(LoopTest, hears_signals) {
  int heard = 0;
  Signals signals{loop, {SIGUSR1}, [&](int signal) { heard = signal; }};

  std::raise(SIGUSR1);

  EXPECT_TRUE(loop.run_until([&] { return heard == SIGUSR1; }));
}

}  // namespace
}  // namespace convene::io
