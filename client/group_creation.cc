#include <algorithm>
#include <utility>

#include "client/core.h"
#include "client/member_list.h"
#include "cpm/content_types.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"
#include "sdp/session_description.h"
#include "sip/fields.h"
#include "sip/name_addr.h"

namespace convene::client {

using sip::Name;

namespace {

bool has_list(GroupInvite kind) {
  return kind == GroupInvite::creation || kind == GroupInvite::restart;
}

// The Request-URI.
const std::string& uri_of(GroupInvite kind, const GroupSession& group, const Settings& settings) {
  switch (kind) {
    case GroupInvite::between_two: return group.peer;
    case GroupInvite::joining: return group.focus;
    case GroupInvite::creation:
    case GroupInvite::restart: break;
  }
  return settings.conference_factory;
}

}  // namespace

// CPM 7.3.1.2 Initiating a CPM Group Session for a CPM Ad-hoc Group
Result<GroupId> Client::create_group(NewGroup wanted, TimePoint now, Output& out) {
  return core_->begin_group(std::move(wanted), std::nullopt, now, out);
}

Result<GroupId> Client::Core::begin_group(NewGroup wanted, std::optional<GroupId> extends,
                                          TimePoint now, Output& out) {
  auto members = TRY(members_of(wanted.members, own_address_of_record));
  if (wanted.subject.size() > max_subject_octets) return fail(Fault::too_large, "the subject");
  if (settings.conference_factory.empty()) {
    return fail(Fault::not_found, "no conference factory is known");
  }
  if (!has_room_for_session()) return fail(Fault::out_of_order, "too many sessions");
  TRY(can_offer());

  const GroupId id{++last_number};
  auto& group = sessions[id];
  group.subject = std::move(wanted.subject);
  group.members = std::move(members);
  if (extends) {  // conversation 6.10: the same thread, another contribution
    auto& session = *find(*extends);
    session.replaced_by = id;
    group.extends = extends;
    group.ids.conversation = session.ids.conversation;
  } else {
    group.ids.conversation = cpm::new_conversation_id(surroundings.random);
  }
  invite_group(id, GroupInvite::creation, now, out);
  return id;
}

std::string Client::Core::recipient_list(const GroupSession& group) const {
  std::vector<std::string> uris;
  const auto* replaced = group.extends ? find(*group.extends) : nullptr;
  for (const auto& member : group.members) {
    const bool is_replaced =
        replaced && replaced->state == SessionState::active &&
        sip::address_of_record(replaced->peer) == sip::address_of_record(member);
    uris.push_back(is_replaced ? replacing_entry(*replaced) : member);
  }
  return list_of(uris);
}

// Conversation 6.3: a group that exists, by its identity.
Result<GroupId> Client::join(KnownGroup known, TimePoint now, Output& out) {
  if (!TRY(sip::parse_uri(known.focus)).is_sip()) return fail(Fault::unsupported, "no focus URI");
  if (const auto id = core_->session_at(known.focus)) {
    if (core_->find(*id)->state != SessionState::ended) {
      return fail(Fault::out_of_order, "a session with it is up, or coming");
    }
    TRY(rejoin(*id, now, out));
    return *id;
  }
  if (!core_->has_room_for_session()) return fail(Fault::out_of_order, "too many sessions");
  TRY(core_->can_offer());

  const GroupId id{++core_->last_number};
  auto& group = core_->sessions[id];
  group.focus = std::move(known.focus);
  group.subject = std::move(known.subject);
  group.ids = std::move(known.ids);
  group.members = std::move(known.members);
  core_->invite_group(id, GroupInvite::joining, now, out);
  return id;
}

// CPM 7.3.1.5 Re-joining CPM Long-lived Group Session: with the ids it had.
Result<> Client::rejoin(GroupId id, TimePoint now, Output& out) {
  auto* group = core_->find(id);
  if (!group) return fail(Fault::not_found, "no such session");
  if (group->state != SessionState::ended) return fail(Fault::out_of_order, "not ended");
  if (!group->is_group || group->focus.empty()) {
    return fail(Fault::unsupported, "a session without identity");
  }
  if (!core_->has_room_for_session()) return fail(Fault::out_of_order, "too many sessions");
  TRY(core_->can_offer());

  core_->revive(id);
  core_->invite_group(id, GroupInvite::joining, now, out);
  return {};
}

// Conversation 6.4: a group whose identity is no more, or shall be no more. It begins anew at the
// factory with those that are known to be in it; the focus merges those who do so at once.
Result<> Client::restart(GroupId id, TimePoint now, Output& out) {
  auto* group = core_->find(id);
  if (!group) return fail(Fault::not_found, "no such session");
  if (group->state != SessionState::ended) return fail(Fault::out_of_order, "not ended");
  if (!group->is_group || group->members.empty()) {
    return fail(Fault::unsupported, "nobody is known to be in it");
  }
  if (core_->settings.conference_factory.empty()) {
    return fail(Fault::not_found, "no conference factory is known");
  }
  if (!core_->has_room_for_session()) return fail(Fault::out_of_order, "too many sessions");
  TRY(core_->can_offer());

  core_->revive(id);
  core_->invite_group(id, GroupInvite::restart, now, out);
  return {};
}

// R2.1: those that have ended take no room.
bool Client::Core::has_room_for_session() const {
  const auto live = std::ranges::count_if(
      sessions, [](const auto& one) { return one.second.state != SessionState::ended; });
  return static_cast<std::size_t>(live) < settings.max_sessions;
}

void Client::Core::invite_group(GroupId id, GroupInvite kind, TimePoint now, Output& out) {
  auto& group = *find(id);
  group.state = SessionState::creating;
  group.invite_kind = kind;
  group.was_given_up = false;
  group.give_up = now + settings.answer_timeout;
  const auto& uri = uri_of(kind, group, settings);

  auto invite = make_invite(uri, cpm::icsi::session, cpm::icsi::session, {});
  if (group.ids.conversation.empty()) {
    group.ids.conversation = cpm::new_conversation_id(surroundings.random);
  }
  if (group.ids.contribution.empty()) {
    group.ids.contribution =
        cpm::contribution_id(settings.device_secret, invite.header(Name::call_id));
  }
  cpm::write_ids(invite, group.ids);
  if (!group.subject.empty()) invite.add(Name::subject, group.subject);
  invite.add(Name::supported, "timer");
  if (settings.session_expires.count() > 0) {
    invite.add(Name::session_expires,
               sip::to_text(sip::SessionExpires{.interval = settings.session_expires}));
  }
  if (has_list(kind)) invite.add(Name::require, "recipient-list-invite");
  invite.add(Name::allow, allowed_methods);

  group.ours = chat_media(group, offered_setup(), offers_tls());
  group.description_id = new_description_id();
  const auto offer =
      cpm::describe(group.description_id, group.ours.host, {cpm::chat_line(group.ours)});
  group.description = sdp::to_text(offer);
  std::vector<mime::Part> parts{cpm::sdp_part(offer)};
  if (has_list(kind)) {
    parts.push_back(cpm::recipient_list_part(recipient_list(group)));  // RFC 5366 3
  }
  cpm::set_parts(invite, std::move(parts), surroundings.random);
  send(std::move(invite), id, now, out);
}

// Every group message needs a CPIM sender: nothing else is accepted. Conversation 9
cpm::MsrpMedia Client::Core::chat_media(const GroupSession& group, sdp::Setup setup,
                                        bool is_secure) const {
  auto media_line = new_media(setup, is_secure);
  media_line.direction = sdp::Direction::sendrecv;
  media_line.accept_types = {"message/cpim"};
  if (!group.is_group) media_line.accept_types.emplace_back(cpm::composing_type);
  media_line.accept_wrapped_types = settings.wrapped_types;
  return media_line;
}

void Client::Core::group_answered(GroupId id, const sip::Message& response,
                                  std::optional<sip::DialogId> dialog, TimePoint now, Output& out) {
  auto* group = find(id);
  if (!group || group->state != SessionState::creating) {
    if (dialog) bye(*dialog, {}, now, out);
    return;
  }
  group->invite.reset();
  group->give_up.reset();
  if (response.status() < 300 && dialog) return group_accepted(id, response, *dialog, now, out);

  // Conversation 6.4: an identity that the focus forgot. The group begins anew, with the same ids.
  if (response.status() == 404 && group->invite_kind == GroupInvite::joining &&
      !group->members.empty() && !settings.conference_factory.empty() && !group->was_given_up) {
    return invite_group(id, GroupInvite::restart, now, out);
  }
  end_session({.group = id,
               .reason = group->was_given_up ? EndReason::cancelled : EndReason::refused,
               .status = response.status(),
               .text = explanation_of(response)},
              now, out);
}

void Client::Core::group_accepted(GroupId id, const sip::Message& response, sip::DialogId dialog,
                                  TimePoint now, Output& out) {
  auto& group = *find(id);
  group.dialog = dialog;
  dialogs.emplace(dialog, id);

  const auto give_up = [&](std::string why) {
    bye(dialog, {}, now, out);
    end_session({.group = id, .reason = EndReason::refused, .status = 488, .text = std::move(why)},
                now, out);
  };
  const auto chat = cpm::read_chat(response, settings.address_rule);
  if (!chat) return give_up(chat.error().detail);
  const auto contact = remote_contact(dialog);
  const auto setup =
      cpm::setup_after_answer(group.ours.setup.value_or(sdp::Setup::active), chat->media.setup);
  const bool is_same_transport = chat->media.is_secure == group.ours.is_secure;
  if (!contact || !setup || !is_same_transport) return give_up("no media that we can connect");

  group.focus = sip::to_text(contact->uri);
  group.capabilities = cpm::capabilities_of(*contact);
  group.theirs = chat->media;
  group.state = SessionState::active;
  open_chat(id, *setup, now, out);
  session_is_up(id, now, out);
}

// R2.11: the active side connects, and binds with its first SEND.
void Client::Core::open_chat(GroupId id, msrp::Setup setup, TimePoint now, Output& out) {
  auto& group = *find(id);
  group.is_bound = false;
  group.media = open({.ours = group.ours,
                      .theirs = *group.theirs,
                      .setup = setup,
                      .receive = {.into = msrp::Receive::Into::memory,
                                  .max_octets = settings.max_chat_octets,
                                  .expected_octets = {}},
                      .hold_answers = true,
                      .max_chunk = std::max(settings.max_chunk, settings.max_chat_octets)},
                     id, now, out);
}

void Client::Core::session_is_up(GroupId id, TimePoint now, Output& out) {
  auto* group = find(id);
  if (!group || group->state != SessionState::active) return;
  group->may_rejoin = false;
  out.events.emplace_back(Joined{id, group->focus});
  is_used(id, now);
  if (group->is_group) subscribe(id, now, out);
  start_waiting_files(id, now, out);
}

}  // namespace convene::client
