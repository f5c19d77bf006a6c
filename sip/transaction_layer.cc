#include "sip/transaction_layer.h"

#include <utility>

#include "base/hash.h"
#include "sip/tag.h"
#include "sip/transaction_key.h"
#include "sip/transaction_layer_impl.h"

namespace convene::sip {

const std::optional<HostPort>& LocalAddresses::of(Transport transport) const {
  switch (transport) {
    case Transport::udp: return udp;
    case Transport::tcp: return tcp;
    case Transport::tls: return tls;
  }
  return udp;
}

TransactionLayer::Impl::Impl(LayerSettings settings, Surroundings surroundings)
    : settings_{std::move(settings)},
      surroundings_{surroundings},
      secret_{random_token(surroundings.random, 32)} {}

void TransactionLayer::Impl::respond(ServerTransactionId transaction, Message response,
                                     TimePoint now, LayerOutput& out) {
  const auto found = servers_.find(transaction.value);
  if (found == servers_.end()) return;
  TransactionEffects effects;
  std::visit([&](auto& machine) { machine.respond(std::move(response), now, effects); },
             found->second.machine);
  perform(transaction.value, found->second, std::move(effects), out);
}

void TransactionLayer::Impl::refuse(ServerTransactionId invite, int status, TimePoint now,
                                    LayerOutput& out) {
  const auto found = servers_.find(invite.value);
  if (found == servers_.end()) return;
  const auto* machine = std::get_if<InviteServerTransaction>(&found->second.machine);
  const auto* provisional = machine != nullptr ? machine->provisional() : nullptr;
  if (provisional == nullptr) return;
  respond(invite, make_response(*provisional, status, to_tag(*provisional)), now, out);
}

void TransactionLayer::Impl::wake(TimePoint now, LayerOutput& out) {
  for (const auto number : deadlines_.take_due(now)) {
    TransactionEffects effects;
    const auto wake_machine = [&](auto& machine) { machine.wake(now, effects); };
    if (const auto client = clients_.find(number); client != clients_.end()) {
      std::visit(wake_machine, client->second.machine);
      perform(number, client->second, std::move(effects), {}, now, out);
    } else if (const auto server = servers_.find(number); server != servers_.end()) {
      std::visit(wake_machine, server->second.machine);
      perform(number, server->second, std::move(effects), out);
    }
  }
}

void TransactionLayer::Impl::perform(std::uint64_t number, Client& client,
                                     TransactionEffects effects, const Source& source,
                                     TimePoint now, LayerOutput& out) {
  const ClientTransactionId id{number};
  bool has_ended = false;
  for (auto& effect : effects) {
    if (auto* transmit = std::get_if<Transmit>(&effect)) {
      out.sends.push_back({std::move(transmit->message), client.destination});
    } else if (std::holds_alternative<TransactionEnded>(effect)) {
      has_ended = true;
    } else if (client.is_cancel) {
      continue;
    } else if (auto* deliver = std::get_if<Deliver>(&effect)) {
      client.fallback.reset();
      out.events.emplace_back(ResponseArrived{id, std::move(deliver->response), source});
    } else if (std::holds_alternative<TimedOut>(effect)) {
      out.events.emplace_back(NoResponse{id, 408});
    } else if (std::holds_alternative<TransportFailed>(effect)) {
      out.events.emplace_back(NoResponse{id, 503});
    } else if (std::holds_alternative<PatienceEnded>(effect)) {
      client.wants_cancel = true;
    }
  }
  if (has_ended) return remove_client(number);
  if (client.wants_cancel) send_cancel(number, client, now, out);
  deadlines_.set(number, std::visit([](auto& m) { return m.deadline(); }, client.machine));
}

void TransactionLayer::Impl::perform(std::uint64_t number, Server& server,
                                     TransactionEffects effects, LayerOutput& out) {
  bool has_ended = false;
  for (auto& effect : effects) {
    if (auto* transmit = std::get_if<Transmit>(&effect)) {
      out.sends.push_back({std::move(transmit->message), server.destination});
    } else if (std::holds_alternative<AckMissing>(effect)) {
      out.events.emplace_back(NoAck{ServerTransactionId{number}});
    } else if (std::holds_alternative<TransactionEnded>(effect)) {
      has_ended = true;
    }
  }
  if (has_ended) return remove_server(number);
  deadlines_.set(number, std::visit([](auto& m) { return m.deadline(); }, server.machine));
}

void TransactionLayer::Impl::remove_client(std::uint64_t number) {
  const auto found = clients_.find(number);
  client_keys_.erase(found->second.key);
  clients_.erase(found);
  deadlines_.set(number, {});
}

void TransactionLayer::Impl::remove_server(std::uint64_t number) {
  const auto found = servers_.find(number);
  server_keys_.erase(found->second.key);
  merge_keys_.erase(found->second.merge_key);
  servers_.erase(found);
  deadlines_.set(number, {});
}

bool TransactionLayer::Impl::owns_branch(std::string_view branch) const {
  if (!branch.starts_with(magic_cookie)) return false;
  branch.remove_prefix(magic_cookie.size());
  return branch.starts_with(settings_.branch_mark);
}

// RFC 3261 8.2.7: the same for the same request, without remembering it.
std::string TransactionLayer::Impl::to_tag(const Message& request) const {
  const auto vias = request.values(Name::via);
  const auto via = vias.empty() ? fail(Fault::malformed, "no Via") : parse_via(vias.front());
  const auto cseq = parse_cseq(request.header(Name::cseq));
  std::string text{request.header(Name::call_id)};
  text.append(1, '\n').append(tag_of(request.header(Name::from)));
  text.append(1, '\n').append(cseq ? std::to_string(cseq->number) : "");
  text.append(1, '\n').append(via ? via->branch() : std::string_view{});
  return to_hex(hmac_sha1(secret_, text)).substr(0, 16);
}

TransactionLayer::TransactionLayer(LayerSettings settings, Surroundings surroundings)
    : impl_{std::make_unique<Impl>(std::move(settings), surroundings)} {}
TransactionLayer::~TransactionLayer() = default;
TransactionLayer::TransactionLayer(TransactionLayer&&) noexcept = default;

void TransactionLayer::receive(Message message, const Source& source, TimePoint now,
                               LayerOutput& out) {
  impl_->receive(std::move(message), source, now, out);
}

ClientTransactionId TransactionLayer::send(Message request, const Destination& destination,
                                           TimePoint now, LayerOutput& out) {
  return impl_->send(std::move(request), destination, now, out);
}

void TransactionLayer::cancel(ClientTransactionId invite, TimePoint now, LayerOutput& out) {
  impl_->cancel(invite, now, out);
}

void TransactionLayer::send_without_transaction(Message request, const Destination& destination,
                                                LayerOutput& out) {
  impl_->send_without_transaction(std::move(request), destination, out);
}

void TransactionLayer::respond(ServerTransactionId transaction, Message response, TimePoint now,
                               LayerOutput& out) {
  impl_->respond(transaction, std::move(response), now, out);
}

void TransactionLayer::refuse(ServerTransactionId invite, int status, TimePoint now,
                              LayerOutput& out) {
  impl_->refuse(invite, status, now, out);
}

void TransactionLayer::transport_failed(const Destination& destination, TimePoint now,
                                        LayerOutput& out) {
  impl_->transport_failed(destination, now, out);
}

void TransactionLayer::wake(TimePoint now, LayerOutput& out) { impl_->wake(now, out); }
Deadline TransactionLayer::deadline() const { return impl_->deadline(); }
bool TransactionLayer::owns_branch(std::string_view branch) const {
  return impl_->owns_branch(branch);
}
std::size_t TransactionLayer::transactions() const { return impl_->transactions(); }
std::string TransactionLayer::to_tag(const Message& request) const {
  return impl_->to_tag(request);
}

}  // namespace convene::sip
