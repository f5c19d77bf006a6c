#include <utility>

#include "mime/multipart.h"
#include "sip/tag.h"
#include "sip/user_agent_impl.h"

namespace convene::sip {

DialogId UserAgent::Impl::add_dialog(Entry entry) {
  const DialogId id{++last_number_};
  const auto& dialog = entry.dialog;
  dialog_keys_[dialog_key(dialog.call_id(), dialog.local_tag(), dialog.remote_tag())] = id;
  dialogs_.emplace(id, std::move(entry));
  return id;
}

UserAgent::Impl::Entry* UserAgent::Impl::find(DialogId id) {
  const auto found = dialogs_.find(id);
  return found == dialogs_.end() ? nullptr : &found->second;
}

// RFC 3261 12.2.2: of a request from the peer.
std::optional<DialogId> UserAgent::Impl::find(const Message& request) const {
  const auto found =
      dialog_keys_.find(dialog_key(request.header(Name::call_id), tag_of(request.header(Name::to)),
                                   tag_of(request.header(Name::from))));
  if (found == dialog_keys_.end()) return std::nullopt;
  return found->second;
}

std::optional<UserAgent::DialogView> UserAgent::Impl::dialog(DialogId id) const {
  const auto found = dialogs_.find(id);
  if (found == dialogs_.end() || found->second.is_ending) return std::nullopt;
  const auto& entry = found->second;
  const auto& dialog = entry.dialog;
  return DialogView{dialog.call_id(),        dialog.local_tag(),      dialog.remote_tag(),
                    dialog.remote_contact(), dialog.remote_address(), entry.made_by};
}

// What still waits to be sent in it ends with 481, at the next wake().
void UserAgent::Impl::remove(DialogId id) {
  const auto found = dialogs_.find(id);
  if (found == dialogs_.end()) return;
  const auto entry = std::move(dialogs_.extract(found).mapped());
  const auto& dialog = entry.dialog;
  dialog_keys_.erase(dialog_key(dialog.call_id(), dialog.local_tag(), dialog.remote_tag()));
  deadlines_.set(id.value, {});
  for (const auto request : entry.waiting) deadlines_.set(request.value, TimePoint{});
}

// The dialog is over, and not because the user wanted it: RFC 3261 12.2.1.2, 13.3.1.4, 15.1.2, RFC
// 4028 10.
void UserAgent::Impl::end(DialogId id, DialogEnded::Why why, std::optional<Message> bye,
                          TimePoint now, UserAgentOutput& out) {
  auto& entry = *find(id);
  const bool was_told = entry.is_ending;
  if (why == DialogEnded::Why::bye || !entry.is_session) {
    remove(id);
  } else {
    entry.accepted.reset();
    const auto headers = std::exchange(entry.bye_after_ack, std::nullopt).value_or(Headers{});
    send_bye(id, headers, now, out);
  }
  if (!was_told) out.events.emplace_back(DialogEnded{id, why, std::move(bye)});
}

void UserAgent::Impl::bye(DialogId id, const Headers& headers, TimePoint now,
                          UserAgentOutput& out) {
  auto* entry = find(id);
  if (entry == nullptr || entry->is_ending) return;
  // RFC 3261 15: not before the ACK to our 2xx.
  if (entry->accepted) {
    entry->is_ending = true;
    entry->bye_after_ack = headers;
    entry->session_timer.stop();
    return rearm(id);
  }
  send_bye(id, headers, now, out);
}

// RFC 3261 15.1.1
void UserAgent::Impl::send_bye(DialogId id, const Headers& headers, TimePoint now,
                               UserAgentOutput& out) {
  auto& entry = *find(id);
  entry.is_ending = true;
  entry.session_timer.stop();
  rearm(id);
  if (const auto invite = entry.invite_in) terminate_invite(*invite, now, out);
  auto bye = Message::request("BYE", {});
  for (const auto& [name, value] : headers) bye.add(name, value);
  start_in(id, std::move(bye), Outgoing::Purpose::bye, now, out);
}

void UserAgent::Impl::wake_dialog(DialogId id, TimePoint now, UserAgentOutput& out) {
  auto& entry = *find(id);
  if (entry.accepted) {
    switch (entry.accepted->wake(now)) {
      case AcceptedInvite::Effect::nothing: break;
      case AcceptedInvite::Effect::retransmit:
        send_response(entry.accepted->transaction(), entry.accepted->success(), now, out);
        break;
      case AcceptedInvite::Effect::no_ack:
        return end(id, DialogEnded::Why::no_ack, std::nullopt, now, out);
    }
  }
  std::vector<SessionTimerEffect> effects;
  entry.session_timer.wake(now, effects);
  for (const auto effect : effects) {
    if (effect == SessionTimerEffect::expired) {
      return end(id, DialogEnded::Why::session_expired, std::nullopt, now, out);
    }
    refresh_session(id, now, out);
  }
  rearm(id);
}

// RFC 4028 7.4: the last we said of the session, for a refresh by INVITE. Without what went beside
// it: a recipient list is never said twice (RFC 5366 5.1).
void UserAgent::Impl::remember_session(Entry& entry, const Message& message) {
  const auto type = message.header(Name::content_type);
  if (message.body().empty()) return;
  const auto parts = mime::leaves_of(type, message.body());
  if (!parts) return;
  const auto* description = mime::find_by_type(*parts, "application/sdp");
  if (description != nullptr) entry.session_description = description->body;
}

// RFC 4028 7.4: UPDATE without offer, else a re-INVITE that offers what was agreed before.
void UserAgent::Impl::refresh_session(DialogId id, TimePoint now, UserAgentOutput& out) {
  const auto& entry = *find(id);
  const bool by_update = entry.allows_update || entry.session_description.empty();
  auto refresh = Message::request(by_update ? "UPDATE" : "INVITE", {});
  if (!by_update) refresh.set_body("application/sdp", entry.session_description);
  start_in(id, std::move(refresh), Outgoing::Purpose::refresh, now, out);
}

}  // namespace convene::sip
