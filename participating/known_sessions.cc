#include "participating/known_sessions.h"

#include <iterator>
#include <utility>

namespace convene::participating {

KnownSession& KnownSessions::remember(KnownSession session) {
  if (auto* known = with_ids(session.user, session.ids)) {
    if (session.participants.empty()) session.participants = std::move(known->participants);
    return *known = std::move(session);
  }
  const auto [first, last] = by_user_.equal_range(session.user);
  if (static_cast<std::size_t>(std::distance(first, last)) >= max_of_user_) forget(first->second);
  if (sessions_.size() >= max_in_all_) forget(std::prev(sessions_.end()));
  sessions_.push_front(std::move(session));
  by_user_.emplace(sessions_.front().user, sessions_.begin());
  return sessions_.front();
}

void KnownSessions::forget(Place place) {
  const auto [first, last] = by_user_.equal_range(place->user);
  for (auto it = first; it != last; ++it) {
    if (it->second != place) continue;
    by_user_.erase(it);
    break;
  }
  sessions_.erase(place);
}

// R5.1b
KnownSession* KnownSessions::with_focus(std::string_view user, std::string_view focus) {
  KnownSession* found = nullptr;
  const auto [first, last] = by_user_.equal_range(user);
  for (auto it = first; it != last; ++it)
    if (it->second->is_group && it->second->other_party == focus) found = &*it->second;
  return found;
}

KnownSession* KnownSessions::with_ids(std::string_view user, const cpm::Ids& ids) {
  const auto [first, last] = by_user_.equal_range(user);
  for (auto it = first; it != last; ++it) {
    const auto& known = it->second->ids;
    if (known.conversation == ids.conversation && known.contribution == ids.contribution)
      return &*it->second;
  }
  return nullptr;
}

}  // namespace convene::participating
