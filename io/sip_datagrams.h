#pragma once

#include <deque>
#include <string>
#include <vector>

#include "base/log.h"
#include "io/turn.h"

namespace convene::io {

// SIP over UDP: the node's sockets.
class SipDatagrams {
 public:
  SipDatagrams(Turn& turn, Log& log);

  void add(FileDescriptor socket);
  void send(const sip::HostPort& remote, std::string octets);
  void close() { sockets_.clear(); }

 private:
  struct Socket {
    Watched watched;
    int family;
    sip::HostPort local;
  };

  void receive(Socket& socket);
  bool receive_one(Socket& socket);
  void receive_errors(Socket& socket);
  void send_to(const SocketAddress& address, const sip::HostPort& asked_for,
               const std::string& octets);
  void tell_unreachable(sip::HostPort remote);

  static constexpr int max_per_turn = 64;
  static constexpr std::size_t max_look_ups = 1'000;  // under way; further datagrams are dropped
  static constexpr std::uint16_t default_port = 5060;

  Turn& turn_;
  Log& log_;
  Resolver resolver_;
  Alive alive_;
  std::deque<Socket> sockets_;  // in place, while it is received on
  std::vector<char> buffer_;
  std::size_t look_ups_ = 0;
};

}  // namespace convene::io
