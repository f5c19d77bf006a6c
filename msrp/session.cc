#include "msrp/session.h"

#include <algorithm>
#include <cassert>
#include <ranges>

#include "base/state_table.h"

namespace convene::msrp {

namespace {

using State = Session::State;
using Step = Session::Step;

// RFC 4975 5.4, RFC 6135 4.2
constexpr auto arrows = std::to_array<Arrow<State, Step>>({
    {State::waiting, Step::peer_arrived, State::bound},
    {State::connecting, Step::connected, State::binding},
    {State::connecting, Step::peer_arrived, State::bound},
    {State::binding, Step::peer_arrived, State::bound},
    {State::binding, Step::answered, State::bound},
    {State::waiting, Step::lost, State::failed},
    {State::connecting, Step::lost, State::failed},
    {State::binding, Step::lost, State::failed},
    {State::bound, Step::lost, State::failed},
});
static_assert(is_deterministic(arrows));

}  // namespace

Session::Session(SessionKey number, SessionSettings session_settings,
                 const EndpointSettings& limits, BodyStore& store)
    : key{number},
      settings{std::move(session_settings)},
      paths{.to = to_text(settings.remote), .from = to_text(settings.local)},
      receiver{key, settings, limits, paths, store},
      sender{key, settings, limits, paths},
      state_{settings.setup == Setup::active ? State::connecting : State::waiting} {
  assert(!settings.remote.empty());
}

bool Session::step(Step step) {
  const auto next = follow(arrows, state_, step);
  if (next) state_ = *next;
  return next.has_value();
}

// RFC 4975 7.3, 6.1
bool Session::is_addressed(std::string_view to_path, std::string_view from_path, From whom) const {
  if (to_path == paths.from && from_path == paths.to) return true;

  const auto to = parse_uri(to_path);
  const auto from = parse_path(from_path);
  if (!to || !from) return false;
  if (settings.match == PathMatch::session_id)
    return to->session_id == settings.local.session_id &&
           from->back().session_id == settings.remote.back().session_id;
  if (!are_equivalent(*to, settings.local)) return false;
  if (std::ranges::equal(*from, settings.remote, are_equivalent)) return true;
  return whom == From::peer_or_relay && from->size() < settings.remote.size() &&
         std::ranges::equal(*from, settings.remote | std::views::take(from->size()),
                            are_equivalent);
}

bool Session::prefers_own_connection() const { return paths.from < paths.to; }

bool Session::hold_nickname(Reply reply) {
  if (nicknames_.size() >= max_nicknames) return false;
  nicknames_.push_back(std::move(reply));
  return true;
}

std::optional<Reply> Session::take_nickname(std::string_view transaction_id) {
  const auto found = std::ranges::find(nicknames_, transaction_id, &Reply::transaction_id);
  if (found == nicknames_.end()) return std::nullopt;
  auto reply = std::move(*found);
  nicknames_.erase(found);
  return reply;
}

}  // namespace convene::msrp
