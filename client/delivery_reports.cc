#include <algorithm>
#include <utility>

#include "base/text.h"
#include "client/core.h"
#include "cpim/imdn_headers.h"
#include "cpm/identity.h"
#include "cpm/report.h"
#include "cpm/service.h"
#include "sip/name_addr.h"

namespace convene::client {

using sip::Name;

void Client::Core::remember_reported(std::string id, GroupId group) {
  reported.push_back({std::move(id), group});
  if (reported.size() > max_reported) reported.pop_front();
}

// Conversation 11: a report that is not for us, or about nothing of ours, is not told.
void Client::Core::take_report(const cpim::Message& message, Output& out) {
  const auto to = cpim::to_of(message);
  if (to && !cpm::is_anonymous(to->uri) &&
      sip::address_of_record(to->uri) != own_address_of_record) {
    return;
  }
  const auto notification = imdn::parse_notification(message.body);
  if (!notification) return;
  const auto about = std::ranges::find(reported, notification->message_id, &Reported::id);
  if (about == reported.end()) return;
  const auto from = cpim::from_of(message);
  out.events.emplace_back(
      DeliveryReport{.group = about->group,
                     .id = notification->message_id,
                     .recipient = from ? from->uri : notification->recipient_uri,
                     .disposition = notification->disposition,
                     .status = notification->status});
}

// RFC 5438 7.2.1: inside the session while it is up, else by SIP MESSAGE. Conversation 11
void Client::Core::report(GroupId id, const cpim::Message& original, imdn::Disposition disposition,
                          imdn::Status status, std::string_view conversation, TimePoint now,
                          Output& out) {
  if (!settings.send_delivery_reports) return;
  const auto from = cpim::from_of(original);
  if (!from || cpm::is_anonymous(from->uri)) return;
  const auto message = cpm::make_report(original, {.disposition = disposition,
                                                   .status = status,
                                                   .recipient = {.uri = settings.address},
                                                   .message_id = new_imdn_id(),
                                                   .date_time = date_time(now)});
  if (!message) return;
  if (!can_chat(id)) return report_by_message(*message, conversation, now, out);

  msrp::OutgoingMessage sent{.message_id = {},
                             .content_type = "message/cpim",
                             .prefix = {},
                             .octets = cpim::to_text(*message),
                             .body = {},
                             .failure_report = msrp::OutgoingMessage::FailureReport::no};
  sent.total = sent.octets.size();
  send_message(id, std::move(sent), {}, now, out);
}

// Conversation 11, flow F3.14: to the top of the route that the report shall take.
void Client::Core::report_by_message(const cpim::Message& report, std::string_view conversation,
                                     TimePoint now, Output& out) {
  const auto target = cpm::report_target(report);
  const auto uri = sip::parse_uri(target);
  if (!uri || (!uri->is_sip() && !uri->is_tel())) return;

  auto request = make_request("MESSAGE", target);
  request.add(Name::accept_contact, cpm::accept_contact(cpm::icsi::message));
  request.add(Name::p_preferred_service, cpm::icsi::message);
  cpm::write_ids(request, {.conversation = std::string{conversation},
                           .contribution = cpm::contribution_id(settings.device_secret,
                                                                request.header(Name::call_id)),
                           .in_reply_to = {}});
  request.set_body("message/cpim", cpim::to_text(report));
  send(std::move(request), OfReport{}, now, out);
}

Result<> Client::displayed(GroupId group, std::string_view id, TimePoint now, Output& out) {
  const auto is_it = [&](const Unread& one) { return one.group == group && one.id == id; };
  const auto found = std::ranges::find_if(core_->unread, is_it);
  if (found == core_->unread.end()) return fail(Fault::not_found, "no such unread message");
  const auto read = std::move(*found);
  core_->unread.erase(found);
  core_->report(group, read.message, imdn::Disposition::display, imdn::Status::displayed,
                read.conversation, now, out);
  return {};
}

}  // namespace convene::client
