#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cpim/message.h"

namespace convene::cpim {

// imdn.Disposition-Notification: which reports the sender asks for. RFC 5438 6.2.
struct DispositionNotification {
  bool positive_delivery = false;
  bool negative_delivery = false;
  bool processing = false;
  bool display = false;
  bool any() const { return positive_delivery || negative_delivery || processing || display; }
  bool operator==(const DispositionNotification&) const = default;
};

// Unknown words ask for nothing.
DispositionNotification parse_disposition_notification(std::string_view text);
std::string to_text(const DispositionNotification& wanted);

// Empty when absent.
std::string imdn_message_id(const Message& message);
void set_imdn_message_id(Message& message, std::string_view id);

DispositionNotification disposition_notification(const Message& message);
void set_disposition_notification(Message& message, const DispositionNotification& wanted);

// imdn.IMDN-Record-Route: where reports shall pass, the nearest first. RFC 5438 6.4.
std::vector<Address> imdn_record_route(const Message& message);
void add_imdn_record_route(Message& message, const Address& address);  // on top

// imdn.IMDN-Route: what is left of the way, the next hop first. RFC 5438 6.5.
std::vector<Address> imdn_route(const Message& message);
void add_imdn_route(Message& message, const Address& address);  // below the others
void remove_top_imdn_route(Message& message);

// imdn.Original-To: the To before an intermediary changed it. RFC 5438 6.3.
std::optional<Address> original_to(const Message& message);
void set_original_to(Message& message, const Address& address);

}  // namespace convene::cpim
