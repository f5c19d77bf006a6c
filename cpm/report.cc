#include "cpm/report.h"

#include <algorithm>

#include "base/text.h"
#include "cpim/imdn_headers.h"
#include "mime/multipart.h"

namespace convene::cpm {

namespace {

// RFC 5438 6.2: which word asked for this report.
bool is_wanted(const cpim::DispositionNotification& wanted, const Report& report) {
  switch (report.disposition) {
    case imdn::Disposition::delivery:
      return report.status == imdn::Status::delivered ? wanted.positive_delivery
                                                      : wanted.negative_delivery;
    case imdn::Disposition::display: return wanted.display;
    case imdn::Disposition::processing: return wanted.processing;
  }
  return false;
}

// The content of a message, taken apart: one part, or those of a multipart.
std::vector<mime::Part> leaves(const cpim::Message& message) {
  const auto type = message.content_headers.value("Content-Type").value_or("");
  return mime::leaves_of(type, message.body).value_or(std::vector<mime::Part>{});
}

bool is_notification(const mime::Part& part) { return mime::type_of(part) == imdn::content_type; }

}  // namespace

// RFC 5438 7.2.1
std::optional<cpim::Message> make_report(const cpim::Message& original, const Report& report) {
  const auto from = cpim::from_of(original);
  const auto message_id = cpim::imdn_message_id(original);
  if (!from || message_id.empty() || is_report(original)) return std::nullopt;
  if (!is_wanted(cpim::disposition_notification(original), report)) return std::nullopt;

  cpim::Message message;
  cpim::set_from(message, report.recipient);
  cpim::set_to(message, *from);
  cpim::set_imdn_message_id(message, report.message_id);
  for (const auto& hop : cpim::imdn_record_route(original)) cpim::add_imdn_route(message, hop);
  cpim::set_date_time(message, report.date_time);

  const auto original_to = cpim::original_to(original);
  message.content_headers.add("Content-Type", imdn::content_type);
  message.content_headers.add("Content-Disposition", "notification");
  cpim::set_content(message, imdn::content_type,
                    imdn::to_text({.message_id = message_id,
                                   .datetime = cpim::date_time_of(original).value_or(""),
                                   .recipient_uri = report.recipient.uri,
                                   .original_recipient_uri = original_to ? original_to->uri : "",
                                   .disposition = report.disposition,
                                   .status = report.status}));
  return message;
}

std::string report_target(const cpim::Message& report) {
  const auto route = cpim::imdn_route(report);
  if (!route.empty()) return route.front().uri;
  const auto to = cpim::to_of(report);
  return to ? to->uri : std::string{};
}

bool is_report(const cpim::Message& message) {
  const auto type = cpim::content_type_of(message);
  if (type == imdn::content_type) return true;
  if (!type.starts_with("multipart/")) return false;
  const auto parts = leaves(message);
  return !parts.empty() && std::ranges::all_of(parts, is_notification);
}

std::vector<imdn::Notification> notifications_of(const cpim::Message& report) {
  std::vector<imdn::Notification> notifications;
  for (const auto& part : leaves(report)) {
    if (!is_notification(part)) continue;
    const auto octets = mime::decoded_body(part);
    if (!octets) continue;
    if (auto one = imdn::parse_notification(*octets)) notifications.push_back(*std::move(one));
  }
  return notifications;
}

void set_notifications(cpim::Message& report, const std::vector<imdn::Notification>& notifications,
                       std::string_view boundary) {
  if (notifications.size() == 1) {
    return cpim::set_content(report, imdn::content_type, imdn::to_text(notifications.front()));
  }
  std::vector<mime::Part> parts;
  for (const auto& notification : notifications) {
    mime::Part part;
    part.headers.add("Content-Type", imdn::content_type);
    part.body = imdn::to_text(notification);
    parts.push_back(std::move(part));
  }
  const auto mixed = mime::make_mixed(boundary, std::move(parts));
  if (mixed) cpim::set_content(report, to_text(mixed->type), to_text(*mixed));
}

}  // namespace convene::cpm
