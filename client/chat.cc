#include <algorithm>
#include <utility>

#include "base/random.h"
#include "base/text.h"
#include "client/core.h"
#include "cpim/imdn_headers.h"
#include "cpm/content_types.h"
#include "cpm/identity.h"
#include "cpm/report.h"
#include "mime/content_type.h"
#include "msrp/nickname.h"
#include "sip/name_addr.h"
#include "xml/element.h"

namespace convene::client {

using sip::Name;

namespace {

constexpr std::size_t imdn_id_length = 16;

Person person_of(const std::optional<cpim::Address>& address) {
  if (!address || cpm::is_anonymous(address->uri)) return {};
  return {.address = address->uri, .display_name = address->display};
}

// RFC 3994 3
std::string composing_document(bool is_active) {
  xml::Element root{.name = "isComposing",
                    .attributes = {{"xmlns", "urn:ietf:params:xml:ns:im-iscomposing"}},
                    .children = {xml::leaf("state", is_active ? "active" : "idle"),
                                 xml::leaf("contenttype", "text/plain")},
                    .text = {}};
  if (is_active) root.children.push_back(xml::leaf("refresh", "60"));
  return xml::to_text(root);
}

// RFC 7701 8: what its a=chatroom says.
bool announces(const GroupSession& group, std::string_view token) {
  const auto& chatroom = group.theirs->chatroom;
  return chatroom && std::ranges::find(*chatroom, token) != chatroom->end();
}

msrp::OutgoingMessage outgoing(const cpim::Message& message,
                               msrp::OutgoingMessage::FailureReport failure_report) {
  msrp::OutgoingMessage sent{.message_id = {},
                             .content_type = std::string{cpm::cpim_type},
                             .prefix = {},
                             .octets = cpim::to_text(message),
                             .body = {},
                             .failure_report = failure_report};
  sent.total = sent.octets.size();
  return sent;
}

}  // namespace

std::string Client::Core::new_imdn_id() const {
  return random_token(surroundings.random, imdn_id_length);
}

std::string Client::Core::date_time(TimePoint now) const {
  return to_rfc3339(surroundings.calendar.at(now));
}

// Conversation 12 (1): the focus puts in who we are. Between two nobody would.
cpim::Message Client::Core::new_chat_message(GroupId group_id, std::string_view to,
                                             std::string_view id, TimePoint now) const {
  const auto angled = [](std::string_view uri) { return '<' + std::string{uri} + '>'; };
  const auto& group = *find(group_id);
  std::string_view from = cpm::anonymous_uri;
  if (!group.is_group) {
    from = settings.address;
    if (to.empty()) to = group.peer;
  }
  cpim::Message message;
  message.headers = {
      {.name = "From", .value = angled(from)},
      {.name = "To", .value = angled(to.empty() ? cpm::anonymous_uri : to)},
      {.name = "NS", .value = "imdn <urn:ietf:params:imdn>"},
      {.name = "imdn.Message-ID", .value = std::string{id}},
      {.name = "DateTime", .value = date_time(now)},
  };
  return message;
}

Result<> Client::Core::can_chat(GroupId id) const {
  const auto* group = find(id);
  if (!group) return fail(Fault::not_found, "no such session");
  if (group->state != SessionState::active || !group->media) {
    return fail(Fault::out_of_order, "the session is not up");
  }
  return {};
}

void Client::Core::send_message(GroupId id, msrp::OutgoingMessage message,
                                std::optional<std::string> imdn_id, TimePoint now, Output& out) {
  is_used(id, now);
  msrp::Output media_output;
  const auto sent = endpoint.send(*find(id)->media, std::move(message), now, media_output);
  if (imdn_id) chats.emplace(sent, Reported{*std::move(imdn_id), id});
  settle(std::move(media_output), now, out);
}

Result<std::string> Client::send_chat(GroupId id, ChatMessage chat, TimePoint now, Output& out) {
  TRY(core_->can_chat(id));
  const auto& group = *core_->find(id);
  const auto type = mime::bare_type(chat.content_type);
  if (type.empty()) return fail(Fault::malformed, "no content type");
  if (!sdp::type_is_accepted(group.theirs->accept_wrapped_types, type)) {
    return fail(Fault::unsupported, "the other side does not accept " + type);
  }
  if (!chat.to.empty()) {  // RFC 7701 8: only where private messages were announced
    if (!announces(group, "private-messages")) {
      return fail(Fault::unsupported, "no private messages in this group");
    }
    TRY(sip::parse_uri(chat.to));
  }

  const auto imdn_id = core_->new_imdn_id();
  auto message = core_->new_chat_message(id, chat.to, imdn_id, now);
  cpim::set_disposition_notification(message, chat.wants);
  cpim::set_content(message, chat.content_type, std::move(chat.octets));
  auto sent = outgoing(message, msrp::OutgoingMessage::FailureReport::yes);
  if (sent.total > core_->settings.max_chat_octets) {
    return fail(Fault::too_large, "more than a chat message may hold");
  }
  if (chat.wants.any()) core_->remember_reported(imdn_id, id, chat.to);
  core_->send_message(id, std::move(sent), imdn_id, now, out);
  return imdn_id;
}

// RFC 3994; without reports, and nobody's loss if it is lost.
Result<> Client::composing(GroupId id, bool is_active, TimePoint now, Output& out) {
  TRY(core_->can_chat(id));
  if (!sdp::type_is_accepted(core_->find(id)->theirs->accept_wrapped_types, cpm::composing_type)) {
    return fail(Fault::unsupported, "the other side does not want to know");
  }
  auto message = core_->new_chat_message(id, {}, core_->new_imdn_id(), now);
  cpim::set_content(message, cpm::composing_type, composing_document(is_active));
  core_->send_message(id, outgoing(message, msrp::OutgoingMessage::FailureReport::no), {}, now,
                      out);
  return {};
}

// RFC 7701 7: where the focus announced it. An empty one gives the nickname back.
Result<> Client::set_nickname(GroupId id, std::string nickname, TimePoint now, Output& out) {
  TRY(core_->can_chat(id));
  const auto& group = *core_->find(id);
  if (!announces(group, "nickname")) return fail(Fault::unsupported, "no nicknames in this group");
  if (nickname.size() > msrp::max_nickname_octets) return fail(Fault::too_large, "the nickname");
  msrp::Output media_output;
  const auto request = core_->endpoint.request_nickname(*group.media, nickname, now, media_output);
  core_->nicknames.emplace(request, Nickname{id, std::move(nickname)});
  core_->settle(std::move(media_output), now, out);
  return {};
}

// What is no CPIM gets 415, what cannot be read 400. Conversation 12 (1)
void Client::Core::chat_received(GroupId id, const msrp::MessageReceived& event, TimePoint now,
                                 Output& out) {
  const auto answer_with = [&](int status) {
    msrp::Output media_output;
    endpoint.answer(event.message, status, now, media_output);
    settle(std::move(media_output), now, out);
  };
  if (event.octets.empty()) return answer_with(200);
  const auto* group = find(id);
  if (!group) return answer_with(481);
  const auto type = mime::bare_type(event.content_type);
  if (type == cpm::composing_type && !group->is_group) {  // conversation 9: between two also bare
    answer_with(200);
    return take_composing(id, {.address = group->peer}, event.octets, out);
  }
  if (type != cpm::cpim_type) return answer_with(415);
  const auto message = cpim::parse_message(event.octets);
  if (!message) return answer_with(400);
  answer_with(200);
  is_used(id, now);
  group = find(id);
  if (group) take_chat(id, *message, {.conversation = group->ids.conversation}, now, out);
}

// Who speaks, as far as we may know. Between two it is who is in the session (RFC 3325), whatever
// the envelope claims.
Person Client::Core::speaker(GroupId id, const cpim::Message& message) const {
  const auto* group = find(id);
  const auto said = person_of(cpim::from_of(message));
  if (!group || group->is_group) return said;
  const bool is_same = sip::address_of_record(said.address) == sip::address_of_record(group->peer);
  return {.address = group->peer, .display_name = is_same ? said.display_name : std::string{}};
}

void Client::Core::take_composing(GroupId id, const Person& from, std::string_view text,
                                  Output& out) {
  const auto document = xml::parse_document(text);
  if (!document || xml::local_name(document->name) != "isComposing") return;
  out.events.emplace_back(Composing{id, from, document->child_text("state") == "active"});
}

void Client::Core::take_chat(GroupId id, const cpim::Message& message, const Origin& origin,
                             TimePoint now, Output& out) {
  const auto type = cpim::content_type_of(message);
  if (cpm::is_report(message)) return take_report(id, message, origin, out);
  const auto from = speaker(id, message);
  if (type == cpm::composing_type) return take_composing(id, from, message.body, out);

  const auto wants = cpim::disposition_notification(message);
  auto imdn_id = cpim::imdn_message_id(message);
  if (!imdn_id.empty() && !seen.is_new(from.address, imdn_id, max_seen)) return;  // once
  out.events.emplace_back(ChatReceived{
      .group = id,
      .from = from,
      .is_private = is_private(id, message),
      .id = imdn_id,
      .date_time = cpim::date_time_of(message).value_or(""),
      .content_type = std::string{message.content_headers.value("Content-Type").value_or(type)},
      .octets = message.body,
      .wants_display_report = wants.display && !imdn_id.empty()});

  auto original = message;
  original.body.clear();
  const auto* group = find(id);
  if (group && !group->is_group && !from.address.empty()) {  // who hears how it went
    cpim::set_from(original, {.display = from.display_name, .uri = from.address});
  }
  report(id, original, imdn::Disposition::delivery, imdn::Status::delivered, origin.conversation,
         now, out);
  if (!wants.display || imdn_id.empty()) return;
  unread.push_back({id, std::move(imdn_id), std::move(original), origin.conversation});
  if (unread.size() > max_unread) unread.pop_front();
}

// RFC 7701 6.1, G-20: only where we announced a chat room does To say whom it was for.
bool Client::Core::is_private(GroupId id, const cpim::Message& message) const {
  const auto* group = find(id);
  if (!group || !group->is_group || !group->ours.chatroom) return false;
  const auto to = cpim::to_of(message);
  return to && sip::address_of_record(to->uri) == own_address_of_record;
}

}  // namespace convene::client
