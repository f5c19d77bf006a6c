#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "io/loop.h"

namespace convene::io {

// Opens a TCP connection: looks the name up and tries its addresses one after the other. Calls
// `done` once, later, unless it is destroyed before. Fault::not_found: no such name;
// Fault::timed_out; Fault::closed: refused, unreachable.
class Opening {
 public:
  using Done = std::move_only_function<void(Result<FileDescriptor>)>;
  Opening(Loop& loop, const std::string& host, std::uint16_t port, Duration patience, Done done);

 private:
  void try_next();
  void finish(Result<FileDescriptor> result);

  Loop& loop_;
  Resolver resolver_;
  Timer patience_;      // for all of it
  Timer next_address_;  // for one address, while there are others
  TimePoint latest_;
  std::deque<SocketAddress> addresses_;
  std::optional<Watched> attempt_;
  std::string last_error_;
  Done done_;
};

}  // namespace convene::io
