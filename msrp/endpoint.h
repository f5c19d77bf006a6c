#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/fingerprint.h"
#include "base/surroundings.h"
#include "base/time.h"
#include "msrp/body_store.h"
#include "msrp/failure_report.h"
#include "msrp/relay_registration.h"
#include "msrp/uri.h"

namespace convene::msrp {

// Names one transport connection, never used again. Odd: opened by the endpoint, which chose the
// number. Even: accepted.
struct ConnectionId {
  std::uint64_t value = 0;
  auto operator<=>(const ConnectionId&) const = default;
};
// Names one MSRP session (one SDP m-line) in its endpoint; never used again.
struct SessionKey {
  std::uint64_t value = 0;
  auto operator<=>(const SessionKey&) const = default;
};
// Names one outgoing message in its endpoint; never used again.
struct OutgoingId {
  std::uint64_t value = 0;
  auto operator<=>(const OutgoingId&) const = default;
};
// Names one incoming message in its endpoint; never used again.
struct IncomingId {
  std::uint64_t value = 0;
  auto operator<=>(const IncomingId&) const = default;
};

// ---- What the endpoint asks of the network. ----

struct BodySlice {
  BodyId body;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  bool operator==(const BodySlice&) const = default;
};
using Piece = std::variant<std::string, BodySlice>;

// What a connection has to be. RFC 4975 14.4, RFC 4976 6.1, 8
enum class Security {
  none,         // TCP
  certificate,  // TLS; the certificate is told, and checked by who asked
  name,         // TLS; the certificate names the host, and somebody trusted vouches for it
};
struct Connect {  // opens a TCP connection; answered by connected() or closed()
  ConnectionId connection;
  std::string host;  // a name or a numeric address
  std::uint16_t port = 0;
  Security security = Security::none;
};
struct WantWrite {  // there is something to write: call writable() as soon as the connection takes
                    // octets
  ConnectionId connection;
};
struct Write {  // only in answer to writable(); gathered into one system call, the pieces in order
  ConnectionId connection;
  std::vector<Piece> pieces;
};
struct Close {  // after everything written before has left
  ConnectionId connection;
};
using Effect = std::variant<Connect, WantWrite, Write, Close>;

// ---- What the endpoint tells its user. ----

struct Bound {  // the session's connection stands, and its peer is who it should be
  SessionKey session;
};
// What the sender of a message wants to hear of it: who passes it on wants the same. RFC 4975 7.1.3
struct ReportWishes {
  bool success_report = false;
  FailureReport failure_report = FailureReport::yes;
};
// The first octets of a message that goes to the body store (Receive::to_body).
struct MessageBegun {
  SessionKey session;
  IncomingId message;
  std::string message_id;
  std::string content_type;
  std::optional<std::uint64_t> total;
  BodyId body;  // belongs to the user of the endpoint from now on: drop it some day
  ReportWishes wishes = {};
};
struct MessageGrew {  // octets [0, ready) are in the store without a gap
  SessionKey session;
  IncomingId message;
  std::uint64_t ready = 0;
};
struct MessageReceived {  // complete. With Receive::in_memory `octets` is the body; else it is in
                          // the store
  SessionKey session;
  IncomingId message;
  std::string message_id;
  std::string content_type;
  std::string octets;
  std::uint64_t total = 0;
  ReportWishes wishes = {};
};
struct MessageAborted {  // '#', a timeout, a broken connection, a lie about ranges, a full disk
  SessionKey session;
  IncomingId message;
  std::string reason;      // for the log
  bool by_sender = false;  // '#'
};
struct MessageSent {  // every octet was answered with 200 (or needed no answer); with success
                      // reports: reported whole
  SessionKey session;
  OutgoingId message;
};
struct MessageFailed {  // answered or reported with this status; 408: no answer in time; 481:
                        // session gone
  SessionKey session;
  OutgoingId message;
  int status = 0;
};
// Octets confirmed by the peer so far; at most one per 64 kB, and one for the whole while its
// success report is waited for.
struct SendProgress {
  SessionKey session;
  OutgoingId message;
  std::uint64_t confirmed = 0;
};
struct NicknameRequested {  // RFC 7701 7; answer with answer_nickname()
  SessionKey session;
  std::string transaction_id;
  std::string nickname;
};
struct SessionFailed {  // not bound in time, connection lost, stalled: no message goes through it
                        // any more
  SessionKey session;
  std::string reason;
};
using Event =
    std::variant<Bound, MessageBegun, MessageGrew, MessageReceived, MessageAborted, MessageSent,
                 MessageFailed, SendProgress, NicknameRequested, SessionFailed>;
using RelayEvent = std::variant<RelayReady, RelayLost>;  // of no session

// Where we can be reached over TLS, and what our certificate is known by.
struct SecureAddress {
  std::string host;
  std::uint16_t port = 0;  // 9 when we do not listen (always active)
  Fingerprint fingerprint;
  bool operator==(const SecureAddress&) const = default;
};

// Who is at the other end of a connection, as the network sees it. Valid during the call.
struct Remote {
  std::string_view host = {};         // of an accepted connection
  bool is_secure = false;             // TLS
  std::string_view certificate = {};  // in DER, that it showed; empty: none
};

struct Output {
  std::vector<Effect> effects;
  std::vector<Event> events;  // in order
  std::vector<RelayEvent> relay_events;
};

// ---- What the user says. ----

enum class Setup { active, passive };  // RFC 4145, 6135: who connects
enum class PathMatch {
  strict,
  session_id
};  // G-22: behind SBCs that rewrite the authority only the id is compared

struct Receive {
  enum class Into { memory, body };
  Into into = Into::memory;
  std::uint64_t max_octets = 65'536;  // beyond: 413 and the message is aborted
  std::optional<std::uint64_t>
      expected_octets;  // a message of another total is aborted (400); RFC 5547 size
};

struct SessionSettings {
  Uri local;    // what our SDP's a=path said; its session-id is unique in this endpoint
  Path remote;  // what the peer's said; several URIs when it is behind relays (RFC 4976)
  // Of the peer's certificate, as its SDP has it, for an msrps: hop straight to the peer. RFC 4975
  // 14.4; without any, and through relays, whom we connect to proves its name.
  std::vector<Fingerprint> fingerprints = {};
  Setup setup = Setup::passive;
  // Where to connect when active: the first remote URI's host and port, or c=/m= with msrp-cema
  // (RFC 6714).
  std::optional<std::pair<std::string, std::uint16_t>> connect_to;
  PathMatch match = PathMatch::strict;
  Receive receive;
  bool hold_answers = false;  // MessageReceived is answered by answer(), not by itself: the focus
                              // checks CPIM From first
  // Its messages are passed on: with hold_answers those into bodies are answered by confirm() and
  // answer(), too, success is reported by report_success() alone, and SendProgress tells of every
  // octet.
  bool relays = false;
  // Its user knows that the peer, if it is a session of this endpoint, is not on the way back here.
  bool is_peer_known = false;
  std::uint64_t max_chunk =
      65'536;                  // of the body of a chunk we send; less when a relay is in the path
  bool through_relay = false;  // by the connection to our relay, which stands: RelayReady. `remote`
                               // begins with the relay
};

struct OutgoingMessage {
  std::string message_id;    // empty: one is drawn
  std::string content_type;  // with parameters
  std::string prefix;        // octets before the body that belong to the message (a CPIM wrapper);
                             // counted in ranges
  std::string octets;        // the whole body, or empty
  std::optional<BodyId> body;     // ... or this, which may still grow: body_grew()
  std::uint64_t body_offset = 0;  // ... from here on: RFC 5547 8.6, a file's rest is a message
  std::uint64_t total = 0;        // of prefix + body; announced in every Byte-Range
  bool success_report = false;
  using FailureReport = msrp::FailureReport;
  FailureReport failure_report = FailureReport::yes;
  enum class Lane { chat, file };
  Lane lane = Lane::chat;  // chat overtakes: it cuts an open file chunk with '+'
};

struct EndpointSettings {
  std::uint64_t relay_max_chunk = 10'000;  // as max_chunk, towards a path of several URIs: relays
                                           // take whole frames into small buffers
  Duration bind_timeout{30'000};  // an accepted connection or a passive session without its peer
  Duration transaction_timeout{30'000};  // restarted while the connection makes progress
  Duration header_timeout{10'000};       // a header block that has begun
  // Within a chunk that comes in, so many octets are owed in so long: who crawls is closed.
  std::size_t floor_octets = 32'768;
  Duration floor_time{30'000};
  // A connection that we opened says an empty SEND when it has said nothing for so long, so that a
  // NAT does not forget it. 0: never.
  Duration keep_alive{0};
  Duration stall_timeout{300'000};  // a message under way, in or out, without a byte of progress
  Duration incomplete_timeout{540'000};   // RFC 7701 6.1: between chunks of a message in memory
  std::size_t max_outstanding = 256;      // unanswered chunks per session; then we wait
  std::size_t max_incoming_messages = 8;  // under way per session; one when into the body store
  std::size_t max_unbound = 1'000;
  std::size_t max_unbound_per_source = 128;
  std::size_t backlog_octets =
      1'048'576;  // chat waiting for one session; beyond: MessageFailed 408 at once (congested)
  std::size_t backlog_messages = 1'000;
  std::size_t gather_octets =
      65'536;  // a growing body does not wake a leg for less, unless gather_delay passed
  Duration gather_delay{20};
};

// All MSRP sessions of one entity: RFC 4975 with RFC 6135, RFC 6714, RFC 7701 NICKNAME, and relays
// (RFC 4976) on the peer's side and on ours. Pure: connections are ids, octets come in by
// prepare()/commit(), and leave when the network asks.
//
// A connection carries any number of sessions. A SEND is answered as soon as its octets are in the
// store.
class Endpoint {
 public:
  Endpoint(EndpointSettings settings, Surroundings surroundings, BodyStore& bodies);
  ~Endpoint();

  // Sessions. open() with Setup::active connects (and binds with an empty SEND when nothing waits
  // to be sent).
  SessionKey open(SessionSettings settings, TimePoint now, Output& out);
  // No event comes after it. Unfinished outgoing messages end with '#' first; or as if the
  // connection had broken, which says no more than we know, when nobody else is on it.
  enum class Ending { aborted, broken };
  void close(SessionKey session, TimePoint now, Output& out, Ending how = Ending::aborted);
  bool is_bound(SessionKey session) const;

  // Messages. Sending may begin before the session is bound: it waits.
  OutgoingId send(SessionKey session, OutgoingMessage message, TimePoint now, Output& out);
  // Octets [0, ready) of the body (without prefix) may be read now. To be told for a body that is
  // complete, too, and again to a leg that joined later.
  void body_grew(BodyId body, std::uint64_t ready, TimePoint now, Output& out);
  // Ends an outgoing message with '#'.
  void abort(OutgoingId message, TimePoint now, Output& out);
  // Stops an incoming message: 413 to what still comes, and MessageAborted is not told.
  void refuse(IncomingId message, TimePoint now, Output& out);
  // The REPORT with status 200 for a whole message, if its sender asked for one (sent by itself for
  // Receive::memory; for bodies when the user says that they are kept).
  void report_success(IncomingId message, TimePoint now, Output& out);
  // A failure REPORT (e.g. 413) for a message.
  void report_failure(IncomingId message, int status, TimePoint now, Output& out);
  // Answers, with 200, the SENDs whose octets lie in [0, octets): of a message into a body, when
  // the session relays.
  void confirm(IncomingId message, std::uint64_t octets, TimePoint now, Output& out);
  // Answers the SEND that completed an in-memory message, when the session holds its answers: 200,
  // 403, 404, 415...
  void answer(IncomingId message, int status, TimePoint now, Output& out);
  // Answers a NICKNAME request: 200, 403, 424, 425.
  void answer_nickname(SessionKey session, std::string_view transaction_id, int status,
                       TimePoint now, Output& out);

  // Asks a chat room for a nickname in a bound session (RFC 7701 7); an empty one gives it back.
  // Answered by MessageSent, or by MessageFailed with the status.
  OutgoingId request_nickname(SessionKey session, std::string_view nickname, TimePoint now,
                              Output& out);

  // A relay that acts for us, over one connection that we keep: RelayReady once it does, and again
  // whenever it renews our path; RelayLost when it does not, or no more. `own`: our URI on that
  // connection. One relay at a time. RFC 4976 5.1
  void register_at_relay(RelaySettings settings, Uri own, TimePoint now, Output& out);

  // Network inputs.
  void accepted(ConnectionId connection, const Remote& remote, TimePoint now, Output& out);
  void connected(ConnectionId connection, const Remote& remote, TimePoint now, Output& out);
  void closed(ConnectionId connection, TimePoint now, Output& out);  // also: could not connect
  std::span<std::byte> prepare(ConnectionId connection);             // room for the next octets
  void commit(ConnectionId connection, std::size_t count, TimePoint now, Output& out);
  // The connection takes octets: appends one Write of at most about `budget` octets. When more
  // waits, also WantWrite.
  void writable(ConnectionId connection, std::size_t budget, TimePoint now, Output& out);
  // The last Write left completely. Restarts the transaction clock of what it carried.
  void written(ConnectionId connection, TimePoint now, Output& out);

  void wake(TimePoint now, Output& out);
  Deadline deadline() const;

  std::size_t sessions() const;
  std::size_t connections() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace convene::msrp
