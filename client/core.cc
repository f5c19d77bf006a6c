#include "client/core.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cpm/service.h"

namespace convene::client {

namespace {

std::string user_of(std::string_view address) {
  const auto uri = sip::parse_uri(address);
  return uri ? uri->user : std::string{};
}

std::string registrar_of(const Settings& settings) {
  if (!settings.registrar.empty()) return settings.registrar;
  const auto uri = sip::parse_uri(settings.address);
  return "sip:" + (uri ? uri->host : std::string{"localhost"});
}

}  // namespace

Client::Core::Core(Settings own_settings, Surroundings own_surroundings,
                   msrp::BodyStore& body_store)
    : settings{std::move(own_settings)},
      surroundings{own_surroundings},
      bodies{body_store},
      own_address_of_record{sip::address_of_record(settings.address)},
      contact_user{user_of(settings.address)},
      registrar_uri{registrar_of(settings)},
      endpoint{settings.media, own_surroundings, body_store} {}

GroupSession* Client::Core::find(GroupId id) {
  const auto found = sessions.find(id);
  return found == sessions.end() ? nullptr : &found->second;
}
const GroupSession* Client::Core::find(GroupId id) const {
  const auto found = sessions.find(id);
  return found == sessions.end() ? nullptr : &found->second;
}
FileTransfer* Client::Core::find(TransferId id) {
  const auto found = transfers.find(id);
  return found == transfers.end() ? nullptr : &found->second;
}
const FileTransfer* Client::Core::find(TransferId id) const {
  const auto found = transfers.find(id);
  return found == transfers.end() ? nullptr : &found->second;
}

FileSession* Client::Core::find(FileSessionId id) {
  const auto found = file_sessions.find(id);
  return found == file_sessions.end() ? nullptr : &found->second;
}
const FileSession* Client::Core::find(FileSessionId id) const {
  const auto found = file_sessions.find(id);
  return found == file_sessions.end() ? nullptr : &found->second;
}

std::optional<MediaOwner> Client::Core::owner_of(msrp::SessionKey key) const {
  const auto found = media.find(key);
  return found == media.end() ? std::nullopt : std::optional{found->second};
}

void Client::Core::settle(sip::UserAgentOutput agent_output, TimePoint now, Output& out) {
  out.sends.insert(out.sends.end(), std::make_move_iterator(agent_output.sends.begin()),
                   std::make_move_iterator(agent_output.sends.end()));
  for (auto& event : agent_output.events) {
    std::visit([&](auto& what) { on(what, now, out); }, event);
  }
  for (const auto dialog : agent_output.hung_up) hung_up(dialog, now, out);
}

void Client::Core::settle(msrp::Output media_output, TimePoint now, Output& out) {
  out.msrp.insert(out.msrp.end(), std::make_move_iterator(media_output.effects.begin()),
                  std::make_move_iterator(media_output.effects.end()));
  for (auto& event : media_output.events) {
    std::visit([&](auto& what) { on(what, now, out); }, event);
  }
  for (auto& event : media_output.relay_events) {
    std::visit([&](auto& what) { on(what, now, out); }, event);
  }
}

void Client::Core::on(sip::RequestReceived& event, TimePoint now, Output& out) {
  const auto method = event.request.method();
  if (method == "INVITE" && !event.dialog) {
    switch (cpm::service_of(event.request)) {
      case cpm::Service::file_transfer: return files_offered(event, now, out);
      case cpm::Service::session:
      case cpm::Service::unknown: return session_invited(event, now, out);
      case cpm::Service::large_message: return large_offered(event, now, out);
      case cpm::Service::message:
      case cpm::Service::deferred:
        return refuse(event.transaction, event.request, refusal(488, "another service"), now, out);
    }
  }
  if (method == "INVITE" || method == "UPDATE") return offered_again(event, now, out);
  if (method == "NOTIFY") return notified(event, now, out);
  if (method == "MESSAGE" && !event.dialog) return message_received(event, now, out);

  auto response = agent->respond_to(event.request, method == "OPTIONS" ? 200 : 405);
  response.set(sip::Name::allow, allowed_methods);
  if (method == "OPTIONS") response.add(sip::Name::contact, contact(cpm::icsi::session));
  respond(event.transaction, std::move(response), now, out);
}

void Client::Core::on(sip::ResponseReceived& event, TimePoint now, Output& out) {
  const auto known = requests.find(event.request);
  if (event.response.status() < 200 || known == requests.end()) return;
  const auto owner = known->second;
  requests.erase(known);

  if (std::holds_alternative<OfRegistration>(owner)) {
    registration_answered(event.response, now, out);
  } else if (const auto* group = std::get_if<GroupId>(&owner)) {
    group_answered(*group, event.response, event.dialog, now, out);
  } else if (const auto* subscription = std::get_if<OfSubscription>(&owner)) {
    subscription_answered(subscription->group, event.response, event.dialog, now);
  } else if (const auto* files = std::get_if<FileSessionId>(&owner)) {
    files_answered(*files, event.response, event.dialog, now, out);
  } else if (const auto* message = std::get_if<MessageId>(&owner)) {
    large_answered(*message, event.response, event.dialog, now, out);
  } else if (const auto* page = std::get_if<OfPage>(&owner)) {
    page_answered(*page, event.response, out);
  } else if (const auto* referral = std::get_if<OfReferral>(&owner)) {
    refer_answered(*referral, event.response, out);
  } else if (event.response.status() >= 300) {
    surroundings.log.info("client",
                          "a report was refused: " + std::string{event.response.reason()});
  }
}

void Client::Core::on(sip::Cancelled& event, TimePoint now, Output& out) {
  const auto known = offers.find(event.invite);
  if (known == offers.end()) return;
  const auto owner = known->second;
  offers.erase(known);
  if (const auto* group = std::get_if<GroupId>(&owner)) {
    end_session({.group = *group, .reason = EndReason::cancelled, .status = 487}, now, out);
  } else {
    offer_cancelled(std::get<FileSessionId>(owner), now, out);
  }
}

void Client::Core::on(sip::Acknowledged& event, TimePoint now, Output& out) {
  const auto known = dialogs.find(event.dialog);
  if (known == dialogs.end()) return;
  const auto owner = known->second;
  if (const auto* group = std::get_if<GroupId>(&owner)) {
    session_acknowledged(*group, now, out);
  } else if (const auto* files = std::get_if<FileSessionId>(&owner)) {
    files_acknowledged(*files, now, out);
  } else if (const auto* message = std::get_if<MessageId>(&owner)) {
    large_acknowledged(*message, now, out);
  }
}

// RFC 3840 7, G-40: what the focus can do may change with any target refresh.
void Client::Core::on(sip::PeerRefreshed& event, TimePoint, Output&) {
  const auto known = dialogs.find(event.dialog);
  if (known == dialogs.end()) return;
  if (const auto* id = std::get_if<GroupId>(&known->second)) {
    if (auto* group = find(*id)) group->capabilities = cpm::capabilities_of(event.contact);
  }
}

void Client::Core::on(sip::DialogEnded& event, TimePoint now, Output& out) {
  const auto known = dialogs.find(event.dialog);
  if (known == dialogs.end()) return;
  const auto owner = known->second;
  dialogs.erase(known);
  if (const auto* group = std::get_if<GroupId>(&owner)) {
    session_closed(*group, event, now, out);
  } else if (const auto* subscription = std::get_if<OfSubscription>(&owner)) {
    subscription_ended(subscription->group, {}, now);
  } else if (const auto* message = std::get_if<MessageId>(&owner)) {
    large_closed(*message, now, out);
  } else {
    files_closed(std::get<FileSessionId>(owner), event, now, out);
  }
}

void Client::Core::on(msrp::Bound& event, TimePoint, Output&) {
  const auto owner = owner_of(event.session);
  if (!owner) return;
  if (const auto* id = std::get_if<GroupId>(&*owner)) {
    if (auto* group = find(*id)) group->is_bound = true;
  }
}

void Client::Core::on(msrp::MessageBegun& event, TimePoint now, Output& out) {
  const auto owner = owner_of(event.session);
  const auto* transfer = owner ? std::get_if<TransferId>(&*owner) : nullptr;
  if (!transfer) return bodies.drop(event.body);
  file_begins(*transfer, event, now, out);
}

void Client::Core::on(msrp::MessageGrew& event, TimePoint now, Output& out) {
  const auto owner = owner_of(event.session);
  if (!owner) return;
  if (const auto* id = std::get_if<TransferId>(&*owner)) file_grew(*id, event, now, out);
}

void Client::Core::on(msrp::MessageReceived& event, TimePoint now, Output& out) {
  const auto owner = owner_of(event.session);
  if (!owner) return;
  if (const auto* group = std::get_if<GroupId>(&*owner)) {
    chat_received(*group, event, now, out);
  } else if (const auto* message = std::get_if<MessageId>(&*owner)) {
    large_received(*message, event, now, out);
  } else {
    file_is_whole(std::get<TransferId>(*owner), event, now, out);
  }
}

void Client::Core::on(msrp::MessageAborted& event, TimePoint now, Output& out) {
  const auto owner = owner_of(event.session);
  if (!owner) return;
  if (const auto* id = std::get_if<TransferId>(&*owner)) {
    fail_file(*id, {.reason = std::move(event.reason), .broke_off = true}, now, out);
  }
}

void Client::Core::on(msrp::MessageSent& event, TimePoint now, Output& out) {
  if (const auto chat = chats.extract(event.message)) {
    out.events.emplace_back(ChatSent{chat.mapped().group, std::move(chat.mapped().id)});
  } else if (const auto nickname = nicknames.extract(event.message)) {
    auto& [group, name] = nickname.mapped();
    out.events.emplace_back(NicknameSet{group, std::move(name)});
  } else if (const auto owner = owner_of(event.session)) {
    if (const auto* id = std::get_if<TransferId>(&*owner)) file_sent(*id, now, out);
    if (const auto* id = std::get_if<MessageId>(&*owner)) large_sent(*id, now, out);
  }
}

void Client::Core::on(msrp::MessageFailed& event, TimePoint now, Output& out) {
  if (const auto chat = chats.extract(event.message)) {
    out.events.emplace_back(
        ChatFailed{chat.mapped().group, std::move(chat.mapped().id), event.status});
  } else if (const auto nickname = nicknames.extract(event.message)) {
    auto& [group, name] = nickname.mapped();
    out.events.emplace_back(NicknameRefused{group, std::move(name), event.status});
  } else if (const auto owner = owner_of(event.session)) {
    const auto* id = std::get_if<TransferId>(&*owner);
    if (const auto* message = std::get_if<MessageId>(&*owner)) {
      return fail_large(*message, event.status, now, out);
    }
    const bool broke_off = event.status == 408 || event.status == 481;
    if (id) {  // R4.3
      fail_file(*id,
                {.status = event.status, .reason = "the file was refused", .broke_off = broke_off},
                now, out);
    }
  }
}

void Client::Core::on(msrp::SendProgress& event, TimePoint, Output& out) {
  const auto owner = owner_of(event.session);
  const auto* id = owner ? std::get_if<TransferId>(&*owner) : nullptr;
  auto* transfer = id ? find(*id) : nullptr;
  if (!transfer) return;
  transfer->octets =
      transfer->begun + event.confirmed - std::min(event.confirmed, transfer->prefix_octets);
  out.events.emplace_back(FileProgress{*id, transfer->octets, transfer->size});
}

// A client gives nobody a nickname.
void Client::Core::on(msrp::NicknameRequested& event, TimePoint now, Output& out) {
  msrp::Output media_output;
  endpoint.answer_nickname(event.session, event.transaction_id, 403, now, media_output);
  settle(std::move(media_output), now, out);
}

void Client::Core::on(msrp::SessionFailed& event, TimePoint now, Output& out) {
  const auto owner = owner_of(event.session);
  if (!owner) return;
  if (const auto* id = std::get_if<GroupId>(&*owner)) {
    // Conversation 6.7: a lost connection is no leaving. The member may join again.
    auto* group = find(*id);
    if (group && group->dialog) bye(*group->dialog, {}, now, out);
    end_session({.group = *id, .reason = EndReason::disconnected, .text = event.reason}, now, out);
  } else if (const auto* message = std::get_if<MessageId>(&*owner)) {
    fail_large(*message, 0, now, out);
  } else {
    fail_file(std::get<TransferId>(*owner), {.reason = event.reason, .broke_off = true}, now, out);
  }
}

void Client::Core::wake(TimePoint now, Output& out) {
  sip::UserAgentOutput agent_output;
  agent->wake(now, agent_output);
  settle(std::move(agent_output), now, out);

  msrp::Output media_output;
  endpoint.wake(now, media_output);
  settle(std::move(media_output), now, out);

  if (is_due(relay.due, now)) register_at_relay(now, out);
  if (is_due(registration.due, now)) send_register(now, out);

  std::vector<GroupId> groups;
  groups.reserve(sessions.size());
  for (const auto& [id, group] : sessions) groups.push_back(id);
  for (const auto id : groups) wake_session(id, now, out);

  std::vector<FileSessionId> files;
  files.reserve(file_sessions.size());
  for (const auto& [id, session] : file_sessions) files.push_back(id);
  for (const auto id : files) wake_files(id, now, out);
  forget_begun(now);

  std::vector<MessageId> messages;
  messages.reserve(large_messages.size());
  for (const auto& [id, message] : large_messages) messages.push_back(id);
  for (const auto id : messages) wake_message(id, now, out);
}

Deadline Client::Core::deadline() const {
  auto next = earliest(agent->deadline(), endpoint.deadline());
  next = earliest(next, earliest(registration.due, relay.due));
  for (const auto& [id, group] : sessions) {
    if (group.invitation) next = earliest(next, group.invitation->give_up);
    next = earliest(next, earliest(group.give_up, group.idle));
    if (group.subscription) {
      next = earliest(next, earliest(group.subscription->refresh, group.subscription->forget));
    }
  }
  for (const auto& [id, session] : file_sessions) {
    if (session.pending) next = earliest(next, session.pending->give_up);
    next = earliest(next, session.hang_up);
  }
  if (!begun_files.empty()) next = earliest(next, begun_files.front().forget);
  for (const auto& [id, message] : large_messages) next = earliest(next, message.give_up);
  return next;
}

void Client::Core::wake_session(GroupId id, TimePoint now, Output& out) {
  auto* group = find(id);
  if (group && group->invitation && is_due(group->invitation->give_up, now)) {
    time_out_invitation(id, now, out);
    group = find(id);
  }
  if (group && group->subscription) wake_subscription(id, now, out);
  wake_one_to_one(id, now, out);
}

void Client::Core::wake_files(FileSessionId id, TimePoint now, Output& out) {
  auto* session = find(id);
  if (!session) return;
  if (session->pending && is_due(session->pending->give_up, now)) {
    time_out_offer(id, now, out);
  } else if (is_due(session->hang_up, now)) {
    end_files(id, now, out);
  }
}

}  // namespace convene::client
