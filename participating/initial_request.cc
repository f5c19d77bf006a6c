#include <algorithm>

#include "base/text.h"
#include "participating/participating_function_impl.h"
#include "sip/fields.h"
#include "sip/name_addr.h"
#include "sip/tag.h"

// What begins: CPM 8.3.1, 8.3.2, as the user agent server of one side and the client of the other.
namespace convene::participating {

namespace {

// RFC 6050 4.1, flow F1.2: the service that the user prefers becomes the asserted one.
void assert_service(sip::Message& request) {
  const std::string preferred{request.header(sip::Name::p_preferred_service)};
  if (preferred.empty()) return;
  request.remove(sip::Name::p_preferred_service);
  if (!request.has(sip::Name::p_asserted_service))
    request.add(sip::Name::p_asserted_service, preferred);
}

}  // namespace

bool ParticipatingFunction::Impl::is_own(const sip::Uri& uri) const {
  const auto port = [](const sip::Uri& one) { return one.port ? one.port : std::uint16_t{5060}; };
  return own_ && uri.is_sip() && uri.user == own_->user && iequals(uri.host, own_->host) &&
         port(uri) == port(*own_);
}

bool ParticipatingFunction::Impl::is_for_us(const sip::Message& request) const {
  return is_routed_to_us(request) || is_to_deferral(request);
}

bool ParticipatingFunction::Impl::is_routed_to_us(const sip::Message& request) const {
  const auto routes = request.values(sip::Name::route);
  if (routes.empty()) return false;
  const auto top = sip::parse_name_addr(routes.front());
  return top && is_own(top->uri);
}

// RFC 3261 16.4. One value: the next one may be ours again, for another user.
void ParticipatingFunction::Impl::take_own_route(sip::Message& request, std::string& route) const {
  if (!is_routed_to_us(request)) return;
  route = request.values(sip::Name::route).front();
  request.remove_first_value(sip::Name::route);
}

void ParticipatingFunction::Impl::request_arrived(Turn& turn, sip::RequestArrived arrived) {
  auto& request = arrived.request;
  const auto hops = sip::parse_delta_seconds(request.header(sip::Name::max_forwards));
  if (hops && *hops == 0) return refuse(turn, arrived, 483, "too many hops");
  std::string route;
  take_own_route(request, route);

  if (!sip::tag_of(request.header(sip::Name::to)).empty()) {
    if (const auto found = find(request)) return relay(turn, arrived, *found);
    return refuse(turn, arrived, 481, "no such dialog");
  }
  if (request.method() == "REGISTER") {
    auto deferring_turn = deferring(turn);
    if (const auto user = deferred_.third_party_register(deferring_turn, arrived))
      user_is_here(turn, *user);
    return;
  }
  if (!arrived.source.is_trusted)
    return refuse(turn, arrived, 403, "who begins must come from the SIP/IP core");
  if (is_to_deferral(request)) return pass_report(turn, std::move(arrived));
  begin(turn, arrived, route);
}

// Our own request came back to us for the same user: nobody is between us and ourselves.
bool ParticipatingFunction::Impl::is_own_loop(const sip::Message& request,
                                              const ServedUser& served) const {
  const auto [first, last] = by_call_id_.equal_range(request.header(sip::Name::call_id));
  return std::any_of(first, last, [&](const auto& entry) {
    const auto& call = calls_.at(entry.second);
    return call.callee_call_id == request.header(sip::Name::call_id) &&
           call.tag_to_callee == sip::tag_of(request.header(sip::Name::from)) &&
           call.served == served;
  });
}

void ParticipatingFunction::Impl::begin(Turn& turn, const sip::RequestArrived& arrived,
                                        std::string_view route) {
  const auto& request = arrived.request;
  const auto served = served_user(request, route, settings_);
  if (!served)
    return refuse(turn, arrived, served.error().fault == Fault::malformed ? 400 : 403,
                  served.error().detail);
  if (is_own_loop(request, *served)) return refuse(turn, arrived, 482, "our own request");
  if (deferred_.wants(*served, request)) {
    auto deferring_turn = deferring(turn);
    return deferred_.take(deferring_turn, arrived.transaction, request, *served, true);
  }
  const auto to = sip::next_hop(request);
  if (!to) return refuse(turn, arrived, 416, "nobody knows where it should go");
  begin_call(turn, arrived, *served, *to);
}

void ParticipatingFunction::Impl::begin_call(Turn& turn, const sip::RequestArrived& arrived,
                                             const ServedUser& served, const sip::Destination& to) {
  const auto& request = arrived.request;
  if (calls_.size() >= settings_.max_calls) return refuse(turn, arrived, 503, "too many calls");
  const CallId id{next_call_++};
  auto& call = calls_[id];
  call.served = served;
  call.method = request.method();
  call.target = sip::address_of_record(request.uri());
  call.from = sip::without_params(request.header(sip::Name::from));
  call.to = sip::without_params(request.header(sip::Name::to));
  call.caller_sequence = sip::sequence_of(request);
  call.caller_call_id = request.header(sip::Name::call_id);
  call.caller_tag = sip::tag_of(request.header(sip::Name::from));
  call.callee_call_id = random_token(world_.random, 24) + "@" + own_->host;
  call.tag_to_callee = random_token(world_.random, 12);
  call.caller_routes = values_of(request, sip::Name::record_route);
  call.caller_contact = contact_of(request);
  const auto own_route = "<" + settings_.uri + ";lr>";
  if (call.makes_dialogs()) {
    call.record_routes = call.caller_routes;
    call.record_routes.insert(call.record_routes.begin(), own_route);
  }
  by_call_id_.emplace(call.caller_call_id, id);
  by_call_id_.emplace(call.callee_call_id, id);
  warn_of_lost_feature_tags(call, request);
  history_.begins(call, request, turn.now);

  Addressing addressing;
  addressing.call_id = call.callee_call_id;
  addressing.from_tag = call.tag_to_callee;
  addressing.routes = values_of(request, sip::Name::route);
  if (call.makes_dialogs()) addressing.record_routes = {own_route};
  auto made = onward(request, addressing);
  if (served.session_case == SessionCase::originating) assert_service(made);
  call.is_anchored = may_anchor(call);
  if (call.is_anchored) offer(call, Side::caller, arrived.transaction, made);
  const bool is_deferrable = sessions_.can_take(served, request, deferred_);
  const bool is_away = is_deferrable && !served.is_registered;
  const auto sent =
      is_away ? sip::ClientTransactionId{} : layer_->send(std::move(made), to, turn.now, turn.sip);
  if (!is_away) exchange_of_.emplace(sent, arrived.transaction);
  exchanges_.emplace(arrived.transaction, Exchange{.call = id,
                                                   .from = Side::caller,
                                                   .is_first = true,
                                                   .is_deferrable = is_deferrable,
                                                   .tag_to_caller = {},
                                                   .request = request,
                                                   .sent = sent});
  if (is_away) return have_taken(turn, id, arrived.transaction);
  if (call.method == "INVITE")
    exchange_deadlines_.set(arrived.transaction.value, turn.now + settings_.invitation_patience);
  if (is_deferrable || deferred_.wants_instead_of(408, call.served, request))
    exchange_deadlines_.set(arrived.transaction.value, turn.now + settings_.deferral.patience);
}

// G-02: who rewrites Contact on the way takes the services out of it, and file transfer in groups
// stops to work without anybody being told.
void ParticipatingFunction::Impl::warn_of_lost_feature_tags(const Call& call,
                                                            const sip::Message& message) const {
  if (call.method != "INVITE" || message.header(sip::Name::contact).empty()) return;
  if (has_feature_tags(message)) return;
  world_.log.warning("participating",
                     "a Contact without feature tags: who rewrote it on the way has taken from CPM "
                     "what its user can do (G-02)",
                     {{"contact", masked(contact_of(message))},
                      {"served", masked(call.served.address)},
                      {"call_id", message.header(sip::Name::call_id)}});
}

}  // namespace convene::participating
