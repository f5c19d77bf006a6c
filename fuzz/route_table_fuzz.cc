// The first line is a route, the rest an address. A route prints to what it was read from; it leads
// whoever it names to its own service, and whoever else nowhere.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "isf/route_table.h"
#include "sip/uri.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace convene;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto line_end = std::min(text.find('\n'), text.size());
  const auto route = isf::parse_route(text.substr(0, line_end));
  if (!route) return 0;
  check(route->addresses + "=" + std::string{isf::name_of(route->service)} ==
        text.substr(0, line_end));

  const auto recipient = line_end < text.size() ? text.substr(line_end + 1) : std::string_view{};
  const auto service = isf::service_for({*route}, recipient);
  check(!service || service == route->service);
  check(isf::service_for({*route, *route}, recipient) == service);
  check(!isf::service_for({}, recipient));
  const auto uri = sip::parse_uri(recipient);
  if (!uri) return check(!service), 0;
  // An address is reached however it is written, and by a route that is the address itself.
  const auto address = sip::address_of_record(*uri);
  check(isf::service_for({*route}, address) == service);
  if (!address.starts_with('@'))
    check(isf::service_for({{.addresses = address, .service = route->service}}, address) ==
          route->service);
  return 0;
}
