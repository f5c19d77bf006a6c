#include <algorithm>

#include "participating/participating_function_impl.h"

// MSRP that passes through us, because what is said is to be recorded: our paths in what both sides
// say, and a relay for every m-line. Conversation 1
namespace convene::participating {

// Only with a store, a listener, and a user who wants it. `call` has its recording already.
bool ParticipatingFunction::Impl::may_anchor(const Call& call) const {
  if (!call.recording || settings_.media_listener.host.empty() || !history_.is_kept(call))
    return false;
  if (media_.lines() < settings_.media.max_lines) return true;
  world_.log.warning("participating", "media is not anchored: too much is",
                     {{"call_id", call.caller_call_id}});
  return false;
}

// RFC 3261 14.1: one offer at a time. A 2xx that offers is answered by the ACK, or by nobody.
bool ParticipatingFunction::Impl::is_offer_under_way(const Call& call) const {
  return call.proposal && !call.proposal->is_agreed && exchanges_.contains(call.proposed_in) &&
         !exchanges_.at(call.proposed_in).is_answered;
}

void ParticipatingFunction::Impl::offer(Call& call, Side from, sip::ServerTransactionId in,
                                        sip::Message& message) {
  const auto carries =
      call.recording->kind == Recording::Kind::session ? Carries::chat : Carries::files;
  call.proposal = anchor_offer(
      message, from, carries, call.lines, [this](RelayId relay) { return media_.is_alive(relay); },
      anchor_address());
  call.proposed_in = in;
}

// Of an answer that comes again the same is made again.
void ParticipatingFunction::Impl::answer_offer(Turn& turn, CallId id, sip::Message& message) {
  auto& call = calls_.at(id);
  if (!call.proposal) return;
  auto& proposal = *call.proposal;
  anchor_answer(message, proposal, anchor_address());
  const bool is_final = message.is_request() || message.status() / 100 == 2;
  if (is_final && !std::exchange(proposal.is_agreed, true)) agree(turn, id);
}

// RFC 3264, RFC 3261 13.2.1: the answer to the request's offer, or an offer that the ACK answers.
void ParticipatingFunction::Impl::media_in_response(Turn& turn, const Exchange& exchange,
                                                    sip::ServerTransactionId in,
                                                    sip::Message& message) {
  auto& call = calls_.at(exchange.call);
  const auto method = exchange.request.method();
  if (!call.is_anchored || (method != "INVITE" && method != "UPDATE")) return;
  const bool is_of_this = call.proposal && call.proposed_in == in;
  if (message.status() >= 300) {
    if (is_of_this) call.proposal.reset();
    return;
  }
  if (message.body().empty()) return;
  if (is_of_this && call.proposal->offerer == exchange.from)
    return answer_offer(turn, exchange.call, message);
  if (!exchange.request.body().empty()) return;
  if (is_of_this) {  // a 2xx that comes again
    const std::string type{message.header(sip::Name::content_type)};
    return message.set_body(type, call.proposal->offered);
  }
  offer(call, opposite(exchange.from), in, message);
}

// Whether a path of our own is that of our neighbouring call: the one whose dialog with us this is,
// because we serve both users. Its Call-ID we have drawn, so that calls cannot be bent to a ring.
bool ParticipatingFunction::Impl::is_known_peer(const Call& call, Side side,
                                                const msrp::Path& path) const {
  if (sessions_.owns(path.back())) return true;  // what comes there goes nowhere
  const auto& call_id = side == Side::caller ? call.caller_call_id : call.callee_call_id;
  const auto there = index_of(opposite(side));
  const auto has_it = [&](const AnchoredLines& lines) {
    return std::ranges::any_of(lines, [&](const auto& line) {
      return line && msrp::are_equivalent(line->ends[there].local, path.back());
    });
  };
  const auto [first, last] = by_call_id_.equal_range(call_id);
  return std::any_of(first, last, [&](const auto& entry) {
    const auto& other = calls_.at(entry.second);
    const auto& its_id = side == Side::caller ? other.callee_call_id : other.caller_call_id;
    return &other != &call && its_id == call_id &&
           (has_it(other.lines) || (other.proposal && has_it(other.proposal->lines)));
  });
}

msrp::SessionSettings ParticipatingFunction::Impl::end_of(const Call& call,
                                                          const AnchoredLine& line,
                                                          Side side) const {
  auto settings = session_settings(line.ends[index_of(side)]);
  settings.is_peer_known = is_known_peer(call, side, settings.remote);
  return settings;
}

// What has been agreed on: lines that are as they were stay as they are.
void ParticipatingFunction::Impl::agree(Turn& turn, CallId id) {
  auto& call = calls_.at(id);
  const auto answerer = opposite(call.proposal->offerer);
  auto old = std::exchange(call.lines, {});
  old.resize(std::max(old.size(), call.proposal->lines.size()));
  std::vector<RelayId> over;
  for (std::size_t i = 0; i < old.size(); ++i) {
    auto line = i < call.proposal->lines.size() ? call.proposal->lines[i] : std::nullopt;
    const bool is_kept = line && line->relay && old[i] && old[i]->relay == line->relay &&
                         media_.is_alive(*line->relay);
    if (old[i] && old[i]->relay && !is_kept) over.push_back(*old[i]->relay);
    if (line && is_kept) {
      const auto& before = old[i]->ends[index_of(answerer)];
      auto& now = line->ends[index_of(answerer)];
      if (before.peer->path == now.peer->path)
        now.setup = before.setup;
      else
        media_.replace(*line->relay, answerer, end_of(call, *line, answerer), turn.now, turn.media);
    } else if (line) {
      line->relay = media_.open(
          line->carries, {end_of(call, *line, Side::caller), end_of(call, *line, Side::callee)},
          turn.now, turn.media);
      relays_.emplace(*line->relay, Place{.call = id, .line = i});
    }
    call.lines.push_back(std::move(line));
  }
  close_media(turn, over);
}

void ParticipatingFunction::Impl::close_media(Turn& turn, const std::vector<RelayId>& relays) {
  for (const auto relay : relays) media_.close(relay, turn.now, turn.media);
  hand_over_media(turn);  // what came of their files
  for (const auto relay : relays) relays_.erase(relay);
}

// R6.1, CPM 8.3.2.3 (1): of this call alone; what is still under way on its lines is broken off.
void ParticipatingFunction::Impl::release_media(Turn& turn, Call& call) {
  call.proposal.reset();
  std::vector<RelayId> relays;
  for (const auto& line : std::exchange(call.lines, {}))
    if (line && line->relay) relays.push_back(*line->relay);
  close_media(turn, relays);
}

}  // namespace convene::participating
