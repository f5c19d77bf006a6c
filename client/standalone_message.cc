#include "cpm/standalone_message.h"

#include <algorithm>
#include <array>
#include <utility>

#include "client/core.h"
#include "cpim/imdn_headers.h"
#include "cpm/identity.h"
#include "cpm/ids.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"
#include "groups/resource_list.h"
#include "mime/content_type.h"
#include "sip/fields.h"

// CPM 7.2: a message outside any session.
namespace convene::client {

using sip::Name;

namespace {

constexpr std::size_t max_recipients = 1'000;

std::size_t recipients(const StandaloneMessage& message) {
  return message.to.size() + message.cc.size() + message.bcc.size();
}

// One alone is addressed directly; several go through the conference factory.
bool is_list(const StandaloneMessage& message) { return recipients(message) > 1; }

// RFC 5364 4
groups::ResourceList list_of(const StandaloneMessage& message) {
  using groups::CopyControl;
  groups::ResourceList list;
  const auto add = [&list](const std::vector<std::string>& addresses, CopyControl control) {
    for (const auto& address : addresses) {
      list.entries.push_back({.uri = address, .copy_control = control});
    }
  };
  add(message.to, CopyControl::to);
  add(message.cc, CopyControl::cc);
  add(message.bcc, CopyControl::bcc);
  return list;
}

std::vector<std::string> all_recipients(const StandaloneMessage& message) {
  auto all = message.to;
  all.insert(all.end(), message.cc.begin(), message.cc.end());
  all.insert(all.end(), message.bcc.begin(), message.bcc.end());
  return all;
}

const std::string& only_recipient(const StandaloneMessage& message) {
  if (!message.to.empty()) return message.to.front();
  return message.cc.empty() ? message.bcc.front() : message.cc.front();
}

}  // namespace

Result<> Client::Core::can_send(const StandaloneMessage& message) const {
  if (recipients(message) == 0) return fail(Fault::malformed, "a message to nobody");
  if (recipients(message) > max_recipients) {
    return fail(Fault::too_large, "more than 1000 recipients");
  }
  for (const auto* list : {&message.to, &message.cc, &message.bcc}) {
    for (const auto& address : *list) {
      const auto uri = TRY(sip::parse_uri(address));
      if (!uri.is_sip() && !uri.is_tel()) return fail(Fault::unsupported, "no CPM address");
    }
  }
  TRY(mime::parse_content_type(message.content_type));
  if (is_list(message) && settings.conference_factory.empty()) {
    return fail(Fault::not_found, "no conference factory is known");
  }
  if (message.conversation.size() > cpm::max_id_octets ||
      message.in_reply_to.size() > cpm::max_id_octets) {
    return fail(Fault::too_large, "an id longer than 256");
  }
  return {};
}

// Nobody stands between that would put in who we are: CPIM names us.
cpim::Message Client::Core::new_standalone_message(const StandaloneMessage& message,
                                                   std::string_view imdn_id, TimePoint now) const {
  cpim::Message content;
  cpim::set_from(content, {.display = settings.display_name, .uri = settings.address});
  cpim::set_to(content, {.uri = is_list(message) ? std::string{cpm::anonymous_uri}
                                                 : only_recipient(message)});
  cpim::set_imdn_message_id(content, imdn_id);
  cpim::set_date_time(content, date_time(now));
  cpim::set_disposition_notification(content, message.wants);
  cpim::set_content(content, message.content_type, message.octets);
  return content;
}

// CPM 7.2.1, conversation 13: up to 1300 octets of CPIM in pager mode, else in large message mode.
Result<std::string> Client::send_message(StandaloneMessage message, TimePoint now, Output& out) {
  TRY(core_->can_send(message));
  const auto imdn_id = core_->new_imdn_id();
  const auto content = core_->new_standalone_message(message, imdn_id, now);
  const auto octets = cpim::to_text(content).size();
  const bool is_large = octets > cpm::max_pager_octets;
  if (is_large) TRY(core_->has_room_for_message());
  if (octets > core_->settings.max_message_octets) {
    return fail(Fault::too_large, "more than a message may hold");
  }
  if (message.wants.any()) core_->remember_reported(imdn_id, all_recipients(message));
  if (is_large) {
    core_->send_large(message, cpim::to_text(content), imdn_id, now, out);
  } else {
    core_->send_page(message, content, imdn_id, now, out);
  }
  return imdn_id;
}

std::string Client::Core::target_of(const StandaloneMessage& message) const {
  return is_list(message) ? settings.conference_factory : only_recipient(message);
}

// Conversation 2: a thread may be older, a contribution is new.
cpm::Ids Client::Core::ids_of(const StandaloneMessage& message, const sip::Message& request) const {
  return {
      .conversation = message.conversation.empty() ? cpm::new_conversation_id(surroundings.random)
                                                   : message.conversation,
      .contribution = cpm::contribution_id(settings.device_secret, request.header(Name::call_id)),
      .in_reply_to = message.in_reply_to};
}

// To several: the list, as one more part. RFC 5365 6, RFC 5366 3
void Client::Core::write_recipients(sip::Message& request, const StandaloneMessage& message,
                                    std::string_view option) const {
  if (!is_list(message)) return;
  request.add(Name::require, option);
  cpm::add_part(request, cpm::recipient_list_part(groups::to_text(list_of(message))),
                surroundings.random);
}

// CPM 7.2.1.1
void Client::Core::send_page(const StandaloneMessage& message, const cpim::Message& content,
                             std::string imdn_id, TimePoint now, Output& out) {
  auto request = make_request("MESSAGE", target_of(message));
  request.add(Name::accept_contact, cpm::accept_contact(cpm::icsi::message));
  request.add(Name::p_preferred_identity, own_name_addr());
  request.add(Name::p_preferred_service, cpm::icsi::message);
  cpm::write_ids(request, ids_of(message, request));
  request.set_body("message/cpim", cpim::to_text(content));
  write_recipients(request, message, "recipient-list-message");
  send(std::move(request), OfPage{std::move(imdn_id)}, now, out);
}

void Client::Core::page_answered(const OfPage& page, const sip::Message& response,
                                 Output& out) const {
  if (response.status() < 300) {
    out.events.emplace_back(ChatSent{.group = {}, .id = page.imdn_id});
  } else {
    out.events.emplace_back(
        ChatFailed{.group = {}, .id = page.imdn_id, .status = response.status()});
  }
}

}  // namespace convene::client
