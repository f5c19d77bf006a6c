#include <utility>

#include "client/core.h"
#include "sip/name_addr.h"

namespace convene::client {

namespace {}  // namespace

// CPM 7.3.1.1 Initiating a CPM 1-1 Session. Conversation 5
Result<GroupId> Client::create_session(NewSession wanted, TimePoint now, Output& out) {
  const auto peer = TRY(sip::parse_uri(wanted.peer));
  if (!peer.is_sip() && !peer.is_tel()) return fail(Fault::unsupported, "no CPM address");
  if (sip::address_of_record(peer) == core_->own_address_of_record) {
    return fail(Fault::unsupported, "a session with ourselves");
  }
  if (wanted.subject.size() > max_subject_octets) return fail(Fault::too_large, "the subject");
  if (!core_->has_room_for_session()) return fail(Fault::out_of_order, "too many sessions");
  TRY(core_->can_offer());

  const GroupId id{++core_->last_number};
  auto& session = core_->sessions[id];
  session.is_group = false;
  session.peer = std::move(wanted.peer);
  session.subject = std::move(wanted.subject);
  session.ids = std::move(wanted.ids);
  core_->invite_group(id, GroupInvite::between_two, now, out);
  return id;
}

// RFC 3261 9.1: nobody has answered yet. A 200 that crosses ends with BYE.
void Client::Core::stop_inviting(GroupId id, TimePoint now, Output& out) {
  auto& session = *find(id);
  session.was_given_up = true;
  session.give_up.reset();
  sip::UserAgentOutput agent_output;
  if (session.invite) agent->cancel(*session.invite, now, agent_output);
  settle(std::move(agent_output), now, out);
}

// Something was said in it.
void Client::Core::is_used(GroupId id, TimePoint now) {
  auto* session = find(id);
  if (!session || session->is_group || settings.idle_timeout == Duration{0}) return;
  if (session->state == SessionState::active) session->idle = now + settings.idle_timeout;
}

// Conversation 5: a session in which nothing is said is released. CPM 7.3.5
void Client::Core::wake_one_to_one(GroupId id, TimePoint now, Output& out) {
  const auto* session = find(id);
  if (session && is_due(session->give_up, now)) {
    surroundings.log.info("client", "nobody answers our INVITE");
    stop_inviting(id, now, out);
    session = find(id);
  }
  if (session && is_due(session->idle, now)) {
    static_cast<void>(hang_up(id, {}, EndReason::idle, now, out));
  }
}

}  // namespace convene::client
