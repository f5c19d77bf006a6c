#pragma once

#include <cstdint>
#include <string_view>

#include "msrp/endpoint.h"
#include "node/node.h"

namespace convene::io {

enum class Way { in, out };

// Sees what passes the edge of a node. Has no say in it.
class WireTap {
 public:
  virtual ~WireTap() = default;

  virtual void datagram(Way way, const sip::HostPort& local, const sip::HostPort& remote,
                        std::string_view octets) = 0;

  // Octets of a stream. Outwards each call is one message, and may come before the stream has
  // begun.
  virtual void stream_begun(sip::Flow flow, sip::Transport transport, const sip::HostPort& local,
                            const sip::HostPort& remote) = 0;
  virtual void stream(Way way, sip::Flow flow, std::string_view octets) = 0;
  virtual void stream_ended(sip::Flow flow) = 0;

  virtual void msrp_begun(msrp::ConnectionId connection, const sip::HostPort& local,
                          const sip::HostPort& remote) = 0;
  virtual void msrp(Way way, msrp::ConnectionId connection, std::string_view octets) = 0;
  virtual void msrp_body(msrp::ConnectionId connection,
                         std::uint64_t octets) = 0;  // so many left from a file
  virtual void msrp_ended(msrp::ConnectionId connection) = 0;
};

}  // namespace convene::io
