#include "io/stream_socket.h"

#include <array>

namespace convene::io {

void Lingering::add(StreamSocket socket) {
  if (!socket || ends_.size() >= max_ends) return;
  ends_.push_back({.socket = std::move(socket), .timer = Timer{loop_}});
  const auto end = std::prev(ends_.end());
  end->timer.at(loop_.now() + patience_, [this, end] { forget(end); });
  write(end);
}

void Lingering::write(Position end) {
  const auto transfer = end->socket.output.write_to(*end->socket.channel);
  switch (transfer.status) {
    case Transfer::Status::wants_write:
      end->socket.watched->when_writable([this, end] { write(end); });
      return;
    case Transfer::Status::wants_read:
      end->socket.watched->when_readable([this, end] { write(end); });
      return;
    case Transfer::Status::ended:
    case Transfer::Status::failed: break;
    case Transfer::Status::moved:
      end->socket.channel->shut_down();
      end->is_shut_down = true;
      end->socket.watched->when_readable([this, end] { read(end); });
      return;
  }
  end->timer.at(loop_.now(),
                [this, end] { forget(end); });  // not now: whoever added it is still at work
}

void Lingering::read(Position end) {
  std::array<std::byte, 16'384> ignored;
  for (;;) {
    const auto transfer = end->socket.channel->read(ignored);
    if (transfer.status == Transfer::Status::wants_read) break;
    end->discarded += transfer.count;
    if (transfer.status != Transfer::Status::moved || end->discarded > max_discarded)
      return forget(end);
  }
  end->socket.watched->when_readable([this, end] { read(end); });
}

void Lingering::forget(Position end) {
  ends_.erase(end);
  if (ends_.empty() && when_empty) when_empty();
}

}  // namespace convene::io
