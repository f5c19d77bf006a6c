#include "io/sockets.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cerrno>
#include <cstring>

namespace convene::io {

namespace {

constexpr int backlog = 1'024;
constexpr int not_sent_low_water = 131'072;
constexpr int keep_alive_idle = 60;      // seconds
constexpr int keep_alive_interval = 15;  // seconds
constexpr int keep_alive_probes = 4;

std::unexpected<Error> failed(const char* what) {
  return fail(Fault::closed, std::string{what} + ": " + std::strerror(errno));
}

bool set(int fd, int level, int option, int value) {
  return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

Result<FileDescriptor> bound(const SocketAddress& address, int type) {
  FileDescriptor fd{::socket(address.family(), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd) return failed("socket");
  if (address.family() == AF_INET6) set(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  if (type == SOCK_STREAM) set(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (::bind(fd.get(), address.raw(), address.size) != 0) return failed("bind");
  return fd;
}

}  // namespace

Result<FileDescriptor> bind_datagrams(const SocketAddress& address, int buffer_octets) {
  auto fd = TRY(bound(address, SOCK_DGRAM));
  const bool is_forced =
      set(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, buffer_octets);  // for the privileged
  if (!is_forced) set(fd.get(), SOL_SOCKET, SO_RCVBUF, buffer_octets);
  set(fd.get(), SOL_SOCKET, SO_SNDBUF, buffer_octets);
  if (address.family() == AF_INET6) {
    set(fd.get(), IPPROTO_IPV6, IPV6_RECVERR, 1);
  } else {
    set(fd.get(), IPPROTO_IP, IP_RECVERR, 1);
  }
  return fd;
}

Result<FileDescriptor> listen_streams(const SocketAddress& address) {
  auto fd = TRY(bound(address, SOCK_STREAM));
  if (::listen(fd.get(), backlog) != 0) return failed("listen");
  return fd;
}

SocketAddress local_address(int fd) {
  SocketAddress address;
  if (::getsockname(fd, address.raw(), &address.size) != 0) return {};
  return address;
}

Result<FileDescriptor> begin_connect(const SocketAddress& address) {
  FileDescriptor fd{::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd) return failed("socket");
  if (::connect(fd.get(), address.raw(), address.size) != 0 && errno != EINPROGRESS)
    return failed("connect");
  return fd;
}

Result<> connect_result(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return failed("getsockopt");
  if (error != 0) return fail(Fault::closed, std::string{"connect: "} + std::strerror(error));
  return {};
}

void tune_stream(int fd, StreamUse use) {
  set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  if (use == StreamUse::media) set(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, not_sent_low_water);
  set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(fd, IPPROTO_TCP, TCP_KEEPIDLE, keep_alive_idle);
  set(fd, IPPROTO_TCP, TCP_KEEPINTVL, keep_alive_interval);
  set(fd, IPPROTO_TCP, TCP_KEEPCNT, keep_alive_probes);
}

}  // namespace convene::io
