#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cpim/message.h"
#include "imdn/notification.h"

namespace convene::cpm {

// What a report says beside what it reports on.
struct Report {
  imdn::Disposition disposition = imdn::Disposition::delivery;
  imdn::Status status = imdn::Status::delivered;
  cpim::Address recipient;  // who received, and reports
  std::string message_id;   // of the report itself
  std::string date_time;    // of the report itself, RFC 3339
};

// RFC 5438 7.2.1: the report on `original` as a CPIM message with its IMDN: To is the original
// From, IMDN-Route the original IMDN-Record-Route. Nothing when it was not asked for, or `original`
// is a report itself.
std::optional<cpim::Message> make_report(const cpim::Message& original, const Report& report);

// The Request-URI of a SIP MESSAGE with the report: the top IMDN-Route, or else To. RFC 5438 8.
std::string report_target(const cpim::Message& report);

// Whether a CPIM message is a report: its content is message/imdn+xml, or a multipart of nothing
// else, in which an intermediary has gathered several (RFC 5438 8.3).
bool is_report(const cpim::Message& message);

// What it reports, in order; those that cannot be read are left out.
std::vector<imdn::Notification> notifications_of(const cpim::Message& report);

// Puts other notifications into a report, at least one. The boundary is needed for several.
void set_notifications(cpim::Message& report, const std::vector<imdn::Notification>& notifications,
                       std::string_view boundary);

}  // namespace convene::cpm
