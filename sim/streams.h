#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/core.h"

namespace convene::sim {

// TCP between hosts: SIP flows (TLS is plain here) and MSRP connections. In order, without loss,
// cut anywhere, with a bounded number of octets under way.
class Streams {
 public:
  enum class Kind { sip_tcp, sip_tls, msrp, msrps };

  explicit Streams(Core& core) : core_{core} {}

  // Effects of nodes. `id` is the flow's or connection's number at that host.
  void open(Host& from, Kind kind, std::uint64_t id, const std::string& remote_host,
            std::uint16_t remote_port);
  void send(Host& from, sip::Flow flow, std::string octets);
  void write(Host& from, msrp::ConnectionId connection, std::vector<msrp::Piece> pieces);
  void want_write(Host& from, msrp::ConnectionId connection);
  void close(Host& from, sip::Flow flow);
  void close(Host& from, msrp::ConnectionId connection);

  // Faults.
  void host_died(Host& host, Death death);
  void host_reads_again(Host& host);
  void reset(const Host& a, const Host& b);

  std::size_t size() const { return streams_.size(); }

 private:
  using Number = std::uint64_t;
  using FineTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

  struct Segment {
    std::size_t octets = 0;  // 0: the end
    TimePoint due;
  };
  struct Piece {  // of what was written: a text, or octets of a body
    std::string text;
    SharedView shared;
    std::string_view octets() const { return shared.keeper ? shared.octets : text; }
  };
  using Pieces = std::vector<Piece>;
  struct Direction {
    std::deque<Piece> pieces;  // not yet delivered; `taken` of the first one are gone
    std::size_t taken = 0;
    std::size_t unsent = 0;        // the last ones: still in the sender's machine
    std::size_t under_way = 0;     // the others
    std::deque<Segment> segments;  // of what is under way
    bool has_event = false;        // the first segment's arrival is scheduled
    bool ends = false;             // the sender closed; the end is sent after the octets
    bool end_is_sent = false;
    TimePoint last_due;     // segments stay in order
    FineTime line_is_free;  // at a limited rate
    Duration retry{0};      // the first segment's, while nobody acknowledges it
    Duration waited{0};
    FrameCutter frames;
  };
  struct End {
    enum class State { opening, open, gone };
    Host* host = nullptr;
    unsigned incarnation = 0;
    std::uint64_t id = 0;
    State state = State::gone;
    bool wants_write = false;
    bool is_writing = false;  // a Write has not left completely
    bool is_asked = false;    // msrp_writable() is scheduled or running
  };
  struct Stream {
    Kind kind = Kind::sip_tcp;
    std::array<End, 2> ends;              // 0: who opened it
    std::array<Direction, 2> directions;  // by sender
    bool is_established = false;
    bool is_to_participating = false;  // accepted at the listener of that
  };
  struct Place {
    Number number = 0;
    std::size_t side = 0;
  };
  using Key =
      std::pair<std::size_t, std::pair<bool, std::uint64_t>>;  // number of the host, is MSRP, id

  void try_to_connect(Number number, Duration waited, Duration retry);
  void accept(Number number, Host& to);
  void established(Number number);
  void fail_to_open(Number number);

  void append(Number number, std::size_t side, std::string octets);
  void pump(Number number, std::size_t side);
  bool has_room(const Direction& direction) const;
  std::size_t segment_size(std::size_t most);
  TimePoint arrival(Stream& stream, std::size_t side, std::size_t octets);
  void schedule_first(Number number, std::size_t side);
  void arrive(Number number, std::size_t side);
  void retry(Number number, std::size_t side);
  void receive(Number number, std::size_t side, const Pieces& pieces);
  void receive_media(Number number, std::size_t side, const Pieces& pieces);
  void ask_to_write(Number number, std::size_t side);
  void close(Host& from, bool is_msrp, std::uint64_t id);
  void end(Number number,
           std::size_t side);  // this side hears that it is closed; the stream is forgotten
  void break_both(Number number);

  Stream* find(Number number);
  Stream* find_live(Number number,
                    std::size_t side);  // nothing when that side's node does not have it any more
  const Place* place(const Host& host, bool is_msrp, std::uint64_t id) const;
  static bool is_msrp(const Stream& stream) { return is_msrp(stream.kind); }
  static bool is_msrp(Kind kind) { return kind == Kind::msrp || kind == Kind::msrps; }
  static Pieces take(Direction& direction, std::size_t count);
  void detach(const Stream& stream, std::size_t side);
  void record(const Stream& stream, std::size_t side, std::string octets);

  Core& core_;
  std::map<Number, Stream> streams_;
  std::map<Key, Place> places_;
  Number last_number_ = 0;
  std::uint16_t last_port_ = 0;
};

}  // namespace convene::sim
