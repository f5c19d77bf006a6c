// One growing body to many sessions, as the focus does it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "msrp/byte_range.h"
#include "msrp/test_pair.h"

namespace convene::msrp {
namespace {

using namespace std::chrono_literals;

// A focus with sixteen receivers, each an endpoint of its own.
class FanOut : public testing::Test {
 protected:
  static constexpr std::size_t receivers = 16;

  void open(const std::function<void(std::size_t, SessionSettings&)>& change = {}) {
    pipe.add("focus.example", focus);
    for (std::size_t leg = 0; leg < receivers; ++leg) {
      const auto name = "r" + std::to_string(leg);
      sides.push_back(std::make_unique<Side>(100 + leg));
      pipe.add(name + ".example", *sides.back());
      auto settings = Pair::settings("focus", name, Setup::passive);
      settings.local.session_id = "for-" + name;
      if (change) change(leg, settings);
      keys.push_back(pipe.call(focus, [&](Endpoint& endpoint, TimePoint now, Output& out) {
        return endpoint.open(settings, now, out);
      }));
      auto theirs = Pair::settings(name, "focus", Setup::active);
      theirs.remote[0].session_id = "for-" + name;
      into_body(theirs);
      pipe.call(*sides.back(), [&](Endpoint& endpoint, TimePoint now, Output& out) {
        return endpoint.open(theirs, now, out);
      });
    }
  }
  OutgoingId send(std::size_t leg) {
    return pipe.call(focus, [&](Endpoint& endpoint, TimePoint now, Output& out) {
      return endpoint.send(keys[leg], file_message(body, file.size()), now, out);
    });
  }
  void send_all() {
    body = focus.bodies.add(file);
    for (std::size_t leg = 0; leg < receivers; ++leg) send(leg);
  }
  void grow(std::uint64_t ready) {
    pipe.call(focus, [&](Endpoint& endpoint, TimePoint now, Output& out) {
      endpoint.body_grew(body, ready, now, out);
    });
  }
  bool is_whole(std::size_t leg) {
    const auto begun = sides[leg]->all<MessageBegun>();
    return sides[leg]->count<MessageReceived>() == 1 &&
           sides[leg]->bodies.text(begun.at(0).body) == file;
  }

  Side focus{1};
  Pipe pipe;
  std::vector<std::unique_ptr<Side>> sides;
  std::vector<SessionKey> keys;
  std::string file = noise(200'000);
  BodyId body;
};

TEST_F(FanOut, reaches_all_with_every_octet_and_copies_none) {
  open();
  send_all();
  std::mt19937 random{5};
  for (std::uint64_t ready = 0; ready < file.size();) {
    ready = std::min<std::uint64_t>(ready + random() % 40'000, file.size());
    grow(ready);
    pipe.advance(Duration{random() % 30});
  }
  for (std::size_t leg = 0; leg < receivers; ++leg) EXPECT_TRUE(is_whole(leg)) << leg;
  EXPECT_EQ(focus.count<MessageSent>(), receivers);
  EXPECT_EQ(focus.slice_octets, receivers * file.size());
  EXPECT_LT(focus.text_octets, receivers * 20'000);
}

TEST_F(FanOut, gives_each_leg_chunks_of_its_own_size) {
  open([](std::size_t leg, SessionSettings& settings) {
    const std::uint64_t sizes[] = {2'048, 10'000, 65'536, max_message_octets};
    settings.max_chunk = sizes[leg % 4];
  });
  pipe.budget = 100'000;
  SeededRandom chance{9};
  pipe.read_size = [&] { return random_below(chance, 60'000); };
  send_all();
  grow(file.size());
  for (std::size_t leg = 0; leg < receivers; ++leg) EXPECT_TRUE(is_whole(leg)) << leg;
}

TEST_F(FanOut, serves_those_who_join_late) {
  open();
  body = focus.bodies.add(file);
  for (std::size_t leg = 0; leg < 5; ++leg) send(leg);
  grow(100'000);
  for (std::size_t leg = 5; leg < 10; ++leg) send(leg);  // it knows how much is ready
  grow(file.size());
  for (std::size_t leg = 10; leg < receivers; ++leg) send(leg);
  grow(file.size());
  for (std::size_t leg = 0; leg < receivers; ++leg) EXPECT_TRUE(is_whole(leg)) << leg;
}

TEST_F(FanOut, does_not_let_the_slow_disturb_the_fast) {
  open();
  pipe.link(3).ends[0].is_reading = false;
  send_all();
  grow(file.size());
  for (std::size_t leg = 0; leg < receivers; ++leg) EXPECT_EQ(is_whole(leg), leg != 3) << leg;
  pipe.link(3).ends[0].is_reading = true;
  pipe.run();
  EXPECT_TRUE(is_whole(3));
}

TEST_F(FanOut, goes_on_when_some_leave) {
  open();
  send_all();
  grow(100'000);
  pipe.cut(pipe.link(0));
  pipe.call(focus, [&](Endpoint& endpoint, TimePoint now, Output& out) {
    endpoint.close(keys[1], now, out);
  });
  grow(file.size());
  EXPECT_EQ(sides[0]->count<MessageAborted>(), 1U);
  EXPECT_EQ(sides[1]->all<MessageAborted>().at(0).reason, "aborted by its sender");
  for (std::size_t leg = 2; leg < receivers; ++leg) EXPECT_TRUE(is_whole(leg)) << leg;
}

TEST_F(FanOut, leaves_nothing_behind) {
  open();
  send_all();
  grow(file.size());
  for (const auto key : keys) {
    pipe.call(focus, [&](Endpoint& endpoint, TimePoint now, Output& out) {
      endpoint.close(key, now, out);
    });
  }
  EXPECT_EQ(focus.endpoint.sessions(), 0U);
  EXPECT_EQ(focus.endpoint.connections(), 0U);
  EXPECT_EQ(focus.endpoint.deadline(), std::nullopt);
}

}  // namespace
}  // namespace convene::msrp
