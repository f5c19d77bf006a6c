#include <string>
#include <utility>

#include "participating/participating_function_impl.h"

// What passes through anchored media, on its way into the history. CPM 8.5.3
namespace convene::participating {

// Durable before acknowledged: the sender has its answer when the record is kept.
void ParticipatingFunction::Impl::handle(Turn& turn, MessagePassed& passed) {
  const auto place = relays_.find(passed.relay);
  const auto call = place == relays_.end() ? calls_.end() : calls_.find(place->second.call);
  std::optional<store::RequestId> record;
  if (call != calls_.end())
    record = history_.chat_passed(call->second, passed, turn.now, turn.out.asks);
  if (!record) return media_.answer(passed.message, 200, turn.now, turn.media);
  recording_.emplace(*record, passed.message);
  recording_until_.set(record->value, turn.now + settings_.history.patience);
}

// Its place is the line's latest file; what nobody offered is not kept.
void ParticipatingFunction::Impl::handle(Turn& /*turn*/, FilePassed& passed) {
  const auto place = relays_.find(passed.relay);
  const auto call = place == relays_.end() ? calls_.end() : calls_.find(place->second.call);
  if (call == calls_.end()) return history_.forget(passed.body);
  history_.file_passed(call->second, place->second.line, passed);
}

// All that the media has told; its answers may tell more.
void ParticipatingFunction::Impl::hand_over_media(Turn& turn) {
  while (!turn.media.events.empty()) {
    auto events = std::exchange(turn.media.events, {});
    for (auto& event : events) std::visit([&](auto& what) { handle(turn, what); }, event);
  }
  for (auto& effect : std::exchange(turn.media.effects, {}))
    turn.out.msrp.push_back(std::move(effect));
}

void ParticipatingFunction::Impl::record_told(Turn& turn, store::RequestId id) {
  const auto waiting = recording_.extract(id);
  if (!waiting) return;
  recording_until_.set(id.value, {});
  media_.answer(waiting.mapped(), 200, turn.now, turn.media);
}

void ParticipatingFunction::Impl::store_kept(store::RequestId id, TimePoint now, Output& out) {
  history_.recorder().kept(id);
  Turn turn{.now = now, .out = out};
  record_told(turn, id);
  perform(turn);
}

// The far side has it: its sender is not told anything else because our store is slow.
void ParticipatingFunction::Impl::stop_waiting_for_records(Turn& turn) {
  for (const auto number : recording_until_.take_due(turn.now)) {
    world_.log.warning("participating", "a message is answered before it is kept: slow store",
                       {{"record", std::to_string(number)}});
    record_told(turn, store::RequestId{number});
  }
}

}  // namespace convene::participating
