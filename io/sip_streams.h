#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/log.h"
#include "io/opening.h"
#include "io/stream_socket.h"
#include "io/tls.h"
#include "io/turn.h"

namespace convene::io {

struct SipStreamLimits {
  Duration connect_patience{10'000};
  Duration handshake_patience{10'000};
  std::size_t max_streams = 10'000;
  std::size_t max_unsent = 1U << 20;  // octets that wait for one peer; beyond: closed
  std::size_t read_budget = 262'144;  // octets of one stream in one turn
};

// SIP over TCP and TLS. An accepted TLS stream is told to the node once its handshake is done.
class SipStreams {
 public:
  SipStreams(Turn& turn, Lingering& lingering, Log& log, SipStreamLimits limits);

  void use(std::shared_ptr<const Tls> tls) {
    tls_ = std::move(tls);
  }  // for connections that begin from now on
  void accepted(FileDescriptor socket, const SocketAddress& remote, sip::Transport transport);

  // Effects.
  void open(sip::Flow flow, sip::Transport transport, const sip::HostPort& remote);
  void send(sip::Flow flow, std::string octets);
  void close(sip::Flow flow);

  void flush();  // at the end of a turn
  void close_all();
  std::size_t size() const { return streams_.size(); }

 private:
  struct Stream {
    sip::Transport transport = sip::Transport::tcp;
    sip::HostPort remote;
    std::unique_ptr<Opening> opening;  // until it is connected
    StreamSocket socket;
    std::unique_ptr<Timer> handshake;  // until it is done
    bool is_ready = false;             // told to the node
    bool is_dirty = false;             // in dirty_
  };

  void begin(sip::Flow flow, FileDescriptor socket);
  void shake_hands(sip::Flow flow);
  void ready(sip::Flow flow);
  void read(sip::Flow flow);
  void write(sip::Flow flow);
  void listen(sip::Flow flow, Stream& stream);
  void broken(sip::Flow flow, const std::string& why);
  Stream* find(sip::Flow flow);

  Turn& turn_;
  Lingering& lingering_;
  Log& log_;
  SipStreamLimits limits_;
  std::shared_ptr<const Tls> tls_;
  Alive alive_;
  std::unordered_map<std::uint64_t, Stream> streams_;
  std::deque<sip::Flow> dirty_;
  std::vector<std::byte> buffer_;
  std::uint64_t last_accepted_ = 0;  // even
};

}  // namespace convene::io
