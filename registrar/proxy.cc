#include <algorithm>
#include <utility>

#include "base/text.h"
#include "registrar/registrar.h"
#include "sip/fields.h"

// A stateful proxy. RFC 3261 16.
namespace convene::registrar {

namespace {

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

// RFC 3261 16.7 (6): 6xx before all, then the lowest class; a 503 never (it becomes 500),
// challenges before the rest.
int rank(int status) {
  if (status >= 600) return 0;
  const bool tells_what_to_do =
      status == 401 || status == 407 || status == 415 || status == 420 || status == 484;
  return status / 100 * 10 + (tells_what_to_do ? 0 : 1) + (status == 408 || status == 503 ? 5 : 0);
}

// RFC 3325 9.1: a trusted element says who answered, or asked.
void assert_identity(sip::Message& message, std::string_view address, std::string_view display) {
  auto uri = sip::parse_uri(address);
  if (!uri) return;
  message.set(sip::Name::p_asserted_identity,
              to_text(sip::NameAddr{
                  .display = std::string{display}, .uri = std::move(*uri), .params = {}}));
}

// The display name a user chose for itself, when it speaks of its own address. RFC 3325 9.2
std::string preferred_display(const sip::Message& request, std::string_view address) {
  for (const auto name : {sip::Name::p_preferred_identity, sip::Name::from}) {
    const auto preferred = sip::parse_name_addr(request.header(name));
    if (preferred && sip::address_of_record(preferred->uri) == address) return preferred->display;
  }
  return {};
}

}  // namespace

Registrar::Registrar(Settings settings, Surroundings surroundings)
    : settings_{std::move(settings)},
      surroundings_{surroundings},
      layer_{settings_.layer, surroundings},
      authentication_{settings_.authentication, surroundings} {
  if (!settings_.participating) return;
  if (auto uri = sip::parse_uri(settings_.participating->uri)) participating_ = *std::move(uri);
}

void Registrar::receive(sip::Message message, const sip::Source& source, TimePoint now,
                        Output& out) {
  sip::LayerOutput output;
  layer_.receive(std::move(message), source, now, output);
  take(std::move(output), now, out);
}

void Registrar::transport_failed(const sip::Destination& destination, TimePoint now, Output& out) {
  sip::LayerOutput output;
  layer_.transport_failed(destination, now, output);
  take(std::move(output), now, out);
}

void Registrar::wake(TimePoint now, Output& out) {
  location_.expire(now);
  while (!answered_invites_.empty() && answered_invites_.front().first <= now) {
    forget(answered_invites_.front().second);
    answered_invites_.pop_front();
  }
  sip::LayerOutput output;
  layer_.wake(now, output);
  take(std::move(output), now, out);
}

Deadline Registrar::deadline() const {
  const auto forgetting =
      answered_invites_.empty() ? Deadline{} : Deadline{answered_invites_.front().first};
  return earliest(earliest(layer_.deadline(), location_.deadline()), forgetting);
}

void Registrar::take(sip::LayerOutput output, TimePoint now, Output& out) {
  std::ranges::move(output.sends, std::back_inserter(out.sends));
  handle(std::move(output.events), now, out);
}

void Registrar::respond(sip::ServerTransactionId transaction, sip::Message response, TimePoint now,
                        Output& out) {
  sip::LayerOutput output;
  layer_.respond(transaction, std::move(response), now, output);
  take(std::move(output), now, out);
}

void Registrar::handle(std::vector<sip::LayerEvent> events, TimePoint now, Output& out) {
  for (auto& event : events) {
    std::visit(
        Overloaded{
            [&](sip::RequestArrived& arrived) { request_arrived(std::move(arrived), now, out); },
            [&](sip::AckArrived& arrived) { ack_arrived(std::move(arrived), now, out); },
            [&](sip::CancelArrived& arrived) { cancel_arrived(arrived.invite, now, out); },
            [&](sip::ResponseArrived& arrived) {
              arrived.response.remove_first_value(sip::Name::via);  // (3)
              response_arrived(arrived.transaction, std::move(arrived.response), now, out);
            },
            // RFC 6026 7.3: a response without its transaction is not forwarded.
            [&](sip::StrayResponse&) {},
            [&](sip::NoResponse& silence) {
              const auto under_way = branch_of_.find(silence.transaction);
              if (under_way == branch_of_.end()) return;
              const auto& request = forwarded_.at(under_way->second).request;
              response_arrived(silence.transaction, make_response(request, silence.status, "none"),
                               now, out);
            },
            [&](sip::NoAck&) {},
        },
        event);
  }
}

void Registrar::answer(sip::ServerTransactionId transaction, const sip::Message& request,
                       int status, TimePoint now, Output& out, std::string_view reason) {
  respond(transaction,
          make_response(request, status, random_token(surroundings_.random, 8), reason), now, out);
}

// RFC 3261 16.3 and 16.4, then identity (RFC 3325), then 16.5.
void Registrar::request_arrived(sip::RequestArrived arrived, TimePoint now, Output& out) {
  auto& [transaction, request, source] = arrived;
  const auto hops = sip::parse_delta_seconds(request.header(sip::Name::max_forwards));
  if (hops && *hops == 0) return answer(transaction, request, 483, now, out);
  if (request.has(sip::Name::proxy_require)) {
    auto refusal = make_response(request, 420, random_token(surroundings_.random, 8));
    for (const auto option : request.values(sip::Name::proxy_require))
      refusal.add(sip::Name::unsupported, option);
    respond(transaction, std::move(refusal), now, out);
    return;
  }
  auto mark = remove_own_routes(request);
  if (!source.is_trusted) mark.clear();  // who has been served is not for a client to say
  if (request.method() == "REGISTER") return register_arrived(arrived, now, out);

  std::string asserted;
  if (!source.is_trusted) {
    const auto from = sip::parse_name_addr(request.header(sip::Name::from));
    const auto claimed = from ? sip::address_of_record(from->uri) : std::string{};
    auto verdict = authentication_.identify(request, source, claimed, location_,
                                            Authentication::At::proxy, now);
    if (verdict.refusal) {
      respond(transaction, std::move(*verdict.refusal), now, out);
      return;
    }
    asserted = verdict.address;
    assert_identity(request, asserted, preferred_display(request, asserted));
    request.remove(sip::Name::p_preferred_identity);
    if (const auto service = request.header(sip::Name::p_preferred_service); !service.empty()) {
      request.set(sip::Name::p_asserted_service, std::string{service});
      request.remove(sip::Name::p_preferred_service);
    }
    request.remove(sip::Name::proxy_authorization);
  }

  if (const auto served = originating(request, asserted, mark))
    return forward(transaction, request, source, {*served}, now, out);
  const auto targets = targets_of(request, mark, now);
  if (!targets) {
    const int status = targets.error().fault == Fault::not_found ? 404
                       : targets.error().fault == Fault::closed  ? 480
                                                                 : 403;
    surroundings_.log.info(
        "registrar", targets.error().detail,
        {{"method", request.method()}, {"call_id", request.header(sip::Name::call_id)}});
    return answer(transaction, request, status, now, out);
  }
  forward(transaction, request, source, *targets, now, out);
}

// RFC 3261 16.6
void Registrar::forward(sip::ServerTransactionId transaction, const sip::Message& request,
                        const sip::Source& source, const std::vector<Target>& targets,
                        TimePoint now, Output& out) {
  Forwarded forwarded{
      .request = request, .source = source, .branches = {}, .best = {}, .is_answered = false};
  sip::LayerOutput output;
  for (const auto& target : targets) {
    auto copy = request;                                 // (1)
    if (target.uri) copy.set_uri(to_text(*target.uri));  // (2)
    const auto hops = sip::parse_delta_seconds(copy.header(sip::Name::max_forwards));
    copy.set(sip::Name::max_forwards, std::to_string(hops ? *hops - 1 : 70));  // (3)
    add_record_route(copy, source, target.destination);                        // (4)
    for (const auto& route : target.routes) copy.add(sip::Name::route, route);
    copy.remove("P-Served-User");  // RFC 5502 6
    if (!target.served_user.empty()) copy.add("P-Served-User", target.served_user);

    // RFC 3325 7: what is private leaves the trust domain without the identity it hides.
    if (!target.asserted.empty() && copy.lists(sip::Name::privacy, "id")) {
      copy.remove(sip::Name::p_asserted_identity);
      copy.remove(sip::Name::referred_by);
    }
    const auto client = layer_.send(std::move(copy), target.destination, now, output);
    branch_of_.emplace(client, transaction);
    forwarded.branches.push_back(
        {.transaction = client, .asserted = target.asserted, .is_over = false});
  }
  forwarded_.emplace(transaction, std::move(forwarded));
  take(std::move(output), now, out);
}

// An ACK to a 2xx goes its way without a transaction.
void Registrar::ack_arrived(sip::AckArrived arrived, TimePoint now, Output& out) {
  auto& ack = arrived.ack;
  const auto hops = sip::parse_delta_seconds(ack.header(sip::Name::max_forwards));
  if (hops && *hops == 0) return;
  const auto mark = remove_own_routes(ack);
  const auto targets = targets_of(ack, mark, now);
  if (!targets || targets->empty()) return;
  if (targets->front().uri) ack.set_uri(to_text(*targets->front().uri));
  ack.set(sip::Name::max_forwards, std::to_string(hops ? *hops - 1 : 70));
  sip::LayerOutput output;
  layer_.send_without_transaction(std::move(ack), targets->front().destination, output);
  take(std::move(output), now, out);
}

// RFC 3261 16.10
void Registrar::cancel_arrived(sip::ServerTransactionId invite, TimePoint now, Output& out) {
  const auto found = forwarded_.find(invite);
  if (found == forwarded_.end()) return;
  sip::LayerOutput output;
  for (const auto& branch : found->second.branches) {
    if (!branch.is_over) layer_.cancel(branch.transaction, now, output);
  }
  take(std::move(output), now, out);
}

// RFC 3261 16.7
void Registrar::response_arrived(sip::ClientTransactionId transaction, sip::Message response,
                                 TimePoint now, Output& out) {
  const auto under_way = branch_of_.find(transaction);
  if (under_way == branch_of_.end()) return;
  const auto server = under_way->second;
  auto& forwarded = forwarded_.at(server);
  auto& branch = *std::ranges::find(forwarded.branches, transaction, &Branch::transaction);

  if (!branch.asserted.empty()) {
    // What a user's device asserts is worth nothing; that it answered for its user is known.
    assert_identity(response, branch.asserted, {});
    response.remove(sip::Name::p_preferred_identity);
  }
  // RFC 3325 7: also in a response, who wants it stays unknown outside the trust domain.
  if (!forwarded.source.is_trusted && response.lists(sip::Name::privacy, "id")) {
    response.remove(sip::Name::p_asserted_identity);
  }

  const int status = response.status();
  if (status == 100) return;
  sip::LayerOutput output;
  if (status < 200) {  // (5)
    if (!forwarded.is_answered) layer_.respond(server, std::move(response), now, output);
  } else if (status < 300) {
    const bool is_first = !std::exchange(forwarded.is_answered, true);
    branch.is_over = true;
    const bool is_invite = response.method() == "INVITE";
    if (is_first || is_invite) layer_.respond(server, std::move(response), now, output);
    for (const auto& other : forwarded.branches) {  // (10)
      if (!other.is_over) layer_.cancel(other.transaction, now, output);
    }
  } else {
    branch.is_over = true;
    if (!forwarded.best || rank(status) < rank(forwarded.best->status()))
      forwarded.best = std::move(response);
    if (status >= 600) {  // (5): a global refusal ends the search
      for (const auto& other : forwarded.branches) {
        if (!other.is_over) layer_.cancel(other.transaction, now, output);
      }
    }
  }
  take(std::move(output), now, out);
  finish_if_all_answered(server, now, out);
}

// RFC 3261 16.7 (6): the best of the refusals, once nobody can accept any more.
void Registrar::finish_if_all_answered(sip::ServerTransactionId transaction, TimePoint now,
                                       Output& out) {
  const auto found = forwarded_.find(transaction);
  if (found == forwarded_.end()) return;
  auto& forwarded = found->second;
  if (!std::ranges::all_of(forwarded.branches, &Branch::is_over)) return;

  const bool was_accepted = forwarded.is_answered;
  if (!forwarded.is_answered && forwarded.best) {
    sip::LayerOutput output;
    auto best = std::move(*forwarded.best);
    if (best.status() == 503)
      best = make_response(forwarded.request, 500, random_token(surroundings_.random, 8));
    layer_.respond(transaction, std::move(best), now, output);
    take(std::move(output), now, out);
    forwarded.is_answered = true;
  }
  // RFC 6026 7.2: further 2xx of an INVITE are still passed on for 64*T1.
  if (forwarded.request.method() == "INVITE" && was_accepted)
    answered_invites_.emplace_back(now + 64 * settings_.layer.timers.t1, transaction);
  else
    forget(transaction);
}

void Registrar::forget(sip::ServerTransactionId transaction) {
  const auto found = forwarded_.find(transaction);
  if (found == forwarded_.end()) return;
  for (const auto& branch : found->second.branches) branch_of_.erase(branch.transaction);
  forwarded_.erase(found);
}

}  // namespace convene::registrar
