#include <utility>

#include "base/text.h"
#include "sip/response_path.h"
#include "sip/transaction_key.h"
#include "sip/transaction_layer_impl.h"

namespace convene::sip {

namespace {

constexpr std::string_view retry_after_when_full = "10";  // seconds

}  // namespace

void TransactionLayer::Impl::receive(Message message, const Source& source, TimePoint now,
                                     LayerOutput& out) {
  if (message.is_request()) return receive_request(std::move(message), source, now, out);
  receive_response(std::move(message), source, now, out);
}

void TransactionLayer::Impl::receive_request(Message request, const Source& source, TimePoint now,
                                             LayerOutput& out) {
  auto via = top_via(request);
  if (!via) return surroundings_.log.debug("sip", "request without a readable Via dropped");
  note_source(request, *via, source);

  const std::string method{request.method()};
  const bool is_ack = method == "ACK";
  // RFC 3261 8.2.7: answered and forgotten.
  const auto refuse = [&](int status, std::string_view reason) {
    surroundings_.log.info("sip", "refused: " + std::string{reason},
                           {{"status", std::to_string(status)},
                            {"method", request.method()},
                            {"call_id", request.header(Name::call_id)}});
    auto response = make_response(request, status, to_tag(request), reason);
    if (status == 503) response.add(Name::retry_after, retry_after_when_full);
    out.sends.push_back({std::move(response), answer_destination(*via, source)});
  };
  if (const auto rejection = defect(request)) {
    if (!is_ack) refuse(rejection->status, rejection->reason);
    return;
  }
  if (is_ack) return receive_ack(std::move(request), *via, source, now, out);

  // RFC 3261 17.2.3
  if (const auto known = server_keys_.find(server_key(request, *via, method));
      known != server_keys_.end()) {
    auto& server = servers_.at(known->second);
    TransactionEffects effects;
    std::visit([&](auto& machine) { machine.receive_again(effects); }, server.machine);
    return perform(known->second, server, std::move(effects), out);
  }
  if (is_full_for(request)) return refuse(503, "too many transactions");
  if (method == "CANCEL") return receive_cancel(request, *via, source, now, out);

  // RFC 3261 8.2.2.2
  if (merge_keys_.contains(merge_key(request))) return refuse(482, "merged request");

  const auto number = add_server(request, *via, source, now);
  out.events.emplace_back(RequestArrived{ServerTransactionId{number}, std::move(request), source});
}

// What ends a dialog or an INVITE makes room, so it has some of its own.
bool TransactionLayer::Impl::is_full_for(const Message& request) const {
  const bool makes_room = request.method() == "BYE" || request.method() == "CANCEL";
  const auto reserve = makes_room ? settings_.max_transactions / 8 : 0;
  return transactions() >= settings_.max_transactions + reserve;
}

std::uint64_t TransactionLayer::Impl::add_server(const Message& request, const Via& via,
                                                 const Source& source, TimePoint now) {
  const auto number = ++last_number_;
  const auto transport = source.transport;
  Server server{.key = server_key(request, via, request.method()),
                .merge_key = request.method() == "CANCEL" ? std::string{} : merge_key(request),
                .destination = answer_destination(via, source),
                .machine = ServerTransaction{transport, settings_.timers}};
  if (request.method() == "INVITE") {
    server.machine =
        InviteServerTransaction{transport, settings_.timers, make_response(request, 100, {}), now};
  }
  server_keys_.emplace(server.key, number);
  if (!server.merge_key.empty()) merge_keys_.insert(server.merge_key);
  const auto& added = servers_.emplace(number, std::move(server)).first->second;
  deadlines_.set(number, std::visit([](auto& m) { return m.deadline(); }, added.machine));
  return number;
}

// RFC 3261 17.2.3: of the INVITE's transaction when we refused it; RFC 3261 13.2.2.4: else the
// user's.
void TransactionLayer::Impl::receive_ack(Message ack, const Via& via, const Source& source,
                                         TimePoint now, LayerOutput& out) {
  const auto known = server_keys_.find(server_key(ack, via, "INVITE"));
  if (known == server_keys_.end()) {
    out.events.emplace_back(AckArrived{std::move(ack), source});
    return;
  }
  auto& server = servers_.at(known->second);
  auto& invite = std::get<InviteServerTransaction>(server.machine);
  TransactionEffects effects;
  invite.receive_ack(now, effects);
  if (!effects.empty() && std::holds_alternative<DeliverAck>(effects.front())) {
    out.events.emplace_back(AckArrived{std::move(ack), source});
  }
  perform(known->second, server, std::move(effects), out);
}

// RFC 3261 9.2
void TransactionLayer::Impl::receive_cancel(const Message& cancel, const Via& via,
                                            const Source& source, TimePoint now, LayerOutput& out) {
  const auto number = add_server(cancel, via, source, now);
  const auto invite = server_keys_.find(server_key(cancel, via, "INVITE"));
  const int status = invite == server_keys_.end() ? 481 : 200;
  respond(ServerTransactionId{number}, make_response(cancel, status, to_tag(cancel)), now, out);
  if (invite == server_keys_.end()) return;

  const auto& machine = std::get<InviteServerTransaction>(servers_.at(invite->second).machine);
  if (machine.state() == InviteServerTransaction::State::proceeding) {
    out.events.emplace_back(CancelArrived{ServerTransactionId{invite->second}});
  }
}

// RFC 3261 17.1.3
void TransactionLayer::Impl::receive_response(Message response, const Source& source, TimePoint now,
                                              LayerOutput& out) {
  const auto via = top_via(response);
  if (!via || defect(response)) {
    return surroundings_.log.debug("sip", "unreadable response dropped");
  }
  const auto known = client_keys_.find(client_key(via->branch(), response.method()));
  if (known == client_keys_.end()) {
    out.events.emplace_back(StrayResponse{std::move(response), source});
    return;
  }
  const auto number = known->second;
  auto& client = clients_.at(number);
  TransactionEffects effects;
  std::visit([&](auto& machine) { machine.receive(std::move(response), now, effects); },
             client.machine);
  perform(number, client, std::move(effects), source, now, out);
}

}  // namespace convene::sip
