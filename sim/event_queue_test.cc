#include "sim/event_queue.h"

#include <gmock/gmock.h>

#include <vector>

namespace convene::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

TEST(EventQueue, gives_events_in_the_order_of_time_and_then_of_scheduling) {
  EventQueue queue;
  std::vector<int> happened;
  queue.schedule(TimePoint{2ms}, [&] { happened.push_back(3); });
  queue.schedule(TimePoint{1ms}, [&] { happened.push_back(1); });
  queue.schedule(TimePoint{1ms}, [&] { happened.push_back(2); });

  EXPECT_EQ(queue.next(), TimePoint{1ms});
  while (queue.size() > 0) queue.take().second();

  EXPECT_THAT(happened, ElementsAre(1, 2, 3));
  EXPECT_EQ(queue.next(), std::nullopt);
}

TEST(EventQueue, forgets_what_is_cancelled) {
  EventQueue queue;
  const auto ticket = queue.schedule(TimePoint{1ms}, [] { FAIL(); });

  queue.cancel(ticket);

  EXPECT_EQ(queue.size(), 0);
}

}  // namespace
}  // namespace convene::sim
