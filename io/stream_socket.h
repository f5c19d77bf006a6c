#pragma once

#include <functional>
#include <list>
#include <memory>

#include "io/channel.h"
#include "io/loop.h"
#include "io/output_queue.h"

namespace convene::io {

// A TCP connection, and what waits to leave through it.
struct StreamSocket {
  std::unique_ptr<Watched> watched;
  std::unique_ptr<Channel> channel;
  OutputQueue output;

  explicit operator bool() const { return channel != nullptr; }
  int fd() const { return watched->fd(); }
};

// Connections that are over for their users: what was written leaves, then the end is told, then
// the peer's end is awaited, so that no reset overtakes the last octets. All of it within
// `patience`.
class Lingering {
 public:
  Lingering(Loop& loop, Duration patience) : loop_{loop}, patience_{patience} {}

  void add(StreamSocket socket);
  bool empty() const { return ends_.empty(); }
  std::function<void()> when_empty;  // called whenever the last one is gone

 private:
  struct End {
    StreamSocket socket;
    Timer timer;
    bool is_shut_down = false;
    std::size_t discarded = 0;
  };
  using Position = std::list<End>::iterator;

  void write(Position end);
  void read(Position end);
  void forget(Position end);

  static constexpr std::size_t max_ends = 1'000;  // beyond: closed at once
  static constexpr std::size_t max_discarded = 4U << 20;

  Loop& loop_;
  Duration patience_;
  std::list<End> ends_;
};

}  // namespace convene::io
