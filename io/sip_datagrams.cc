#include "io/sip_datagrams.h"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "io/sockets.h"
#include "io/wire_tap.h"

namespace convene::io {

namespace {

constexpr std::size_t max_datagram_octets = 65'536;

bool has_no_way(int error) {
  return error == EHOSTUNREACH || error == ENETUNREACH || error == ECONNREFUSED ||
         error == EMSGSIZE || error == EACCES || error == EPERM || error == EINVAL ||
         error == EADDRNOTAVAIL;
}

}  // namespace

SipDatagrams::SipDatagrams(Turn& turn, Log& log)
    : turn_{turn}, log_{log}, resolver_{turn.loop()}, buffer_(max_datagram_octets) {}

void SipDatagrams::add(FileDescriptor socket) {
  const auto address = local_address(socket.get());
  auto& added = sockets_.emplace_back(Watched{turn_.loop(), std::move(socket)}, address.family(),
                                      host_port_of(address));
  added.watched.when_readable([this, &added] { receive(added); });
}

void SipDatagrams::receive(Socket& socket) {
  for (int i = 0; i < max_per_turn && receive_one(socket); ++i) {
  }
  socket.watched.when_readable([this, &socket] { receive(socket); });
}

bool SipDatagrams::receive_one(Socket& socket) {
  SocketAddress from;
  const auto count =
      ::recvfrom(socket.watched.fd(), buffer_.data(), buffer_.size(), 0, from.raw(), &from.size);
  if (count < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) return false;
    receive_errors(socket);
    return true;
  }
  const std::string_view octets{buffer_.data(), static_cast<std::size_t>(count)};
  const auto remote = host_port_of(from);
  if (turn_.tap) turn_.tap->datagram(Way::in, socket.local, remote, octets);
  turn_.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
    node.datagram(remote, std::string{octets}, now, out);
  });
  return true;
}

// What ICMP said about datagrams that were sent: ip(7), IP_RECVERR. The address is where they went
// to.
void SipDatagrams::receive_errors(Socket& socket) {
  for (int i = 0; i < max_per_turn; ++i) {
    SocketAddress to;
    std::array<char, 512> control;
    msghdr message{};
    message.msg_name = to.raw();
    message.msg_namelen = to.size;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (::recvmsg(socket.watched.fd(), &message, MSG_ERRQUEUE) < 0) return;
    to.size = message.msg_namelen;
    if (to.size > 0) tell_unreachable(host_port_of(to));
  }
}

void SipDatagrams::send(const sip::HostPort& remote, std::string octets) {
  const auto port = remote.port == 0 ? default_port : remote.port;
  if (const auto address = numeric_address(remote.host, port))
    return send_to(*address, remote, octets);
  if (look_ups_ >= max_look_ups) return;
  ++look_ups_;
  resolver_.look_up(
      remote.host, port, [this, remote, octets = std::move(octets)](const auto& found) {
        --look_ups_;
        const auto usable = std::ranges::find_if(found, [&](const SocketAddress& address) {
          return std::ranges::any_of(
              sockets_, [&](const Socket& socket) { return socket.family == address.family(); });
        });
        if (usable == found.end()) return tell_unreachable(remote);
        send_to(*usable, remote, octets);
      });
}

void SipDatagrams::send_to(const SocketAddress& address, const sip::HostPort& asked_for,
                           const std::string& octets) {
  const auto socket = std::ranges::find_if(
      sockets_, [&](const Socket& candidate) { return candidate.family == address.family(); });
  if (socket == sockets_.end()) return tell_unreachable(asked_for);
  if (turn_.tap) turn_.tap->datagram(Way::out, socket->local, host_port_of(address), octets);

  // The first try may only hear of an earlier datagram's fate.
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto sent = ::sendto(socket->watched.fd(), octets.data(), octets.size(), MSG_NOSIGNAL,
                               address.raw(), address.size);
    if (sent >= 0) return;
    if (errno == EAGAIN || errno == ENOBUFS) return;  // lost on the way, as any datagram may be
    if (attempt == 0 && errno == ECONNREFUSED) receive_errors(*socket);
  }
  if (has_no_way(errno)) return tell_unreachable(asked_for);
  log_.warning("io", "cannot send a datagram", {{"error", std::strerror(errno)}});
}

void SipDatagrams::tell_unreachable(sip::HostPort remote) {
  turn_.loop().post(alive_.guard([this, remote = std::move(remote)] {
    turn_.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
      node.sip_unreachable(remote, now, out);
    });
  }));
}

}  // namespace convene::io
