#pragma once

#include <optional>
#include <string>
#include <vector>

#include "msrp/chunk_decoder.h"
#include "msrp/endpoint.h"
#include "msrp/relay_registration.h"
#include "msrp/reports.h"

namespace convene::msrp {

// The chunk that is coming in on a connection.
struct ArrivingChunk {
  std::optional<SessionKey> session;  // whose receiver takes it; nothing: it is skipped
  Reply reply;
};

// One transport connection: its octets are cut into chunks, and what is to be written waits in
// order of urgency.
struct Connection {
  enum class State { connecting, open, closing, gone };

  // Octets of responses and requests without bodies that wait. A peer that makes us say so much
  // without reading it is no peer.
  static constexpr std::size_t max_queued_octets = 1'048'576;
  static constexpr int max_unknown_sessions =
      8;  // requests for sessions that are not, before one is bound

  Connection(ConnectionId number, State initial, ReadBuffers& buffers)
      : id{number}, state{initial}, decoder{buffers} {}

  bool is_bound() const { return relay || !sessions.empty(); }
  bool has_frames() const { return !ending.empty() || !responses.empty() || !requests.empty(); }

  const ConnectionId id;
  State state;
  std::string remote_host;  // of an accepted one, until it is bound
  bool is_secure = false;   // TLS
  std::string certificate;  // of the peer, DER; empty: it showed none
  ChunkDecoder decoder;
  ArrivingChunk chunk;
  std::vector<SessionKey> sessions;        // that use it
  std::optional<RelayRegistration> relay;  // it leads to our relay
  int unknown_sessions = 0;

  // What goes out, the urgent first; then the sessions' chat, then their files.
  std::string ending;  // of a chunk that was left open and is not gone on with
  std::string responses;
  std::string requests;       // REPORTs and aborts
  std::size_t next_chat = 0;  // whose turn it is
  std::size_t next_file = 0;
  bool is_write_wanted = false;  // WantWrite was said
  Deadline write_until;          // while a Write is on its way

  Deadline unbound_until;        // accepted, and no session yet
  Deadline head_until;           // inside a head
  Deadline floor_until;          // inside a body: when the next floor_octets must have come
  std::size_t floor_octets = 0;  // that came since it was set
  Deadline quiet_until;          // then it is kept alive
  Deadline close_until;          // while closing
  Deadline alarm;                // when the endpoint will look at it

  Deadline deadline() const {
    const auto arriving = earliest(head_until, floor_until);
    const auto leaving = earliest(write_until, quiet_until);
    const auto of_relay = relay ? relay->deadline() : Deadline{};
    return earliest(earliest(earliest(arriving, leaving), of_relay),
                    earliest(unbound_until, close_until));
  }
};

}  // namespace convene::msrp
