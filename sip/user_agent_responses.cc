#include <algorithm>
#include <utility>

#include "sip/fields.h"
#include "sip/related_requests.h"
#include "sip/tag.h"
#include "sip/user_agent_impl.h"

namespace convene::sip {

namespace {

std::string ack_key(const Message& response) {
  const auto cseq = parse_cseq(response.header(Name::cseq));
  return dialog_key(response.header(Name::call_id), tag_of(response.header(Name::from)),
                    tag_of(response.header(Name::to))) +
         "\n" + std::to_string(cseq ? cseq->number : 0);
}

}  // namespace

void UserAgent::Impl::receive_provisional(RequestId id, Message response, UserAgentOutput& out) {
  const auto& request = outgoing_.at(id);
  if (response.status() == 100 || request.purpose != Outgoing::Purpose::user) return;
  out.events.emplace_back(ResponseReceived{id, request.dialog, std::move(response)});
}

void UserAgent::Impl::receive_final(RequestId id, Message response, TimePoint now,
                                    UserAgentOutput& out) {
  auto& request = outgoing_.at(id);
  by_transaction_.erase(*request.transaction);
  request.transaction.reset();
  release(id, request);
  if (!retry(id, response, now, out)) conclude(id, std::move(response), now, out);
}

// RFC 3261 8.1.3.1, 12.2.1.2: no response, no way, or no dialog any more.
void UserAgent::Impl::finish_locally(RequestId id, int status, TimePoint now,
                                     UserAgentOutput& out) {
  auto& request = outgoing_.at(id);
  if (request.transaction) by_transaction_.erase(*request.transaction);
  request.transaction.reset();
  release(id, request);
  conclude(id, make_response(request.request, status, {}), now, out);
}

// The dialog is free for the next INVITE or offer.
void UserAgent::Impl::release(RequestId id, const Outgoing& request) {
  auto* entry = request.dialog ? find(*request.dialog) : nullptr;
  if (entry == nullptr) return;
  std::erase(entry->waiting, id);
  if (entry->invite_out == id) entry->invite_out.reset();
  if (entry->offer_out == id) {
    entry->offer_out.reset();
    entry->offer_answer.end_ours();
  }
}

// The one final response: what it does to the dialog, and the user's news.
void UserAgent::Impl::conclude(RequestId id, Message response, TimePoint now,
                               UserAgentOutput& out) {
  const auto request = std::move(outgoing_.extract(id).mapped());
  deadlines_.set(id.value, {});
  const int status = response.status();
  auto dialog = request.dialog;
  if (!dialog) {
    dialog = conclude_outside(id, request, response, now, out);
  } else if (status < 300) {
    receive_success_in(*dialog, request, response, now, out);
  }
  if (request.purpose == Outgoing::Purpose::user) {
    out.events.emplace_back(ResponseReceived{id, dialog, std::move(response)});
  }
  if (request.dialog) conclude_in(*dialog, request, status, now, out);
}

// RFC 3261 12.1.2, 13.2.2.4, RFC 6665 4.1: a 2xx to an INVITE or SUBSCRIBE makes a dialog.
std::optional<DialogId> UserAgent::Impl::conclude_outside(RequestId id, const Outgoing& request,
                                                          Message& response, TimePoint now,
                                                          UserAgentOutput& out) {
  const bool is_invite = request.request.method() == "INVITE";
  const bool is_subscribe = request.request.method() == "SUBSCRIBE";
  if (is_subscribe) {
    subscribing_.erase(dialog_key(request.request.header(Name::call_id),
                                  tag_of(request.request.header(Name::from)), {}));
  }
  if (response.status() >= 300) {
    if (request.notified) remove(*request.notified);
    return std::nullopt;
  }
  if (request.notified) return find(*request.notified) ? request.notified : std::nullopt;
  if (!is_invite && !is_subscribe) return std::nullopt;

  auto made = Dialog::as_uac(request.request, response);
  if (!made) {
    response = make_response(request.request, 502, {}, "Unusable Response");
    return std::nullopt;
  }
  if (is_invite && request.is_cancelled) {
    end_stray_dialog(std::move(*made), request.request, response, now, out);
    response = make_response(request.request, 487, {});
    return std::nullopt;
  }
  Entry entry{std::move(*made)};
  entry.is_session = is_invite;
  entry.made_by = id;
  entry.allows_update = response.lists(Name::allow, "UPDATE");
  if (is_invite) remember_session(entry, request.request);
  if (is_invite) entry.session_timer.agree(session_agreement(response), now);
  const auto dialog = add_dialog(std::move(entry));
  rearm(dialog);
  if (is_invite) {
    const auto& added = find(dialog)->dialog;
    acknowledge(added.make_ack(sequence_of(response)),
                added.next_hop().value_or(request.destination), request.request, response, now,
                out);
  }
  return dialog;
}

// RFC 3261 12.2.1.2, 14.1: the session is as the 2xx to our re-INVITE or UPDATE says.
void UserAgent::Impl::receive_success_in(DialogId id, const Outgoing& request,
                                         const Message& response, TimePoint now,
                                         UserAgentOutput& out) {
  const bool is_invite = request.request.method() == "INVITE";
  const bool is_update = request.request.method() == "UPDATE";
  auto* entry = find(id);
  const bool is_alive = entry != nullptr && !entry->is_ending;
  if (is_alive && (is_invite || is_update)) refresh_target(id, response, out);
  if (is_invite) {
    auto ack = entry != nullptr ? entry->dialog.make_ack(sequence_of(response))
                                : make_ack_to_success(request.request, response);
    const auto next = entry != nullptr ? entry->dialog.next_hop() : request.destination;
    acknowledge(std::move(ack), next.value_or(request.destination), request.request, response, now,
                out);
  }
  if (!is_alive) return;

  if (is_invite || is_update) {
    entry->session_timer.agree(session_agreement(response), now);
    rearm(id);
    remember_session(*entry, request.request);
  } else if (request.request.method() == "SUBSCRIBE") {
    entry->dialog.refresh_target(response);
  }
}

// RFC 3261 12.2.1.2: 481 and 408 end the dialog. RFC 4028 10: so they do when they answer a
// refresh.
void UserAgent::Impl::conclude_in(DialogId id, const Outgoing& request, int status, TimePoint now,
                                  UserAgentOutput& out) {
  if (request.purpose == Outgoing::Purpose::bye) {
    out.hung_up.push_back(id);
    return remove(id);
  }
  auto* entry = find(id);
  if (entry == nullptr || entry->is_ending) return;
  if (status == 481 || status == 408) {
    return end(id, DialogEnded::Why::refused, std::nullopt, now, out);
  }
  if (request.purpose == Outgoing::Purpose::refresh && status >= 300) {
    if (status == 405 || status == 501) entry->allows_update = false;  // next time by INVITE
    entry->session_timer.refresh_failed(now);
    rearm(id);
  }
  launch_waiting(id, now, out);
}

// RFC 3261 13.2.2.4: a repeated 2xx is acknowledged again; one of another fork as well, and its
// dialog ended.
void UserAgent::Impl::receive_another_success(const Message& response, TimePoint now,
                                              UserAgentOutput& out) {
  if (response.method() != "INVITE" || response.status() >= 300 || response.status() < 200) return;
  if (acknowledge_again(response, out)) return;
  if (layer_.transactions() >= settings_.layer.max_transactions) return;
  if (auto fork = Dialog::as_uac(response, response)) {
    end_stray_dialog(std::move(*fork), response, response, now, out);
  }
}

void UserAgent::Impl::end_stray_dialog(Dialog dialog, const Message& invite,
                                       const Message& response, TimePoint now,
                                       UserAgentOutput& out) {
  const auto destination = dialog.next_hop();
  if (!destination) return;
  acknowledge(dialog.make_ack(sequence_of(response)), *destination, invite, response, now, out);

  Outgoing bye;
  bye.purpose = Outgoing::Purpose::bye;
  bye.request = dialog.make_request(Message::request("BYE", {}));
  bye.destination = *destination;
  launch(add_outgoing(std::move(bye)), now, out);
}

// RFC 3261 13.2.2.4: with the credentials of the INVITE. Kept for 64*T1, as long as the 2xx may
// come again.
void UserAgent::Impl::acknowledge(Message ack, const Destination& destination,
                                  const Message& invite, const Message& response, TimePoint now,
                                  UserAgentOutput& out) {
  ack.copy(Name::authorization, invite);
  ack.copy(Name::proxy_authorization, invite);
  LayerOutput layer;
  layer_.send_without_transaction(ack, destination, layer);
  settle(std::move(layer), now, out);

  const auto number = ++last_number_;
  const auto key = ack_key(response);
  if (!ack_keys_.emplace(key, number).second) return;
  acks_.emplace(number, SentAck{key, std::move(ack), destination});
  deadlines_.set(number, now + 64 * settings_.layer.timers.t1);
}

bool UserAgent::Impl::acknowledge_again(const Message& response, UserAgentOutput& out) {
  if (response.method() != "INVITE" || response.status() / 100 != 2) return false;
  const auto known = ack_keys_.find(ack_key(response));
  if (known == ack_keys_.end()) return false;
  const auto& sent = acks_.at(known->second);
  LayerOutput layer;
  layer_.send_without_transaction(sent.ack, sent.destination, layer);
  settle(std::move(layer), {}, out);
  return true;
}

}  // namespace convene::sip
