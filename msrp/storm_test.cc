// Two endpoints say much to each other at once, in every size, cut anywhere, with pauses: all of it
// arrives, once, and what was said in one lane arrives in its order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "msrp/test_pair.h"

namespace convene::msrp {
namespace {

class Storm {
 public:
  explicit Storm(std::uint64_t seed) : chance_{seed} {
    const auto sizes = [&](SessionSettings& settings) { settings.max_chunk = 50 + below(70'000); };
    pair_.open(sizes, sizes);
    pair_.pipe.read_size = [this] { return 1 + below(below(4) == 0 ? 50 : 20'000); };
  }

  void blow() {
    for (int step = 0; step < 60; ++step) {
      const bool is_one = below(2) == 0;
      auto& side = is_one ? pair_.one : pair_.two;
      switch (below(6)) {
        case 0: pair_.pipe.link().ends[below(2)].is_reading = below(2) == 0; break;
        case 1: pair_.pipe.budget = 1 + below(200'000); break;
        case 2: pair_.pipe.advance(Duration{below(500)}); break;
        default: pair_.send(side, is_one ? pair_.at_one : pair_.at_two, draw(said_[is_one])); break;
      }
    }
    for (auto& end : pair_.pipe.link().ends) end.is_reading = true;
    pair_.pipe.run();
    pair_.pipe.advance(Duration{31'000});  // partial: silence is success
  }

  void check(std::uint64_t seed) const {
    EXPECT_EQ(pair_.one.count<MessageFailed>() + pair_.two.count<MessageFailed>(), 0U) << seed;
    EXPECT_EQ(pair_.one.count<MessageSent>(), said_[1].size()) << seed;
    EXPECT_EQ(pair_.two.count<MessageSent>(), said_[0].size()) << seed;
    for (const bool chat : {true, false}) {
      EXPECT_TRUE(of_lane(heard(pair_.two), chat) == of_lane(said_[1], chat)) << seed;
      EXPECT_TRUE(of_lane(heard(pair_.one), chat) == of_lane(said_[0], chat)) << seed;
    }
  }

 private:
  using Texts = std::vector<std::string>;

  std::size_t below(std::size_t bound) { return random_below(chance_, bound); }

  OutgoingMessage draw(Texts& said) {
    const bool is_chat = below(2) == 0;
    auto text = (is_chat ? "c" : "f") + std::to_string(said.size()) + " " +
                noise(below(below(3) == 0 ? 60'000 : 300), said.size());
    said.push_back(text);
    auto message = chat_message(std::move(text));
    message.lane = is_chat ? OutgoingMessage::Lane::chat : OutgoingMessage::Lane::file;
    message.failure_report = static_cast<FailureReport>(below(3));
    message.success_report = below(3) == 0;
    return message;
  }
  static Texts heard(const Side& side) {
    Texts texts;
    for (const auto& message : side.all<MessageReceived>()) texts.push_back(message.octets);
    return texts;
  }
  static Texts of_lane(const Texts& texts, bool chat) {
    Texts found;
    for (const auto& text : texts)
      if (text.starts_with('c') == chat) found.push_back(text);
    return found;
  }

  SeededRandom chance_;
  Pair pair_;
  Texts said_[2];
};

TEST(Storm, loses_doubles_and_reorders_nothing) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Storm storm{seed};
    storm.blow();
    storm.check(seed);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace convene::msrp
