#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/surroundings.h"
#include "msrp/body_store.h"
#include "msrp/endpoint.h"
#include "participating/side.h"

namespace convene::participating {

// How much may pass through anchored media.
struct MediaPolicy {
  msrp::EndpointSettings endpoint = {};
  msrp::PathMatch path_match = msrp::PathMatch::strict;
  std::uint64_t max_chunk = 65'536;
  std::size_t max_lines = 20'000;              // m-lines; further calls are not anchored
  std::uint64_t max_message_octets = 65'536;   // of a chat message; beyond: 413
  std::uint64_t max_file_octets = 256U << 20;  // of a file; beyond: 413
};

// One m-line between its two sides; never used again.
struct RelayId {
  std::uint64_t value = 0;
  auto operator<=>(const RelayId&) const = default;
};

// What an m-line carries: messages that are read whole, or one after the other into the spool.
enum class Carries { chat, files };

// The far side has taken a chat message. Its sender waits until answer() is called.
struct MessagePassed {
  RelayId relay;
  Side from = Side::caller;
  msrp::IncomingId message;
  std::string content_type;
  std::string octets;
};
// A file, or what came of it: `body` belongs to who is told. Its sender has its answer.
struct FilePassed {
  RelayId relay;
  Side from = Side::caller;
  std::string content_type;
  msrp::BodyId body;
  std::uint64_t octets = 0;   // that came, without a gap
  bool is_delivered = false;  // all of them are there, and the far side has taken them
};
// Of a session that ends with us: see open_own().
struct OwnSessionTold {
  msrp::Event event;
};
using MediaEvent = std::variant<MessagePassed, FilePassed, OwnSessionTold>;

struct MediaOutput {
  std::vector<msrp::Effect> effects;
  std::vector<MediaEvent> events;  // in order
};

// Passes MSRP messages on between the two sides of anchored m-lines, each an MSRP session of its
// own: the same Message-ID, content and wishes for reports. What becomes of a message at the far
// side becomes of it here: its status is the status, its report the report. The last answer of a
// message waits for the far side; a file's octets flow on while they come. Conversation 1; pure.
class MediaRelay {
 public:
  // `bodies` outlives it.
  MediaRelay(MediaPolicy policy, Surroundings world, msrp::BodyStore& bodies);

  // The paths of `ends` and who connects; by Side.
  using Ends = std::array<msrp::SessionSettings, 2>;
  RelayId open(Carries carries, Ends ends, TimePoint now, MediaOutput& out);
  // One side has gone elsewhere; what was under way in between fails.
  void replace(RelayId relay, Side side, msrp::SessionSettings end, TimePoint now,
               MediaOutput& out);
  // What was under way is broken off, without a '#' that nobody said; of files it is told how far
  // they came.
  void close(RelayId relay, TimePoint now, MediaOutput& out);
  // Both sides have their connections, or may have them still.
  bool is_alive(RelayId relay) const { return lines_.contains(relay); }

  // Sessions that pass nothing on, over the same listener: all that they tell is told as it is.
  msrp::SessionKey open_own(msrp::SessionSettings settings, TimePoint now, MediaOutput& out);
  void close_own(msrp::SessionKey session, TimePoint now, MediaOutput& out);
  using ToEndpoint = std::function<void(msrp::Endpoint&, msrp::Output&)>;
  void with_endpoint(TimePoint now, MediaOutput& out, const ToEndpoint& call);  // what they say

  // The answer to a message that passed.
  void answer(msrp::IncomingId message, int status, TimePoint now, MediaOutput& out);

  // Network inputs: msrp::Endpoint's.
  void accepted(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                MediaOutput& out);
  void connected(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                 MediaOutput& out);
  void closed(msrp::ConnectionId connection, TimePoint now, MediaOutput& out);
  std::span<std::byte> prepare(msrp::ConnectionId connection) {
    return endpoint_.prepare(connection);
  }
  void commit(msrp::ConnectionId connection, std::size_t count, TimePoint now, MediaOutput& out);
  void writable(msrp::ConnectionId connection, std::size_t budget, TimePoint now, MediaOutput& out);
  void written(msrp::ConnectionId connection, TimePoint now, MediaOutput& out);
  void wake(TimePoint now, MediaOutput& out);
  Deadline deadline() const { return endpoint_.deadline(); }

  std::size_t lines() const { return lines_.size(); }
  std::size_t messages() const { return passing_.size(); }  // under way

 private:
  struct Passing {  // a message on its way to the other side
    RelayId relay;
    Side from = Side::caller;
    std::string message_id;
    std::string content_type;
    msrp::ReportWishes wishes;
    std::optional<msrp::OutgoingId> outgoing;  // once its size is known
    std::string octets;                        // of a chat message, until it is taken
    std::optional<msrp::BodyId> body;          // of a file, until it is told
    std::uint64_t ready = 0;
    std::optional<std::uint64_t> total;
    bool is_whole = false;     // here
    bool is_taken = false;     // there
    bool is_answered = false;  // to its sender
    bool is_reported = false;  // there, whole
  };
  using Place = std::map<msrp::IncomingId, Passing>::iterator;
  struct Line {
    Carries carries = Carries::chat;
    std::array<msrp::SessionKey, 2> sessions{};
  };
  struct Asked {  // a nickname
    msrp::SessionKey by, of;
    std::string transaction_id;
  };
  struct Turn {
    TimePoint now;
    MediaOutput& out;
    msrp::Output msrp;
  };

  template <class Call>
  auto tell(TimePoint now, MediaOutput& out, Call call);
  void settle(Turn& turn);

  void on(Turn& turn, const msrp::Bound& event);
  void on(Turn& turn, msrp::MessageBegun& event);
  void on(Turn& turn, const msrp::MessageGrew& event);
  void on(Turn& turn, msrp::MessageReceived& event);
  void on(Turn& turn, const msrp::MessageAborted& event);
  void on(Turn& turn, const msrp::MessageSent& event);
  void on(Turn& turn, const msrp::SendProgress& event);
  void on(Turn& turn, const msrp::MessageFailed& event);
  void on(Turn& turn, const msrp::NicknameRequested& event);
  void on(Turn& turn, const msrp::SessionFailed& event);

  msrp::SessionKey open_end(Turn& turn, RelayId relay, Side side, Carries carries,
                            msrp::SessionSettings end);
  void close_end(Turn& turn, Line& line, Side side);
  void close(Turn& turn, RelayId relay);
  Passing* begin(msrp::SessionKey session, msrp::IncomingId message);
  Place find(msrp::OutgoingId message);
  void send(Turn& turn, Passing& passing, msrp::IncomingId message);
  void taken(Turn& turn, Place place);
  void failed(Turn& turn, Place place, int status);
  void give_up(Turn& turn, Place place);  // nobody is told but who keeps the file
  void tell_file(Turn& turn, Passing& passing, bool is_delivered);
  void settle(Turn& turn, Place place);

  MediaPolicy policy_;
  Log& log_;
  msrp::BodyStore& bodies_;
  msrp::Endpoint endpoint_;
  std::map<RelayId, Line> lines_;
  std::map<msrp::SessionKey, std::pair<RelayId, Side>> sides_;
  std::set<msrp::SessionKey> own_;
  std::map<msrp::IncomingId, Passing> passing_;
  std::map<msrp::OutgoingId, msrp::IncomingId> outgoing_;
  std::map<msrp::OutgoingId, Asked> nicknames_;
  std::vector<msrp::IncomingId> broken_;  // whose sender did not abort them
  std::uint64_t last_ = 0;
};

}  // namespace convene::participating
