#include "controlling/group_legs.h"

#include <utility>

namespace convene::controlling {

ParticipantLeg& GroupLegs::add(LegId id, std::string participant) {
  auto& leg = legs_[id];
  leg.id = id;
  by_participant_[participant].push_back(id);
  leg.participant = std::move(participant);
  return leg;
}

ParticipantLeg* GroupLegs::find(LegId id) {
  const auto found = legs_.find(id);
  return found == legs_.end() ? nullptr : &found->second;
}

const ParticipantLeg* GroupLegs::find(LegId id) const {
  const auto found = legs_.find(id);
  return found == legs_.end() ? nullptr : &found->second;
}

std::span<const LegId> GroupLegs::of(std::string_view participant) const {
  const auto found = by_participant_.find(participant);
  return found == by_participant_.end() ? std::span<const LegId>{}
                                        : std::span<const LegId>{found->second};
}

void GroupLegs::erase(LegId id) {
  const auto found = legs_.find(id);
  if (found == legs_.end()) return;
  const auto theirs = by_participant_.find(found->second.participant);
  std::erase(theirs->second, id);
  if (theirs->second.empty()) by_participant_.erase(theirs);
  legs_.erase(found);
}

void GroupLegs::clear() {
  legs_.clear();
  by_participant_.clear();
}

}  // namespace convene::controlling
