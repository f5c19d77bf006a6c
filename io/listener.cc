#include "io/listener.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "io/sockets.h"

namespace convene::io {

Listener::Listener(Loop& loop, FileDescriptor socket, Log& log, Accepted accepted)
    : loop_{loop},
      socket_{loop, std::move(socket)},
      log_{log},
      accepted_{std::move(accepted)},
      pause_{loop} {
  socket_.when_readable([this] { accept(); });
}

SocketAddress Listener::address() const { return local_address(socket_.fd()); }

void Listener::accept() {
  for (int i = 0; i < max_per_turn; ++i) {
    SocketAddress remote;
    FileDescriptor socket{
        ::accept4(socket_.fd(), remote.raw(), &remote.size, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (socket) {
      is_short_ = false;
      accepted_(std::move(socket), remote);
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) break;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) return pause();
    // Anything else is the end of a connection that nobody has seen yet: accept(2).
  }
  socket_.when_readable([this] { accept(); });
}

void Listener::pause() {
  if (!is_short_)
    log_.warning("io", "cannot accept connections for now", {{"error", std::strerror(errno)}});
  is_short_ = true;
  pause_.at(loop_.now() + pause_time, [this] { accept(); });
}

}  // namespace convene::io
