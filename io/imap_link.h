#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "io/alive.h"
#include "io/opening.h"
#include "io/stream_socket.h"
#include "io/tls.h"
#include "msrp/body_store.h"
#include "store/object.h"

namespace convene::io {

struct ImapAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 143;
  Duration connect_patience{10'000};
};

// One connection to an IMAP server, in TLS or not: opens it, moves octets, and reads the files that
// are to leave a piece at a time. All handlers are called later, never within a call.
class ImapLink {
 public:
  struct Handlers {
    std::function<void()> connected;
    std::function<void(std::string_view octets)> received;
    std::function<void()> sent;                          // some octets left
    std::function<void(const std::string& why)> closed;  // once; may destroy the link
  };

  // `tls` and `bodies` may be none; all outlive the link.
  ImapLink(Loop& loop, const ImapAddress& address, const Tls* tls, msrp::BodyStore* bodies,
           Handlers handlers);

  void send(std::string octets);
  void send(const store::FileContent& file);  // in base64, in lines

  // What was sent leaves still; nothing is told any more.
  StreamSocket release();

 private:
  struct File {
    store::FileContent content;
    std::uint64_t at = 0;  // octets that were taken from it
  };

  void begin(FileDescriptor socket, const Tls* tls, const std::string& host);
  void shake_hands();
  void read();
  void write();
  void write_later();
  bool refill();
  void end(const std::string& why);

  static constexpr std::size_t enough_to_write = 256 * 1024;
  static constexpr std::size_t read_at_once = 64 * 1024;

  Loop& loop_;
  msrp::BodyStore* bodies_;
  Handlers handlers_;
  std::unique_ptr<Opening> opening_;
  StreamSocket socket_;
  Timer handshake_;
  std::deque<std::variant<std::string, File>> pending_;
  std::string buffer_;
  bool is_ready_ = false;
  bool writes_soon_ = false;
  bool has_ended_ = false;
  Alive alive_;
};

}  // namespace convene::io
