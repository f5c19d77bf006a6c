#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controlling/participant_leg.h"

namespace convene::controlling {

// The legs of a group in the order in which they came, found by their number and by whose they are:
// a group of a thousand asks for each of its members which legs it has.
class GroupLegs {
 public:
  ParticipantLeg& add(LegId id, std::string participant);
  ParticipantLeg* find(LegId id);
  const ParticipantLeg* find(LegId id) const;
  ParticipantLeg& at(LegId id) { return legs_.at(id); }
  const ParticipantLeg& at(LegId id) const { return legs_.at(id); }
  // In the order in which they came; until the next change.
  std::span<const LegId> of(std::string_view participant) const;
  void erase(LegId id);
  void clear();

  // Pairs of a LegId and its leg.
  auto begin() { return legs_.begin(); }
  auto end() { return legs_.end(); }
  auto begin() const { return legs_.begin(); }
  auto end() const { return legs_.end(); }

 private:
  std::map<LegId, ParticipantLeg> legs_;
  std::map<std::string, std::vector<LegId>, std::less<>> by_participant_;
};

}  // namespace convene::controlling
