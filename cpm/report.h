#pragma once

#include <optional>
#include <string>
#include <string_view>

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

// Whether a CPIM message is a report: its content is message/imdn+xml.
bool is_report(const cpim::Message& message);

}  // namespace convene::cpm
