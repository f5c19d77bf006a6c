#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "sip/uri.h"

namespace convene::sip {

enum class Transport { udp, tcp, tls };
constexpr bool is_reliable(Transport transport) { return transport != Transport::udp; }
std::string_view text_of(Transport transport);  // "UDP", as Via writes it

// One connection, or one local UDP socket. Given out by the node; never used again.
struct Flow {
  std::uint64_t value = 0;
  auto operator<=>(const Flow&) const = default;
};

// Where a message came from.
struct Source {
  Transport transport = Transport::udp;
  HostPort address;  // numeric
  Flow flow;
  bool is_trusted = false;  // set at the edge: its P-Asserted-Identity counts
  bool operator==(const Source&) const = default;
};

// Where a message shall go. With a `flow` it uses that connection or socket if it still exists,
// else a new one to `address`. A port of 0 means the transport's default; a name is looked up by
// the node.
struct Destination {
  Transport transport = Transport::udp;
  HostPort address;
  std::optional<Flow> flow;
  bool operator==(const Destination&) const = default;
};

// RFC 3263 4 without NAPTR: host, port and transport parameters of a URI (the first Route, else the
// Request-URI). "maddr" counts. UDP when nothing says otherwise; sips is TLS. Fault::unsupported
// for tel and unknown schemes.
Result<Destination> destination_of(const Uri& uri);

// RFC 3261 8.1.2: where a request goes, by its first Route, else by its Request-URI.
class Message;
Result<Destination> next_hop(const Message& request);

// RFC 3261 18.2.2, RFC 3581 4: where the response to a request with this top Via, received from
// `source`, goes.
Destination response_destination(const Source& source);

}  // namespace convene::sip
