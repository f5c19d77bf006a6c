#include "participating/recorder.h"

#include <algorithm>
#include <string>
#include <utility>

namespace convene::participating {

std::optional<store::RequestId> Recorder::write(store::Write write, Asks& asks) {
  if (waiting() >= policy_.max_waiting) {
    world_.log.warning("participating", "history is lost: too much waits for the message store",
                       {{"folder", to_text(write.folder)}});
    release(write);
    return std::nullopt;
  }
  return ask({.write = std::move(write), .pause = policy_.first_pause}, asks);
}

store::RequestId Recorder::ask(Waiting waiting, Asks& asks) {
  const store::RequestId id{next_++};
  asks.push_back({.id = id, .request = *waiting.write});
  asked_.emplace(id, std::move(waiting));
  return id;
}

void Recorder::kept(store::RequestId id) {
  const auto found = asked_.find(id);
  if (found == asked_.end() || !found->second.write) return;
  release(*found->second.write);
  found->second.write.reset();
}

void Recorder::release(const store::Write& write) {
  for (const auto& object : write.objects)
    for (const auto& piece : object.pieces)
      if (const auto* file = std::get_if<store::FileContent>(&piece)) bodies_.drop(file->body);
}

void Recorder::answered(store::RequestId id, const store::Answer& answer, TimePoint now) {
  if (answer) kept(id);
  auto node = asked_.extract(id);
  if (!node || answer) return;
  auto& waiting = node.mapped();
  if (!waiting.write) {
    world_.log.info("participating",
                    "history is kept, but not in the message store yet: " + answer.error().detail);
    return;
  }
  const auto pause = waiting.pause;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(pause).count();
  world_.log.warning(
      "participating",
      "history is not kept, again in " + std::to_string(seconds) + " s: " + answer.error().detail,
      {{"folder", to_text(waiting.write->folder)}});
  waiting.write->may_be_there = true;
  waiting.pause = std::min(2 * pause, policy_.longest_pause);
  later_.emplace(now + pause, std::move(waiting));
}

void Recorder::wake(TimePoint now, Asks& asks) {
  while (!later_.empty() && later_.begin()->first <= now)
    ask(std::move(later_.extract(later_.begin()).mapped()), asks);
}

}  // namespace convene::participating
