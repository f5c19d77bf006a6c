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

void Client::Core::remember_reported(std::string id, GroupId group, const std::string& to) {
  if (deliveries.find(id) != nullptr) return;
  auto recipients = expected_recipients(group, to);
  deliveries.remember({.id = std::move(id), .group = group, .recipients = std::move(recipients)},
                      max_reported);
}

// Outside of any session.
void Client::Core::remember_reported(std::string id, const std::vector<std::string>& to) {
  if (deliveries.find(id) != nullptr) return;
  DeliveryStates::Sent sent{.id = std::move(id), .group = {}, .recipients = {}};
  for (const auto& address : to) sent.recipients.push_back({.recipient = address});
  if (to.size() == 1) sent.sent_to = sip::address_of_record(to.front());
  deliveries.remember(std::move(sent), max_reported);
}

// Whom the message goes to, as far as we know: one alone, the other user, or who is in the group.
std::vector<Delivery> Client::Core::expected_recipients(GroupId id, const std::string& to) const {
  if (!to.empty()) return {{.recipient = to}};
  const auto* group = find(id);
  if (!group) return {};
  if (!group->is_group) return {{.recipient = group->peer}};
  std::vector<Delivery> recipients;
  for (const auto& one : roster(*group)) {
    if (!one.is_me && one.state == Participant::State::joined)
      recipients.push_back({.recipient = one.address});
  }
  return recipients;
}

// Of what went to several outside a session: the factory, or the pre-defined group that it went to.
std::string Client::Core::who_copies(const DeliveryStates::Sent& about) const {
  return about.sent_to.empty() ? sip::address_of_record(settings.conference_factory)
                               : about.sent_to;
}

// Reliability, abuse: the focus of a group answers for whom it passes on; between two, only the
// other user reports; and a SIP MESSAGE comes from who reports, or from the focus.
bool Client::Core::may_report(const DeliveryStates::Sent& about, GroupId via,
                              const std::string& recipient, const Origin& origin) const {
  const auto who = sip::address_of_record(recipient);
  const auto* session = find(about.group);
  if (!origin.asserted.empty()) {
    const bool is_focus =
        session && session->is_group && sip::address_of_record(session->focus) == origin.asserted;
    // RFC 5438 8: of a message to a list, who made the copies tells of those that failed.
    const bool is_exploder = about.group == GroupId{} && origin.asserted == who_copies(about);
    if (!is_focus && !is_exploder && who != origin.asserted) return false;
  } else {
    const auto* carrier = find(via);
    if (!carrier) return false;
    if (!carrier->is_group && who != sip::address_of_record(carrier->peer)) return false;
  }
  return !session || session->is_group || who == sip::address_of_record(session->peer);
}

// Conversation 11: a report that is not for us, or about nothing of ours, or told before, is not
// told. RFC 5438 8.3: several may come in one.
void Client::Core::take_report(GroupId via, const cpim::Message& message, const Origin& origin,
                               Output& out) {
  const auto to = cpim::to_of(message);
  if (to && !cpm::is_anonymous(to->uri) &&
      sip::address_of_record(to->uri) != own_address_of_record) {
    return;
  }
  const auto from = cpim::from_of(message);
  const auto notifications = cpm::notifications_of(message);
  for (const auto& one : notifications) {
    const bool is_gathered = notifications.size() > 1;
    const auto recipient = from && !is_gathered ? from->uri : one.recipient_uri;
    const auto* about = deliveries.find(one.message_id);
    if (!about || !may_report(*about, via, recipient, origin) ||
        !deliveries.take(one.message_id, recipient, one)) {
      ++dropped_reports;
      continue;
    }
    out.events.emplace_back(DeliveryReport{.group = about->group,
                                           .id = one.message_id,
                                           .recipient = recipient,
                                           .disposition = one.disposition,
                                           .status = one.status});
  }
}

// RFC 5438 7.2.1: inside the session while it is up, else by SIP MESSAGE. Conversation 11
void Client::Core::report(GroupId id, const cpim::Message& original, imdn::Disposition disposition,
                          imdn::Status status, std::string_view conversation, TimePoint now,
                          Output& out) {
  if (!settings.send_delivery_reports) return;
  const auto from = cpim::from_of(original);
  // Nobody can be told, unless somebody on the way knows who it was.
  if (!from || (cpm::is_anonymous(from->uri) && cpim::imdn_record_route(original).empty())) return;
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

std::vector<Delivery> Client::deliveries(std::string_view id) const {
  const auto* sent = core_->deliveries.find(id);
  return sent ? sent->recipients : std::vector<Delivery>{};
}

std::size_t Client::dropped_reports() const { return core_->dropped_reports; }

}  // namespace convene::client
