#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace convene::isf {

// What can reach a user who is no CPM user. Conversation 16
enum class Service { sms, mms, email };
std::string_view name_of(Service service);  // "sms"

// Which addresses a service reaches: the beginning of an address ("tel:+47", "sip:+"), or all of a
// domain ("@mail.example").
struct Route {
  std::string addresses;
  Service service = Service::sms;
  bool operator==(const Route&) const = default;
};

// "tel:+47=sms". Fault::malformed when it is no such.
Result<Route> parse_route(std::string_view text);

// CPM 6.5: the first route that names the recipient; nothing: it cannot be reached.
std::optional<Service> service_for(const std::vector<Route>& routes, std::string_view recipient);

}  // namespace convene::isf
