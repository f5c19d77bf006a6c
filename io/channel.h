#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"

namespace convene::io {

// What one attempt to move octets came to.
struct Transfer {
  enum class Status { moved, wants_read, wants_write, ended, failed };
  Status status = Status::moved;
  std::size_t count = 0;  // moved: at least one
  std::string detail;     // failed: why, for the log
};

// The way octets take through a non-blocking socket: as they are, or in TLS. Owns no descriptor.
// After wants_read or wants_write, the same call is made again once the socket is ready for that.
class Channel {
 public:
  virtual ~Channel() = default;
  // Before anything else. `moved` when it is done.
  virtual Transfer handshake() = 0;
  virtual Transfer read(std::span<std::byte> room) = 0;
  // More was taken from the socket than was read: reading goes on without waiting for it.
  virtual bool has_read_ahead() const { return false; }
  // Where octets have to be put before they are written. Empty: what was written has not left yet;
  // write() is called without octets then. Nothing: they are written from where they are.
  virtual std::optional<std::span<char>> staging() { return std::nullopt; }
  virtual Transfer write(std::span<const iovec> octets) = 0;  // may take a part
  virtual void shut_down() = 0;  // tells the peer that nothing more comes
  virtual std::string peer_certificate() const { return {}; }  // in DER; empty: none
};

std::unique_ptr<Channel> make_plain_channel(int fd);

}  // namespace convene::io
