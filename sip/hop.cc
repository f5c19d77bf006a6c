#include "sip/hop.h"

#include "base/text.h"
#include "sip/message.h"
#include "sip/name_addr.h"

namespace convene::sip {

std::string_view text_of(Transport transport) {
  switch (transport) {
    case Transport::udp: return "UDP";
    case Transport::tcp: return "TCP";
    case Transport::tls: return "TLS";
  }
  return {};
}

// RFC 3263 4.1, 4.2
Result<Destination> destination_of(const Uri& uri) {
  if (!uri.is_sip()) return fail(Fault::unsupported, "no next hop for scheme " + uri.scheme);

  Destination destination;
  destination.address = {.host = uri.host, .port = uri.port};
  if (const auto maddr = uri.params.value("maddr"))
    destination.address.host = TRY(parse_host_port(*maddr)).host;

  const bool is_secure = uri.scheme == "sips";
  const auto transport = uri.params.value("transport");
  if (!transport) {
    destination.transport = is_secure ? Transport::tls : Transport::udp;
  } else if (iequals(*transport, "tls") || (is_secure && iequals(*transport, "tcp"))) {
    destination.transport = Transport::tls;
  } else if (iequals(*transport, "tcp")) {
    destination.transport = Transport::tcp;
  } else if (iequals(*transport, "udp") && !is_secure) {
    destination.transport = Transport::udp;
  } else {
    return fail(Fault::unsupported, "transport " + std::string{*transport});
  }
  return destination;
}

Result<Destination> next_hop(const Message& request) {
  const auto routes = request.values(Name::route);
  if (!routes.empty()) return destination_of(TRY(parse_name_addr(routes.front())).uri);
  return destination_of(TRY(parse_uri(request.uri())));
}

Destination response_destination(const Source& source) {
  return {.transport = source.transport, .address = source.address, .flow = source.flow};
}

}  // namespace convene::sip
