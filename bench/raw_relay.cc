#include "bench/raw_relay.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <span>
#include <stdexcept>
#include <vector>

#include "bench/child.h"
#include "bench/process_figures.h"

namespace convene::bench {

namespace {

constexpr std::size_t chunk_octets = 65'536;  // as msrp::SessionSettings::max_chunk
const std::string head(320, 'h');             // as long as ours
const std::string end_line(30, 'e');

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

template <class Outcome>
Outcome check(Outcome outcome, const char* what) {
  if (outcome < 0) throw std::runtime_error(what);
  return outcome;
}

// A listener on a port of its own, which is told.
int listen_and_tell(int line) {
  const int listener = check(::socket(AF_INET, SOCK_STREAM, 0), "socket");
  auto address = loopback(0);
  socklen_t size = sizeof address;
  check(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), "bind");
  check(::listen(listener, 256), "listen");
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  say(line, ntohs(address.sin_port));
  return listener;
}

int connect_to(std::uint16_t port) {
  const int socket = check(::socket(AF_INET, SOCK_STREAM, 0), "socket");
  const auto address = loopback(port);
  check(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), "connect");
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

// Accepts `count` connections, and reads each to its end.
void read_all(int line, std::size_t count) {
  const int listener = listen_and_tell(line);
  std::vector<pollfd> sockets;
  while (sockets.size() < count)
    sockets.push_back({.fd = check(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK), "accept"),
                       .events = POLLIN,
                       .revents = 0});
  std::vector<char> room(262'144);
  for (std::size_t open = count; open > 0;) {
    ::poll(sockets.data(), sockets.size(), -1);
    for (auto& socket : sockets) {
      if (socket.revents == 0) continue;
      if (::recv(socket.fd, room.data(), room.size(), 0) != 0) continue;
      socket.fd = -1;
      --open;
    }
  }
  say(line, 'D');
  ::pause();
}

void write_whole(int socket, std::span<iovec> pieces) {
  while (!pieces.empty()) {
    auto written =
        check(::writev(socket, pieces.data(), static_cast<int>(pieces.size())), "writev");
    while (!pieces.empty() && static_cast<std::size_t>(written) >= pieces.front().iov_len) {
      written -= static_cast<ssize_t>(pieces.front().iov_len);
      pieces = pieces.subspan(1);
    }
    if (pieces.empty()) return;
    pieces.front().iov_base = static_cast<char*>(pieces.front().iov_base) + written;
    pieces.front().iov_len -= static_cast<std::size_t>(written);
  }
}

// Passes on what it reads, chunk by chunk, to each of `count` sockets.
void relay_all(int line, std::size_t count, std::uint16_t port) {
  std::vector<int> sockets(count);
  for (auto& socket : sockets) socket = connect_to(port);
  const int listener = listen_and_tell(line);
  const int source = static_cast<int>(check(::accept(listener, nullptr, nullptr), "accept"));
  std::vector<char> chunk(chunk_octets);
  for (;;) {
    const auto read = check(::recv(source, chunk.data(), chunk.size(), MSG_WAITALL), "recv");
    if (read == 0) break;
    for (const auto socket : sockets) {
      std::array<iovec, 3> frame{iovec{const_cast<char*>(head.data()), head.size()},
                                 iovec{chunk.data(), static_cast<std::size_t>(read)},
                                 iovec{const_cast<char*>(end_line.data()), end_line.size()}};
      write_whole(socket, frame);
    }
  }
  for (const auto socket : sockets) ::close(socket);
  say(line, 'D');
  ::pause();
}

void send_file(int line, const std::string& path, std::uint64_t octets, std::uint16_t port) {
  const int file = check(::open(path.c_str(), O_RDONLY), "open");
  const int socket = connect_to(port);
  say(line, 'R');
  for (off_t at = 0; static_cast<std::uint64_t>(at) < octets;)
    check(::sendfile(socket, file, &at, octets - static_cast<std::uint64_t>(at)), "sendfile");
  ::close(socket);
  ::pause();
}

}  // namespace

RawFigures raw_relay(const std::string& file, std::uint64_t octets, std::size_t receivers) {
  const Child readers{[&](int line) { read_all(line, receivers); }};
  const auto port = static_cast<std::uint16_t>(readers.hear());
  const Child relay{[&](int line) { relay_all(line, receivers, port); }};
  const auto relay_port = static_cast<std::uint16_t>(relay.hear());
  const auto before = figures_of(relay.id());
  const auto begin = std::chrono::steady_clock::now();
  const Child sender{[&](int line) { send_file(line, file, octets, relay_port); }};
  sender.hear();
  relay.hear();
  readers.hear();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  return {.seconds = time.count(),
          .processor = figures_of(relay.id()).processor - before.processor};
}

}  // namespace convene::bench
