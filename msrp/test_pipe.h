#pragma once
// For tests: endpoints joined by connections in memory, which cut the octets wherever a test likes.

#include <algorithm>
#include <cstring>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "msrp/test_side.h"

namespace convene::msrp {

// Joins sides: the first is called by whoever connects to "one", and so on.
class Pipe {
 public:
  struct End {
    Side* side = nullptr;
    ConnectionId id;
    std::string arriving;    // sent to it, and not read yet
    std::string seen;        // all that was ever sent to it
    bool is_reading = true;  // false: a peer that does not read
    bool is_open = false;
    bool wants_write = false;
    bool is_writing = false;  // its Write waits in the other end's `arriving`
    bool is_closing = false;
  };
  struct Link {
    End ends[2];
  };

  void add(const std::string& host, Side& side) { hosts_[host] = &side; }
  void refuse(const std::string& host) { hosts_.erase(host); }

  // Calls a side, and performs what it wants.
  template <class Call>
  auto call(Side& side, Call&& what) {
    Output out;
    if constexpr (std::is_void_v<decltype(what(side.endpoint, now, out))>) {
      what(side.endpoint, now, out);
      take(side, out);
      return run();
    } else {
      auto result = what(side.endpoint, now, out);
      take(side, out);
      run();
      return result;
    }
  }

  // Moves octets until nothing moves any more.
  void run() {
    while (!is_held && step()) {
    }
  }

  void advance(Duration time) {
    const auto until = now + time;
    for (;;) {
      Deadline first;
      for (auto& [host, side] : hosts_) first = earliest(first, side->endpoint.deadline());
      if (!first || *first > until) break;
      now = std::max(now, *first);
      for (auto& [host, side] : hosts_) {
        if (!is_due(side->endpoint.deadline(), now)) continue;
        Output out;
        side->endpoint.wake(now, out);
        take(*side, out);
      }
      run();
    }
    now = until;
    for (auto& [host, side] : hosts_) {
      Output out;
      side->endpoint.wake(now, out);
      take(*side, out);
    }
    run();
  }

  Link& link(std::size_t index = 0) { return *links_.at(index); }
  std::size_t links() const { return links_.size(); }
  // What one end was sent since the last call.
  std::string taken(End& end) { return std::exchange(end.seen, {}); }

  // A peer written by hand: an accepted connection on `side` whose other end is the test.
  Link& knock(Side& side, const Remote& from = {.host = "192.0.2.99"}) {
    auto& made = make_link();
    made.ends[1].side = &side;
    made.ends[1].id = {next_even_ += 2};
    made.ends[0].is_open = made.ends[1].is_open = true;
    Output out;
    side.endpoint.accepted(made.ends[1].id, from, now, out);
    take(side, out);
    run();
    return made;
  }
  // The test says something on a connection that it knocked at.
  void say(Link& link, std::string_view text) {
    link.ends[1].arriving += text;
    link.ends[1].seen += text;
    run();
  }
  // What the other side has said to the test since the last call.
  std::string heard(Link& link) {
    run();
    link.ends[0].arriving.clear();
    return taken(link.ends[0]);
  }
  // The connection breaks.
  void cut(Link& link) {
    for (auto& end : link.ends) {
      if (!end.is_open) continue;
      end.is_open = false;
      if (end.side == nullptr) continue;
      Output out;
      end.side->endpoint.closed(end.id, now, out);
      take(*end.side, out);
    }
    run();
  }

  TimePoint now = test_start;
  bool is_held = false;  // nothing moves
  std::vector<Connect> connects;
  std::size_t budget = 262'144;
  // How many octets arrive at once, at most.
  std::function<std::size_t()> read_size = [] { return std::numeric_limits<std::size_t>::max(); };

 private:
  Link& make_link() {
    links_.push_back(std::make_unique<Link>());
    return *links_.back();
  }

  static std::pair<Link*, int> find(std::vector<std::unique_ptr<Link>>& links, Side& side,
                                    ConnectionId id) {
    for (auto& link : links) {
      for (int i = 0; i < 2; ++i)
        if (link->ends[i].side == &side && link->ends[i].id == id) return {link.get(), i};
    }
    return {nullptr, 0};
  }

  void take(Side& side, Output& out) {
    for (auto& event : out.events) side.events.push_back(std::move(event));
    for (auto& effect : out.effects) std::visit([&](auto& it) { perform(side, it); }, effect);
    out = {};
  }

  void perform(Side& side, Connect& connect) {
    auto& made = make_link();
    made.ends[0].side = &side;
    made.ends[0].id = connect.connection;
    connecting_.push_back({&made, connect});
    connects.push_back(connect);
  }
  void perform(Side& side, WantWrite& want) {
    const auto [link, i] = find(links_, side, want.connection);
    if (link != nullptr) link->ends[i].wants_write = true;
  }
  void perform(Side& side, Write& write) {
    const auto [link, i] = find(links_, side, write.connection);
    std::string octets;
    for (const auto& piece : write.pieces) {
      if (const auto* text = std::get_if<std::string>(&piece)) {
        octets += *text;
        side.text_octets += text->size();
      } else {
        const auto& slice = std::get<BodySlice>(piece);
        octets += side.bodies.text(slice.body).substr(slice.offset, slice.size);
        side.slice_octets += slice.size;
      }
    }
    if (link == nullptr) return;
    auto& other = link->ends[1 - i];
    other.arriving += octets;
    other.seen += octets;
    link->ends[i].is_writing = true;
  }
  void perform(Side& side, Close& close) {
    side.closes.push_back(close.connection);
    const auto [link, i] = find(links_, side, close.connection);
    if (link != nullptr) link->ends[i].is_closing = true;
  }

  bool step() {
    bool has_moved = connect_next();
    for (std::size_t at = 0; at < links_.size(); ++at) {
      for (int i = 0; i < 2; ++i) has_moved |= step(*links_[at], i);
    }
    return has_moved;
  }

  bool connect_next() {
    if (connecting_.empty()) return false;
    const auto [link, connect] = connecting_.front();
    connecting_.pop_front();
    auto& mine = link->ends[0];
    if (mine.is_closing) return true;
    const auto other = hosts_.find(connect.host);
    const bool is_secure = connect.security != Security::none;
    Output out;
    if (other == hosts_.end()) {
      mine.side->endpoint.closed(mine.id, now, out);
      take(*mine.side, out);
      return true;
    }
    auto& theirs = link->ends[1];
    theirs.side = other->second;
    theirs.id = {next_even_ += 2};
    mine.is_open = theirs.is_open = true;
    theirs.side->endpoint.accepted(
        theirs.id,
        {.host = "192.0.2.1", .is_secure = is_secure, .certificate = mine.side->certificate}, now,
        out);
    take(*theirs.side, out);
    mine.side->endpoint.connected(
        mine.id, {.is_secure = is_secure, .certificate = theirs.side->certificate}, now, out);
    take(*mine.side, out);
    return true;
  }

  bool step(Link& link, int i) {
    auto& end = link.ends[i];
    auto& other = link.ends[1 - i];
    if (end.side == nullptr || !end.is_open) return false;
    Output out;

    // What it wrote has left when the other end has read it.
    if (end.is_writing && (other.arriving.empty() || (other.side == nullptr && other.is_reading))) {
      end.is_writing = false;
      end.side->endpoint.written(end.id, now, out);
      take(*end.side, out);
      return true;
    }
    if (end.is_closing && !end.is_writing) {
      end.is_open = false;
      if (other.is_open && other.side != nullptr) {
        other.is_open = false;
        other.side->endpoint.closed(other.id, now, out);
        take(*other.side, out);
      }
      return true;
    }
    if (end.wants_write && !end.is_writing && !end.is_closing) {
      end.wants_write = false;
      end.side->endpoint.writable(end.id, budget, now, out);
      take(*end.side, out);
      return true;
    }
    if (end.is_reading && !end.arriving.empty()) {
      const auto room = end.side->endpoint.prepare(end.id);
      if (room.empty()) {
        end.arriving.clear();
        return true;
      }
      const auto count =
          std::min({room.size(), end.arriving.size(), std::max<std::size_t>(read_size(), 1)});
      std::memcpy(room.data(), end.arriving.data(), count);
      end.arriving.erase(0, count);
      end.side->endpoint.commit(end.id, count, now, out);
      take(*end.side, out);
      return true;
    }
    return false;
  }

  std::map<std::string, Side*> hosts_;
  std::vector<std::unique_ptr<Link>> links_;
  std::deque<std::pair<Link*, Connect>> connecting_;
  std::uint64_t next_even_ = 0;
};

}  // namespace convene::msrp
