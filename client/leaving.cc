#include <algorithm>
#include <utility>

#include "client/core.h"
#include "sip/fields.h"

namespace convene::client {

// CPM 7.3.5, R6.4: for good.
Result<> Client::leave(GroupId id, TimePoint now, Output& out) {
  return core_->hang_up(id, call_completed, EndReason::left, now, out);
}

// Conversation 6.7: without that Reason we stay a member.
Result<> Client::disconnect(GroupId id, TimePoint now, Output& out) {
  return core_->hang_up(id, {}, EndReason::disconnected, now, out);
}

Result<> Client::Core::hang_up(GroupId id, std::string_view reason, EndReason why, TimePoint now,
                               Output& out) {
  auto* group = find(id);
  if (!group) return fail(Fault::not_found, "no such session");
  switch (group->state) {
    case SessionState::creating: stop_inviting(id, now, out); return {};
    case SessionState::accepting:
    case SessionState::active:
      if (group->dialog) say_goodbye(id, reason, now, out);
      end_session({.group = id, .reason = why}, now, out);
      return {};
    case SessionState::invited: return fail(Fault::out_of_order, "an invitation");
    case SessionState::ended: break;
  }
  return fail(Fault::out_of_order, "ended already");
}

// Between two the MSRP session goes when the BYE is over: the other user hears of the end by SIP,
// and does not take it for a lost connection. A focus waits for who is lost (G-26).
void Client::Core::say_goodbye(GroupId id, std::string_view reason, TimePoint now, Output& out) {
  auto& group = *find(id);
  const auto dialog = *std::exchange(group.dialog, std::nullopt);
  if (!group.is_group && group.media) {
    const auto key = *std::exchange(group.media, std::nullopt);
    media.erase(key);
    closing.emplace(dialog, key);
  }
  bye(dialog, reason, now, out);
}

void Client::Core::hung_up(sip::DialogId dialog, TimePoint now, Output& out) {
  const auto closed = closing.extract(dialog);
  if (!closed) return;
  msrp::Output media_output;
  endpoint.close(closed.mapped(), now, media_output);
  settle(std::move(media_output), now, out);
}

// The other side hung up, or the dialog was lost. Conversation 6.7
void Client::Core::session_closed(GroupId id, const sip::DialogEnded& event, TimePoint now,
                                  Output& out) {
  auto* group = find(id);
  if (!group) return;
  group->dialog.reset();
  Ended end{.group = id, .reason = EndReason::disconnected};
  if (event.why == sip::DialogEnded::Why::bye) {
    end.reason = group->replaced_by ? EndReason::replaced : EndReason::closed;  // R2.6b
    const auto header = event.bye ? event.bye->header(sip::Name::reason) : std::string_view{};
    if (const auto reason = sip::parse_reason(header)) {
      end.status = reason->cause;
      end.text = reason->text;
      if (reason->cause == 410) end.reason = EndReason::gone;
      if (reason->cause >= 400 && reason->cause != 410) end.reason = EndReason::removed;
    }
  }
  end_session(std::move(end), now, out);
}

// The session is over; its file transfers are not (R6.3, R6.9).
void Client::Core::end_session(Ended event, TimePoint now, Output& out) {
  const auto id = event.group;
  auto* group = find(id);
  if (!group || group->state == SessionState::ended) return;
  group->state = SessionState::ended;
  group->invitation.reset();
  group->replaces.reset();
  group->replaced_by.reset();
  group->invite.reset();
  forget_extension(id);
  group->give_up.reset();
  group->idle.reset();
  if (group->dialog) dialogs.erase(*std::exchange(group->dialog, std::nullopt));
  group->is_bound = false;
  close(group->media, now, out);
  let_subscription_end(*group, now);
  fail_chats(id, out);
  ended.push_back(id);
  group->may_rejoin = event.reason == EndReason::disconnected || event.reason == EndReason::closed;
  out.events.emplace_back(std::move(event));

  for (const auto transfer : std::exchange(group->waiting_files, {})) {
    fail_file(transfer, {.reason = "the session did not come about"}, now, out);
  }
  forget_oldest_sessions();
}

// What was said, and not answered before the end.
void Client::Core::fail_chats(GroupId id, Output& out) {
  std::erase_if(nicknames, [id](const auto& one) { return one.second.group == id; });
  std::erase_if(chats, [&](const auto& one) {
    if (one.second.group != id) return false;
    out.events.emplace_back(ChatFailed{id, one.second.id, 481});
    return true;
  });
}

// One that begins anew under its old name.
void Client::Core::revive(GroupId id) {
  auto& group = *find(id);
  std::erase(ended, id);
  forget_subscription(group);
}

void Client::Core::forget_oldest_sessions() {
  while (ended.size() > settings.max_ended_sessions) {
    const auto id = ended.front();
    ended.pop_front();
    if (auto* group = find(id)) forget_subscription(*group);
    sessions.erase(id);
  }
}

// The focus invites us anew although we are in: it has lost our leg, and we let go of it.
void Client::Core::drop_leg(GroupId id, TimePoint now, Output& out) {
  auto& group = *find(id);
  if (group.dialog) bye(*std::exchange(group.dialog, std::nullopt), {}, now, out);
  close(group.media, now, out);
}

}  // namespace convene::client
