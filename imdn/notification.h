#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "xml/element.h"

namespace convene::imdn {

inline constexpr std::string_view content_type = "message/imdn+xml";

enum class Disposition { delivery, display, processing };
enum class Status { delivered, failed, displayed, processed, stored, forbidden, error };

// One report, RFC 5438 11. Which status may stand under which disposition: allows().
struct Notification {
  std::string message_id = {};              // of the message reported on: its imdn.Message-ID
  std::string datetime = {};                // of that message: its DateTime
  std::string recipient_uri = {};           // who received it
  std::string original_recipient_uri = {};  // the Original-To of that message; empty: absent
  std::string subject = {};                 // empty: absent
  Disposition disposition = Disposition::delivery;
  Status status = Status::delivered;
  std::vector<xml::Attribute> attributes = {};  // of the root, but for the namespace
  std::vector<xml::Element> extensions = {};    // unknown children, in order
  bool operator==(const Notification&) const = default;
};

bool allows(Disposition disposition, Status status);

// An unknown status is Fault::unsupported.
Result<Notification> parse_notification(std::string_view text);
std::string to_text(const Notification& notification);

std::string_view name_of(Disposition disposition);  // "delivery"
std::string_view name_of(Status status);            // "delivered"

}  // namespace convene::imdn
