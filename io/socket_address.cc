#include "io/socket_address.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>

#include <array>
#include <cstring>
#include <memory>

namespace convene::io {

std::optional<SocketAddress> numeric_address(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
    return std::nullopt;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner{found, freeaddrinfo};
  SocketAddress address;
  address.size = found->ai_addrlen;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  return address;
}

sip::HostPort host_port_of(const SocketAddress& address) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (getnameinfo(address.raw(), address.size, host.data(), host.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return {};
  }
  std::string text = host.data();
  constexpr std::string_view mapped = "::ffff:";
  if (text.starts_with(mapped) && text.contains('.')) text.erase(0, mapped.size());
  return {.host = std::move(text), .port = static_cast<std::uint16_t>(std::stoul(port.data()))};
}

bool is_wildcard(const SocketAddress& address) {
  if (address.family() == AF_INET) {
    return reinterpret_cast<const sockaddr_in*>(&address.storage)->sin_addr.s_addr ==
           htonl(INADDR_ANY);
  }
  const auto& v6 = *reinterpret_cast<const sockaddr_in6*>(&address.storage);
  return IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr);
}

namespace {

bool is_of_use(const ifaddrs& interface, int family) {
  if (!interface.ifa_addr || interface.ifa_addr->sa_family != family) return false;
  if ((interface.ifa_flags & IFF_UP) == 0 || (interface.ifa_flags & IFF_LOOPBACK) != 0)
    return false;
  if (family == AF_INET) return true;
  const auto& v6 = *reinterpret_cast<const sockaddr_in6*>(interface.ifa_addr);
  return !IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr);
}

}  // namespace

std::string primary_address(int family) {
  std::string address = family == AF_INET6 ? "::1" : "127.0.0.1";
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return address;
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner{first, freeifaddrs};
  for (const auto* interface = first; interface; interface = interface->ifa_next) {
    if (!is_of_use(*interface, family)) continue;
    SocketAddress found;
    found.size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    std::memcpy(&found.storage, interface->ifa_addr, found.size);
    return host_port_of(found).host;
  }
  return address;
}

}  // namespace convene::io
