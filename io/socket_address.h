#pragma once

#include <sys/socket.h>

#include <optional>
#include <string>

#include "sip/uri.h"

namespace convene::io {

// An address of a socket: IPv4 or IPv6 with a port.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
};

// Of a numeric host; nothing when it is a name. IPv6 may carry a zone: "fe80::1%eth0".
std::optional<SocketAddress> numeric_address(const std::string& host, std::uint16_t port);

// The numeric text; an IPv4 address that was mapped into IPv6 is shown as IPv4.
sip::HostPort host_port_of(const SocketAddress& address);

// Whether it stands for every address of the machine: 0.0.0.0, ::.
bool is_wildcard(const SocketAddress& address);

// The address other machines most likely know this one by; the loopback when it has no other.
std::string primary_address(int family);

}  // namespace convene::io
