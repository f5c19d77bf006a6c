#include <algorithm>
#include <utility>
#include <vector>

#include "sip/related_requests.h"
#include "sip/tag.h"
#include "sip/transaction_key.h"
#include "sip/transaction_layer_impl.h"

namespace convene::sip {

namespace {

// Whether what failed at `broken` was meant for `destination`.
bool is_struck(const Destination& destination, const Destination& broken) {
  if (destination.transport != broken.transport) return false;
  if (destination.flow && broken.flow) return destination.flow == broken.flow;
  return destination.address == broken.address;
}

}  // namespace

std::string TransactionLayer::Impl::new_branch() {
  std::string branch{magic_cookie};
  return branch.append(settings_.branch_mark).append(random_token(surroundings_.random, 16));
}

// RFC 3261 18.1.1, RFC 3581 3. False when we have no address of that transport.
bool TransactionLayer::Impl::add_via(Message& request, Transport transport,
                                     std::string_view branch) const {
  const auto& address = settings_.addresses.of(transport);
  if (!address) return false;
  Via via{.transport = std::string{text_of(transport)}, .sent_by = *address, .params = {}};
  via.params.add("branch", branch);
  if (transport == Transport::udp) via.params.add("rport");
  request.add_first(Name::via, to_text(via));
  return true;
}

// RFC 3261 18.1.1: TCP for what is too long for UDP.
Destination TransactionLayer::Impl::fitting(const Message& request,
                                            const Destination& destination) const {
  if (destination.transport != Transport::udp || !settings_.addresses.tcp) return destination;
  if (to_text(request).size() <= settings_.udp_limit) return destination;
  return {.transport = Transport::tcp, .address = destination.address, .flow = {}};
}

ClientTransactionId TransactionLayer::Impl::send(Message request, Destination destination,
                                                 TimePoint now, LayerOutput& out) {
  const auto number = ++last_number_;
  const auto fitted = fitting(request, destination);
  std::optional<Fallback> fallback;
  if (fitted != destination) fallback = Fallback{request, std::move(destination)};

  if (!add_via(request, fitted.transport, new_branch())) {
    out.events.emplace_back(NoResponse{ClientTransactionId{number}, 503});
    return {number};
  }
  begin(number, std::move(request), fitted, now, out);
  if (const auto client = clients_.find(number); client != clients_.end()) {
    client->second.fallback = std::move(fallback);
  }
  return {number};
}

void TransactionLayer::Impl::begin(std::uint64_t number, Message request,
                                   const Destination& destination, TimePoint now,
                                   LayerOutput& out) {
  const auto transport = destination.transport;
  const auto via = parse_via(request.values(Name::via).front());
  Client client{.key = client_key(via ? via->branch() : std::string_view{}, request.method()),
                .destination = destination,
                .machine = ClientTransaction{transport, settings_.timers},
                .is_cancel = request.method() == "CANCEL",
                .fallback = {}};
  if (request.method() == "INVITE") {
    client.machine = InviteClientTransaction{transport, settings_.timers};
  }
  client_keys_.emplace(client.key, number);
  auto& added = clients_.emplace(number, std::move(client)).first->second;

  TransactionEffects effects;
  std::visit([&](auto& machine) { machine.start(std::move(request), now, effects); },
             added.machine);
  perform(number, added, std::move(effects), {}, now, out);
}

// RFC 3261 9.1
void TransactionLayer::Impl::cancel(ClientTransactionId invite, TimePoint now, LayerOutput& out) {
  const auto found = clients_.find(invite.value);
  if (found == clients_.end()) return;
  auto& client = found->second;
  if (!std::holds_alternative<InviteClientTransaction>(client.machine)) return;
  client.wants_cancel = true;
  perform(invite.value, client, {}, {}, now, out);
}

// Once, and not before a provisional response has come.
void TransactionLayer::Impl::send_cancel(std::uint64_t, Client& client, TimePoint now,
                                         LayerOutput& out) {
  auto& machine = std::get<InviteClientTransaction>(client.machine);
  if (machine.state() == InviteClientTransaction::State::calling) return;
  client.wants_cancel = false;
  if (machine.state() != InviteClientTransaction::State::proceeding) return;
  machine.expect_cancellation(now);
  begin(++last_number_, make_cancel(*machine.invite()), client.destination, now, out);
}

void TransactionLayer::Impl::send_without_transaction(Message request, Destination destination,
                                                      LayerOutput& out) {
  destination = fitting(request, destination);
  if (!add_via(request, destination.transport, new_branch())) return;
  out.sends.push_back({std::move(request), std::move(destination)});
}

// RFC 3261 17.1.4; what size had moved to TCP tries UDP (RFC 3261 18.1.1).
void TransactionLayer::Impl::transport_failed(const Destination& destination, TimePoint now,
                                              LayerOutput& out) {
  std::vector<std::uint64_t> struck;
  for (const auto& [number, client] : clients_) {
    if (is_struck(client.destination, destination)) struck.push_back(number);
  }
  std::ranges::sort(struck);

  for (const auto number : struck) {
    auto& client = clients_.at(number);
    if (client.fallback) {
      auto fallback = std::move(*client.fallback);
      remove_client(number);
      if (add_via(fallback.request, fallback.destination.transport, new_branch())) {
        begin(number, std::move(fallback.request), fallback.destination, now, out);
        continue;
      }
      out.events.emplace_back(NoResponse{ClientTransactionId{number}, 503});
      continue;
    }
    TransactionEffects effects;
    std::visit([&](auto& machine) { machine.fail_transport(effects); }, client.machine);
    perform(number, client, std::move(effects), {}, now, out);
  }
}

}  // namespace convene::sip
