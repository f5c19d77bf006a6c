#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cpm/ids.h"
#include "store/group_state.h"

namespace convene::participating {

// A session that a user is or was in.
struct KnownSession {
  std::string user = {};  // address of record, as that of the other party
  cpm::Ids ids = {};
  std::string other_party = {};  // the other user, or the group's identity
  bool is_group = false;
  std::string subject = {};
  std::vector<store::GroupState::Participant> participants = {};  // as far as we know them
};

// The sessions of all users, running or not, by which a file transfer "in a session" is known: a
// transfer may outlive its session (R6.3). The oldest is forgotten for a new one.
class KnownSessions {
 public:
  KnownSessions(std::size_t max_of_user, std::size_t max_in_all)
      : max_of_user_{max_of_user}, max_in_all_{max_in_all} {}

  // Of one that is known already, by its ids, it takes the place.
  KnownSession& remember(KnownSession session);

  // G-12: by the focus first, then by Conversation-ID and Contribution-ID. The latest; or nothing.
  // Valid until the next remember().
  KnownSession* with_focus(std::string_view user, std::string_view focus);
  KnownSession* with_ids(std::string_view user, const cpm::Ids& ids);

  std::size_t size() const { return sessions_.size(); }

 private:
  using Place = std::list<KnownSession>::iterator;
  void forget(Place place);

  std::size_t max_of_user_;
  std::size_t max_in_all_;
  std::list<KnownSession> sessions_;                        // the latest first
  std::multimap<std::string, Place, std::less<>> by_user_;  // the latest last
};

}  // namespace convene::participating
