#include "isf/route_table.h"

#include <array>

#include "base/text.h"
#include "sip/uri.h"

namespace convene::isf {

namespace {

constexpr std::array services{Service::sms, Service::mms, Service::email};

bool names(const Route& route, const sip::Uri& recipient, std::string_view address) {
  const std::string_view wanted = route.addresses;
  if (wanted.starts_with('@')) return iequals(recipient.host, wanted.substr(1));
  return address.starts_with(wanted);
}

}  // namespace

std::string_view name_of(Service service) {
  switch (service) {
    case Service::sms: return "sms";
    case Service::mms: return "mms";
    case Service::email: return "email";
  }
  return {};
}

Result<Route> parse_route(std::string_view text) {
  const auto equals = text.rfind('=');
  if (equals == std::string_view::npos || equals == 0) {
    return fail(Fault::malformed, "a route is ADDRESSES=SERVICE: tel:+47=sms, @mail.example=email");
  }
  for (const auto service : services) {
    if (text.substr(equals + 1) != name_of(service)) continue;
    return Route{.addresses = std::string{text.substr(0, equals)}, .service = service};
  }
  return fail(Fault::malformed, "a route leads to sms, mms or email");
}

std::optional<Service> service_for(const std::vector<Route>& routes, std::string_view recipient) {
  const auto uri = sip::parse_uri(recipient);
  if (!uri) return std::nullopt;
  const auto address = sip::address_of_record(*uri);
  for (const auto& route : routes) {
    if (names(route, *uri, address)) return route.service;
  }
  return std::nullopt;
}

}  // namespace convene::isf
