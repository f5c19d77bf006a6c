#include <algorithm>

#include "controlling/comparable_nickname.h"
#include "controlling/group_session.h"
#include "msrp/nickname.h"

namespace convene::controlling {

namespace {

// Answers to NICKNAME. RFC 7701 7.2
constexpr int ok = 200;
constexpr int not_allowed = 403;
constexpr int malformed = 424;
constexpr int taken_or_reserved = 425;

}  // namespace

// RFC 7701 7.1, 7.2
void GroupSession::nickname_requested(Turn& turn, LegId id,
                                      const msrp::NicknameRequested& request) {
  const auto* from = leg(id);
  auto* owner = from ? find_member(from->participant) : nullptr;
  const int status = owner ? nickname_status(turn, *owner, request.nickname) : not_allowed;
  turn.media.answer_nickname(request.session, request.transaction_id, status, turn.now, turn.msrp);
  if (status != ok) return;
  owner->nickname = request.nickname;  // an empty one takes it away
  changed(owner->address);
  tell(turn);
}

// One name for one member, however it is written; neither somebody's address nor what the policy
// keeps back.
int GroupSession::nickname_status(const Turn& turn, const Member& owner,
                                  const std::string& nickname) const {
  const auto& policy = turn.policy.media;
  if (!policy.nicknames) return not_allowed;
  if (nickname.empty()) return ok;
  if (nickname.size() > msrp::max_nickname_octets) return malformed;
  const auto wanted = comparable_nickname(nickname);
  if (!wanted) return malformed;

  const auto is_it = [&](std::string_view other) {
    const auto comparable = comparable_nickname(other);
    return comparable && *comparable == *wanted;
  };
  const bool is_taken = std::ranges::any_of(members_, [&](const Member& other) {
    return &other != &owner && (is_it(other.nickname) || is_it(other.shown_address()));
  });
  const bool is_reserved =
      is_it(profile_.focus) || std::ranges::any_of(policy.reserved_nicknames, is_it);
  return is_taken || is_reserved ? taken_or_reserved : ok;
}

}  // namespace convene::controlling
