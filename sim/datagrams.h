#pragma once

#include <string>

#include "sim/core.h"

namespace convene::sim {

// UDP between hosts: SIP messages, which may be late, lost, doubled or out of order.
class Datagrams {
 public:
  explicit Datagrams(Core& core) : core_{core} {}
  void send(Host& from, const sip::HostPort& remote, std::string octets);

 private:
  void travel(Host& from, Host& to, const std::string& octets);
  void arrive(Host& from, Host& to, const std::string& octets);
  void tell_unreachable(Host& sender, const sip::HostPort& remote);

  Core& core_;
};

// Whether this is an address that needs no look-up.
bool is_numeric(std::string_view host);

}  // namespace convene::sim
