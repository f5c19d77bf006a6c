#include "participating/participating_function.h"

#include <algorithm>
#include <utility>

#include "cpm/identity.h"
#include "participating/participating_function_impl.h"

namespace convene::participating {

ParticipatingFunction::Impl::Impl(Settings settings, Surroundings surroundings,
                                  msrp::BodyStore& bodies)
    : settings_{std::move(settings)},
      world_{surroundings},
      preferences_{settings_.preferences},
      bodies_{bodies},
      history_{settings_, preferences_, world_, bodies},
      media_{settings_.media, world_, bodies} {
  if (settings_.layer.branch_mark.empty()) settings_.layer.branch_mark = "pf";
}

void ParticipatingFunction::Impl::start(const sip::LocalAddresses& addresses,
                                        std::optional<sip::HostPort> media,
                                        std::optional<msrp::SecureAddress> secure_media) {
  settings_.layer.addresses = addresses;
  if (media) settings_.media_listener = *std::move(media);
  if (secure_media) settings_.secure_media_listener = std::move(secure_media);
  if (settings_.uri.empty()) {
    const auto& address = addresses.tcp ? addresses.tcp : addresses.udp;
    settings_.uri = "sip:pf@" + (address ? to_text(*address) : std::string{"localhost"}) +
                    (addresses.tcp ? ";transport=tcp" : "");
  }
  if (auto uri = sip::parse_uri(settings_.uri)) own_ = std::move(*uri);
  layer_.emplace(settings_.layer, world_);
  start_agent();
}

void ParticipatingFunction::Impl::receive(sip::Message message, const sip::Source& source,
                                          TimePoint now, Output& out) {
  if (!source.is_trusted) cpm::strip_assertions(message);
  Turn turn{.now = now, .out = out};
  if (is_to_agent(message))
    give_to_agent(turn, std::move(message), source);
  else
    layer_->receive(std::move(message), source, now, turn.sip);
  perform(turn);
}

void ParticipatingFunction::Impl::transport_failed(const sip::Destination& destination,
                                                   TimePoint now, Output& out) {
  Turn turn{.now = now, .out = out};
  layer_->transport_failed(destination, now, turn.sip);
  agent_->transport_failed(destination, now, turn.agent);
  perform(turn);
}

// Until nobody here has anything more to say to another.
void ParticipatingFunction::Impl::perform(Turn& turn) {
  do {
    hand_over_media(turn);
    for (auto& event : std::exchange(turn.sip.events, {})) handle(turn, event);
    for (auto& event : std::exchange(turn.agent.events, {})) handle(turn, event);
    for (auto& event : std::exchange(turn.sessions, {})) handle(turn, event);
  } while (hand_over_sends(turn) || !turn.sip.events.empty() || !turn.agent.events.empty() ||
           !turn.sessions.empty() || !turn.media.events.empty() || !turn.media.effects.empty());
}

void ParticipatingFunction::Impl::handle(Turn& turn, sip::LayerEvent& event) {
  if (auto* request = std::get_if<sip::RequestArrived>(&event)) {
    request_arrived(turn, std::move(*request));
  } else if (auto* ack = std::get_if<sip::AckArrived>(&event)) {
    relay_ack(turn, ack->ack);
  } else if (const auto* cancel = std::get_if<sip::CancelArrived>(&event)) {
    cancelled(turn, cancel->invite);
  } else if (auto* response = std::get_if<sip::ResponseArrived>(&event)) {
    response_arrived(turn, response->transaction, response->response);
  } else if (const auto* silence = std::get_if<sip::NoResponse>(&event)) {
    const auto found = exchange_of_.find(silence->transaction);
    if (found == exchange_of_.end()) {
      auto deferring_turn = deferring(turn);
      deferred_.answered(deferring_turn, silence->transaction, silence->status);
      return;
    }
    const auto& asked = exchanges_.at(found->second).request;
    response_arrived(turn, silence->transaction,
                     make_response(asked, silence->status, layer_->to_tag(asked)));
  }
  // A stray 2xx, and an ACK that never came, are between the peers: RFC 6026 7.3.
}

void ParticipatingFunction::Impl::refuse(Turn& turn, const sip::RequestArrived& arrived, int status,
                                         std::string_view why) {
  const auto& request = arrived.request;
  world_.log.info("participating", std::to_string(status) + ": " + std::string{why},
                  {{"method", request.method()}, {"call_id", request.header(sip::Name::call_id)}});
  layer_->respond(arrived.transaction, make_response(request, status, layer_->to_tag(request)),
                  turn.now, turn.sip);
}

void ParticipatingFunction::Impl::wake(TimePoint now, Output& out) {
  if (!layer_) return;
  Turn turn{.now = now, .out = out};
  layer_->wake(now, turn.sip);
  agent_->wake(now, turn.agent);
  perform(turn);
  tell_sessions(turn, [this](auto& deferring) {
    sessions_.wake(deferring);
    pushes_.wake(deferring);
  });
  auto deferring_turn = deferring(turn);
  deferred_.wake(deferring_turn);
  for (const auto number : exchange_deadlines_.take_due(now)) {
    const sip::ServerTransactionId id{number};
    const auto found = exchanges_.find(id);
    if (found == exchanges_.end()) continue;
    const auto& exchange = found->second;
    if (exchange.is_answered) {
      forget(id);
    } else if (exchange.request.method() != "INVITE") {  // its answer would come too late
      response_arrived(turn, exchange.sent,
                       make_response(exchange.request, 408, layer_->to_tag(exchange.request)));
    } else {  // an INVITE that nobody answers: RFC 3261 16.8
      found->second.is_late = true;
      layer_->cancel(found->second.sent, now, turn.sip);
    }
  }
  for (const auto number : call_deadlines_.take_due(now)) {
    world_.log.info("participating", "a dialog is ended: nothing was said in it for long");
    hang_up(turn, calls_.at(CallId{number}));
    end(turn, CallId{number});
  }
  stop_waiting_for_store(turn);
  stop_waiting_for_records(turn);
  media_.wake(now, turn.media);
  history_.recorder().wake(now, out.asks);
  perform(turn);
}

Deadline ParticipatingFunction::Impl::deadline() const {
  if (!layer_) return {};
  auto first =
      earliest(layer_->deadline(), earliest(history_.recorder().deadline(), deferred_.deadline()));
  first = earliest(first, media_.deadline());
  first = earliest(first, agent_->deadline());
  first = earliest(first, earliest(sessions_.deadline(), pushes_.deadline()));
  for (const auto* deadlines :
       {&exchange_deadlines_, &call_deadlines_, &held_until_, &recording_until_})
    first = earliest(first, deadlines->earliest());
  return first;
}

void ParticipatingFunction::Impl::forget(sip::ServerTransactionId transaction) {
  const auto found = exchanges_.find(transaction);
  if (found == exchanges_.end()) return;
  exchange_of_.erase(found->second.sent);
  exchange_deadlines_.set(transaction.value, {});
  exchanges_.erase(found);
}

void ParticipatingFunction::Impl::end(Turn& turn, CallId id) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  release_media(turn, found->second);
  history_.over(found->second, nullptr, turn.now, turn.out.asks);
  for (const auto* call_id : {&found->second.caller_call_id, &found->second.callee_call_id}) {
    auto [first, last] = by_call_id_.equal_range(*call_id);
    for (auto it = first; it != last;)
      it = it->second == id ? by_call_id_.erase(it) : std::next(it);
  }
  call_deadlines_.set(id.value, {});
  calls_.erase(found);
}

ParticipatingFunction::Snapshot ParticipatingFunction::Impl::snapshot() const {
  return {.calls = calls_.size(),
          .transactions = layer_ ? layer_->transactions() + agent_->transactions() : 0,
          .records = history_.recorder().waiting(),
          .deferred = deferred_.waiting(),
          .sessions = sessions_.size() + pushes_.size(),
          .media = media_.lines(),
          .passing = media_.messages()};
}

void ParticipatingFunction::Impl::registered(std::string_view user, TimePoint now, Output& out) {
  if (!layer_) return;
  Turn turn{.now = now, .out = out};
  user_is_here(turn, user);
  perform(turn);
}

// ---- Deferral. ----

template <class Call>
void ParticipatingFunction::Impl::tell_deferred(TimePoint now, Output& out, Call call) {
  if (!layer_) return;
  Turn turn{.now = now, .out = out};
  auto deferring_turn = deferring(turn);
  call(deferred_, deferring_turn);
  perform(turn);
}

void ParticipatingFunction::restore(const std::vector<DeferredEntry>& deferred, TimePoint now) {
  impl_->restore(deferred, now);
}
void ParticipatingFunction::deferred(DeferralId id, bool is_stored, TimePoint now, Output& out) {
  impl_->tell_deferred(now, out,
                       [&](auto& deferred, auto& turn) { deferred.stored(turn, id, is_stored); });
}
void ParticipatingFunction::deferred_fetched(DeferralId id, const Result<DeferredMessage>& message,
                                             TimePoint now, Output& out) {
  impl_->tell_deferred(now, out,
                       [&](auto& deferred, auto& turn) { deferred.fetched(turn, id, message); });
}
void ParticipatingFunction::registered(std::string_view user, TimePoint now, Output& out) {
  impl_->registered(user, now, out);
}

template <class Call>
void ParticipatingFunction::Impl::tell_media(TimePoint now, Output& out, Call call) {
  Turn turn{.now = now, .out = out};
  call(media_, turn.media);
  perform(turn);
}

// ---- What others see. ----

ParticipatingFunction::ParticipatingFunction(Settings settings, Surroundings surroundings,
                                             msrp::BodyStore& bodies)
    : impl_{std::make_unique<Impl>(std::move(settings), surroundings, bodies)} {}
ParticipatingFunction::~ParticipatingFunction() = default;
ParticipatingFunction::ParticipatingFunction(ParticipatingFunction&&) noexcept = default;

void ParticipatingFunction::start(const sip::LocalAddresses& addresses,
                                  std::optional<sip::HostPort> media,
                                  std::optional<msrp::SecureAddress> secure_media) {
  impl_->start(addresses, std::move(media), std::move(secure_media));
}
void ParticipatingFunction::load_preferences(std::vector<UserPreferences> documents) {
  impl_->load_preferences(std::move(documents));
}
const std::string& ParticipatingFunction::uri() const { return impl_->uri(); }
bool ParticipatingFunction::is_for_us(const sip::Message& request) const {
  return impl_->is_for_us(request);
}
bool ParticipatingFunction::owns_branch(std::string_view branch) const {
  return impl_->owns_branch(branch);
}
void ParticipatingFunction::receive(sip::Message message, const sip::Source& source, TimePoint now,
                                    Output& out) {
  impl_->receive(std::move(message), source, now, out);
}
void ParticipatingFunction::transport_failed(const sip::Destination& destination, TimePoint now,
                                             Output& out) {
  impl_->transport_failed(destination, now, out);
}
void ParticipatingFunction::store_kept(store::RequestId id, TimePoint now, Output& out) {
  impl_->store_kept(id, now, out);
}
void ParticipatingFunction::store_answered(store::RequestId id, const store::Answer& answer,
                                           TimePoint now, Output& out) {
  impl_->store_answered(id, answer, now, out);
}
void ParticipatingFunction::msrp_accepted(msrp::ConnectionId connection, const msrp::Remote& remote,
                                          TimePoint now, Output& out) {
  impl_->tell_media(now, out, [&](MediaRelay& media, MediaOutput& told) {
    media.accepted(connection, remote, now, told);
  });
}
void ParticipatingFunction::msrp_connected(msrp::ConnectionId connection,
                                           const msrp::Remote& remote, TimePoint now, Output& out) {
  impl_->tell_media(now, out, [&](MediaRelay& media, MediaOutput& told) {
    media.connected(connection, remote, now, told);
  });
}
void ParticipatingFunction::msrp_closed(msrp::ConnectionId connection, TimePoint now, Output& out) {
  impl_->tell_media(
      now, out, [&](MediaRelay& media, MediaOutput& told) { media.closed(connection, now, told); });
}
std::span<std::byte> ParticipatingFunction::msrp_prepare(msrp::ConnectionId connection) {
  return impl_->media().prepare(connection);
}
void ParticipatingFunction::msrp_commit(msrp::ConnectionId connection, std::size_t count,
                                        TimePoint now, Output& out) {
  impl_->tell_media(now, out, [&](MediaRelay& media, MediaOutput& told) {
    media.commit(connection, count, now, told);
  });
}
void ParticipatingFunction::msrp_writable(msrp::ConnectionId connection, std::size_t budget,
                                          TimePoint now, Output& out) {
  impl_->tell_media(now, out, [&](MediaRelay& media, MediaOutput& told) {
    media.writable(connection, budget, now, told);
  });
}
void ParticipatingFunction::msrp_written(msrp::ConnectionId connection, TimePoint now,
                                         Output& out) {
  impl_->tell_media(now, out, [&](MediaRelay& media, MediaOutput& told) {
    media.written(connection, now, told);
  });
}
void ParticipatingFunction::wake(TimePoint now, Output& out) { impl_->wake(now, out); }
Deadline ParticipatingFunction::deadline() const { return impl_->deadline(); }
ParticipatingFunction::Snapshot ParticipatingFunction::snapshot() const {
  return impl_->snapshot();
}

}  // namespace convene::participating
