#include "bench/raw_fan_out.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <vector>

#include "bench/child.h"
#include "bench/process_figures.h"

namespace convene::bench {

namespace {

constexpr std::size_t chunk_octets = 65'536;  // as msrp::SessionSettings::max_chunk
constexpr std::size_t chunks_of_a_write = 4;  // as io::MsrpLimits::write_budget
const std::string head(320, 'h');             // as long as ours
const std::string end_line(30, 'e');

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int check(int outcome, const char* what) {
  if (outcome < 0) throw std::runtime_error(what);
  return outcome;
}

// Accepts `count` connections, and reads each to its end.
void read_all(int line, std::size_t count) {
  const int listener = check(::socket(AF_INET, SOCK_STREAM, 0), "socket");
  auto address = loopback(0);
  socklen_t size = sizeof address;
  check(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), "bind");
  check(::listen(listener, 256), "listen");
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  say(line, ntohs(address.sin_port));

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

// One receiver's copy: how far it has come, heads and end-lines counted.
struct Copy {
  std::uint64_t at = 0;
};
constexpr std::size_t frame_octets = 320 + chunk_octets + 30;

// Up to four chunks from where the copy is, as iovecs.
std::size_t gather(const Copy& copy, const char* file, std::uint64_t octets, iovec* out) {
  std::size_t count = 0;
  auto chunk = copy.at / frame_octets;
  auto skipped = copy.at % frame_octets;
  for (std::size_t i = 0; i < chunks_of_a_write && chunk * chunk_octets < octets; ++i, ++chunk) {
    const auto size = std::min<std::size_t>(chunk_octets, octets - chunk * chunk_octets);
    const std::array<iovec, 3> frame{iovec{const_cast<char*>(head.data()), head.size()},
                                     iovec{const_cast<char*>(file) + chunk * chunk_octets, size},
                                     iovec{const_cast<char*>(end_line.data()), end_line.size()}};
    for (auto piece : frame) {
      const auto gone = std::min<std::size_t>(skipped, piece.iov_len);
      skipped -= gone;
      if (gone == piece.iov_len) continue;
      piece.iov_base = static_cast<char*>(piece.iov_base) + gone;
      piece.iov_len -= gone;
      out[count++] = piece;
    }
  }
  return count;
}

void write_all(int line, const std::string& path, std::uint64_t octets, std::size_t count,
               std::uint16_t port) {
  const int fd = check(::open(path.c_str(), O_RDONLY), "open");
  void* const mapping = ::mmap(nullptr, octets, PROT_READ, MAP_SHARED, fd, 0);
  if (mapping == MAP_FAILED) throw std::runtime_error("mmap");
  const auto* const file = static_cast<const char*>(mapping);

  std::vector<pollfd> sockets;
  std::vector<Copy> copies(count);
  for (std::size_t i = 0; i < count; ++i) {
    const int socket = check(::socket(AF_INET, SOCK_STREAM, 0), "socket");
    const auto address = loopback(port);
    check(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address),
          "connect");
    check(::fcntl(socket, F_SETFL, O_NONBLOCK), "fcntl");
    const int on = 1;
    const int low_water = 131'072;  // as io::tune_stream
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &low_water, sizeof low_water);
    sockets.push_back({.fd = socket, .events = POLLOUT, .revents = 0});
  }
  say(line, 'R');
  std::array<iovec, 3 * chunks_of_a_write> pieces;
  for (std::size_t open = count; open > 0;) {
    ::poll(sockets.data(), sockets.size(), -1);
    for (std::size_t i = 0; i < count; ++i) {
      if (sockets[i].revents == 0) continue;
      const auto gathered = gather(copies[i], file, octets, pieces.data());
      if (gathered == 0) {
        ::close(sockets[i].fd);
        sockets[i].fd = -1;
        --open;
        continue;
      }
      const auto written = ::writev(sockets[i].fd, pieces.data(), static_cast<int>(gathered));
      if (written < 0 && errno != EAGAIN) throw std::runtime_error("writev");
      if (written > 0) copies[i].at += static_cast<std::uint64_t>(written);
    }
  }
  say(line, 'D');
  ::pause();
}

}  // namespace

RawFigures raw_fan_out(const std::string& file, std::uint64_t octets, std::size_t receivers) {
  const Child readers{[&](int line) { read_all(line, receivers); }};
  const auto port = static_cast<std::uint16_t>(readers.hear());
  const auto begin = std::chrono::steady_clock::now();
  const Child writer{[&](int line) { write_all(line, file, octets, receivers, port); }};
  writer.hear();
  const auto before = figures_of(writer.id());
  writer.hear();
  readers.hear();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  return {.seconds = time.count(),
          .processor = figures_of(writer.id()).processor - before.processor};
}

}  // namespace convene::bench
