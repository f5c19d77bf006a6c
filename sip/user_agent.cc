#include "sip/user_agent.h"

#include <iterator>
#include <utility>

#include "sip/fields.h"
#include "sip/tag.h"
#include "sip/user_agent_impl.h"

namespace convene::sip {

std::string_view text_of(DialogEnded::Why why) {
  using enum DialogEnded::Why;
  switch (why) {
    case bye: return "BYE";
    case no_ack: return "no ACK";
    case session_expired: return "session expired";
    case refused: return "refused";
  }
  return {};
}

UserAgent::Impl::Impl(UserAgentSettings settings, Surroundings surroundings)
    : settings_{std::move(settings)},
      surroundings_{surroundings},
      layer_{settings_.layer, surroundings} {}

void UserAgent::Impl::receive(Message message, const Source& source, TimePoint now,
                              UserAgentOutput& out) {
  // RFC 3261 8.1.3.3: a response that still has another's Via was sent astray.
  if (!message.is_request() && message.values(Name::via).size() != 1) return;
  LayerOutput layer;
  layer_.receive(std::move(message), source, now, layer);
  settle(std::move(layer), now, out);
}

void UserAgent::Impl::transport_failed(const Destination& destination, TimePoint now,
                                       UserAgentOutput& out) {
  LayerOutput layer;
  layer_.transport_failed(destination, now, layer);
  settle(std::move(layer), now, out);
}

void UserAgent::Impl::wake(TimePoint now, UserAgentOutput& out) {
  LayerOutput layer;
  layer_.wake(now, layer);
  settle(std::move(layer), now, out);

  for (const auto number : deadlines_.take_due(now)) {
    if (dialogs_.contains(DialogId{number})) {
      wake_dialog(DialogId{number}, now, out);
    } else if (outgoing_.contains(RequestId{number})) {
      repeat(RequestId{number}, now, out);
    } else if (const auto ack = acks_.find(number); ack != acks_.end()) {
      ack_keys_.erase(ack->second.key);
      acks_.erase(ack);
    }
  }
}

Deadline UserAgent::Impl::deadline() const {
  return earliest(layer_.deadline(), deadlines_.earliest());
}

void UserAgent::Impl::settle(LayerOutput layer, TimePoint now, UserAgentOutput& out) {
  out.sends.insert(out.sends.end(), std::make_move_iterator(layer.sends.begin()),
                   std::make_move_iterator(layer.sends.end()));
  for (auto& event : layer.events) {
    std::visit([&](auto& what) { on(what, now, out); }, event);
  }
}

void UserAgent::Impl::on(RequestArrived& event, TimePoint now, UserAgentOutput& out) {
  if (tag_of(event.request.header(Name::to)).empty()) {
    receive_outside(event, now, out);
  } else {
    receive_in_dialog(event, now, out);
  }
}

// RFC 3261 13.3.1.4: the ACK ends the retransmissions of our 2xx, and frees what waited for it.
void UserAgent::Impl::on(AckArrived& event, TimePoint now, UserAgentOutput& out) {
  const auto id = find(event.ack);
  const auto cseq = parse_cseq(event.ack.header(Name::cseq));
  if (!id || !cseq) return;
  auto& entry = *find(*id);
  if (!entry.accepted || !entry.accepted->acknowledge(cseq->number)) return;

  entry.accepted.reset();
  entry.is_confirmed = true;
  rearm(*id);
  if (entry.bye_after_ack) {
    const auto headers = std::move(*std::exchange(entry.bye_after_ack, std::nullopt));
    return send_bye(*id, headers, now, out);
  }
  out.events.emplace_back(Acknowledged{*id, std::move(event.ack)});
  launch_waiting(*id, now, out);
}

// RFC 3261 9.2
void UserAgent::Impl::on(CancelArrived& event, TimePoint now, UserAgentOutput& out) {
  if (!incoming_.contains(event.invite)) return;
  terminate_invite(event.invite, now, out);
  out.events.emplace_back(Cancelled{event.invite});
}

void UserAgent::Impl::on(ResponseArrived& event, TimePoint now, UserAgentOutput& out) {
  const auto known = by_transaction_.find(event.transaction);
  if (known == by_transaction_.end()) {
    receive_another_success(event.response, now, out);
  } else if (event.response.status() >= 200) {
    receive_final(known->second, std::move(event.response), now, out);
  } else {
    receive_provisional(known->second, std::move(event.response), out);
  }
}

// A 2xx that comes when its transaction is gone: acknowledged as long as we remember how.
void UserAgent::Impl::on(StrayResponse& event, TimePoint, UserAgentOutput& out) {
  acknowledge_again(event.response, out);
}

// RFC 3261 8.1.3.1: as if that response had come.
void UserAgent::Impl::on(NoResponse& event, TimePoint now, UserAgentOutput& out) {
  const auto known = by_transaction_.find(event.transaction);
  if (known != by_transaction_.end()) finish_locally(known->second, event.status, now, out);
}

void UserAgent::Impl::on(NoAck&, TimePoint, UserAgentOutput&) {
  surroundings_.log.debug("sip", "no ACK came to our refusal of an INVITE");
}

void UserAgent::Impl::rearm(DialogId id) {
  const auto* entry = find(id);
  if (entry == nullptr) return deadlines_.set(id.value, {});
  const auto accepted = entry->accepted ? entry->accepted->deadline() : Deadline{};
  deadlines_.set(id.value, earliest(accepted, entry->session_timer.deadline()));
}

UserAgent::UserAgent(UserAgentSettings settings, Surroundings surroundings)
    : impl_{std::make_unique<Impl>(std::move(settings), surroundings)} {}
UserAgent::~UserAgent() = default;
UserAgent::UserAgent(UserAgent&&) noexcept = default;

void UserAgent::receive(Message message, const Source& source, TimePoint now,
                        UserAgentOutput& out) {
  impl_->receive(std::move(message), source, now, out);
}
void UserAgent::transport_failed(const Destination& destination, TimePoint now,
                                 UserAgentOutput& out) {
  impl_->transport_failed(destination, now, out);
}
void UserAgent::wake(TimePoint now, UserAgentOutput& out) { impl_->wake(now, out); }
Deadline UserAgent::deadline() const { return impl_->deadline(); }
bool UserAgent::owns_branch(std::string_view branch) const { return impl_->owns_branch(branch); }

RequestId UserAgent::request(Message request, TimePoint now, UserAgentOutput& out) {
  return impl_->request(std::move(request), now, out);
}
Result<RequestId> UserAgent::request_in(DialogId dialog, Message request, TimePoint now,
                                        UserAgentOutput& out) {
  return impl_->request_in(dialog, std::move(request), now, out);
}
void UserAgent::cancel(RequestId invite, TimePoint now, UserAgentOutput& out) {
  impl_->cancel(invite, now, out);
}
std::optional<DialogId> UserAgent::respond(ServerTransactionId transaction, Message response,
                                           TimePoint now, UserAgentOutput& out) {
  return impl_->respond(transaction, std::move(response), now, out);
}
Message UserAgent::respond_to(const Message& request, int status, std::string_view reason) {
  return impl_->respond_to(request, status, reason);
}
void UserAgent::bye(DialogId dialog, const std::vector<std::pair<Name, std::string>>& headers,
                    TimePoint now, UserAgentOutput& out) {
  impl_->bye(dialog, headers, now, out);
}
void UserAgent::forget(DialogId dialog) { impl_->forget(dialog); }
std::optional<UserAgent::DialogView> UserAgent::dialog(DialogId id) const {
  return impl_->dialog(id);
}
void UserAgent::set_credentials(Credentials credentials) {
  impl_->set_credentials(std::move(credentials));
}
std::size_t UserAgent::dialogs() const { return impl_->dialogs(); }
std::size_t UserAgent::transactions() const { return impl_->transactions(); }

}  // namespace convene::sip
