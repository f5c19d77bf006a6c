#pragma once

#include <functional>

#include "base/log.h"
#include "io/loop.h"

namespace convene::io {

// Accepts TCP connections. When the process or the machine has no descriptor left it pauses, and
// says so once.
class Listener {
 public:
  using Accepted = std::function<void(FileDescriptor, const SocketAddress& remote)>;
  Listener(Loop& loop, FileDescriptor socket, Log& log, Accepted accepted);

  SocketAddress address() const;

 private:
  void accept();
  void pause();

  static constexpr int max_per_turn = 64;
  static constexpr Duration pause_time{100};

  Loop& loop_;
  Watched socket_;
  Log& log_;
  Accepted accepted_;
  Timer pause_;
  bool is_short_ = false;  // of descriptors
};

}  // namespace convene::io
