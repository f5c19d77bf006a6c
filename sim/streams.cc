#include "sim/streams.h"

#include <algorithm>
#include <cassert>

#include "sim/datagrams.h"

namespace convene::sim {

namespace {

constexpr Duration first_connect_retry{1'000};
constexpr std::uint16_t first_ephemeral_port = 32'768;

Protocol protocol_of(Streams::Kind kind) {
  switch (kind) {
    case Streams::Kind::sip_tcp: return Protocol::sip_tcp;
    case Streams::Kind::sip_tls: return Protocol::sip_tls;
    case Streams::Kind::msrp:
    case Streams::Kind::msrps: return Protocol::msrp;
  }
  return Protocol::msrp;
}

sip::Transport transport_of(Streams::Kind kind) {
  return kind == Streams::Kind::sip_tls ? sip::Transport::tls : sip::Transport::tcp;
}

bool is_of_participating(const Host& host, Streams::Kind kind, std::uint16_t port) {
  const auto own = host.settings.participating_msrp_port;
  return (kind == Streams::Kind::msrp && port == own) ||
         (kind == Streams::Kind::msrps && port == own + 1);
}

std::uint16_t port_of(const Host& host, Streams::Kind kind) {
  switch (kind) {
    case Streams::Kind::sip_tcp: return host.settings.sip_port;
    case Streams::Kind::sip_tls: return static_cast<std::uint16_t>(host.settings.sip_port + 1);
    case Streams::Kind::msrp: return host.settings.msrp_port;
    case Streams::Kind::msrps: return static_cast<std::uint16_t>(host.settings.msrp_port + 1);
  }
  return 0;
}

std::uint16_t default_port(Streams::Kind kind) {
  switch (kind) {
    case Streams::Kind::sip_tcp: return 5060;
    case Streams::Kind::sip_tls: return 5061;
    case Streams::Kind::msrp:
    case Streams::Kind::msrps: return 2855;
  }
  return 0;
}

std::string certificate_shown(Streams::Kind kind, const Host& host) {
  if (kind != Streams::Kind::msrps || !host.settings.has_certificate) return {};
  if (!host.settings.certificate.empty()) return host.settings.certificate;
  return certificate_of(host.settings.address);
}

}  // namespace

void Streams::open(Host& from, Kind kind, std::uint64_t id, const std::string& remote_host,
                   std::uint16_t remote_port) {
  assert(id % 2 == 1 && "a node opens connections with odd numbers");
  const auto number = ++last_number_;
  auto& stream = streams_[number];
  stream.kind = kind;
  stream.ends[0] = {
      .host = &from, .incarnation = from.incarnation, .id = id, .state = End::State::opening};
  const bool is_new =
      places_.emplace(Key{from.number, {is_msrp(kind), id}}, Place{number, 0}).second;
  assert(is_new && "a connection's number is never used again");
  (void)is_new;

  auto* const to = core_.find(remote_host);
  if (!to) {
    const auto patience = is_numeric(remote_host) ? core_.settings.connect_patience : look_up_delay;
    core_.after(patience, [this, number] { fail_to_open(number); });
    return;
  }
  stream.ends[1].host = to;
  const auto port = remote_port == 0 ? default_port(kind) : remote_port;
  const auto delay = core_.link(from, *to).delay;
  stream.is_to_participating = is_of_participating(*to, kind, port);
  if (port != port_of(*to, kind) && !stream.is_to_participating) {
    core_.after(2 * delay, [this, number] { fail_to_open(number); });
    return;
  }
  core_.after(delay, [this, number] { try_to_connect(number, Duration{0}, first_connect_retry); });
}

void Streams::try_to_connect(Number number, Duration waited, Duration retry) {
  auto* const stream = find_live(number, 0);
  if (!stream) return;
  auto& from = *stream->ends[0].host;
  auto& to = *stream->ends[1].host;

  if (!core_.is_reachable(from, to)) {
    if (waited + retry > core_.settings.connect_patience) return fail_to_open(number);
    core_.after(retry, [=, this] { try_to_connect(number, waited + retry, 2 * retry); });
    return;
  }
  if (!to.node || to.refuses_streams || !to.settings.accepts_streams) {
    core_.after(core_.link(from, to).delay, [this, number] { fail_to_open(number); });
    return;
  }
  accept(number, to);
}

void Streams::accept(Number number, Host& to) {
  auto& stream = streams_.at(number);
  const auto& from = *stream.ends[0].host;
  auto id = to.last_accepted += 2;
  if (stream.is_to_participating) id |= node::of_participating;
  const auto kind = stream.kind;
  stream.ends[1] = {
      .host = &to, .incarnation = to.incarnation, .id = id, .state = End::State::open};
  places_.emplace(Key{to.number, {is_msrp(kind), id}}, Place{number, 1});
  ++core_.counters.streams_opened;

  const auto delay = core_.link(from, to).delay;
  stream.directions[1].last_due = core_.now + delay;
  core_.after(delay, [this, number] { established(number); });

  last_port_ = static_cast<std::uint16_t>((last_port_ + 1) % first_ephemeral_port);
  const sip::HostPort remote{from.settings.address,
                             static_cast<std::uint16_t>(first_ephemeral_port + last_port_)};
  core_.tell(to, [&](node::Node& node, TimePoint now, node::Effects& out) {
    if (is_msrp(kind)) {
      const auto shown = certificate_shown(kind, from);
      const msrp::Remote who{
          .host = remote.host, .is_secure = kind == Kind::msrps, .certificate = shown};
      return node.msrp_accepted({id}, who, now, out);
    }
    node.stream_accepted({id}, transport_of(kind), remote, now, out);
  });
}

void Streams::established(Number number) {
  auto* stream = find(number);
  if (!stream) return;
  stream->is_established = true;
  auto& opener = stream->ends[0];
  if (opener.state == End::State::opening) {
    opener.state = End::State::open;
    const auto id = opener.id;
    const bool msrp = is_msrp(*stream);
    core_.tell(*opener.host, [&](node::Node& node, TimePoint now, node::Effects& out) {
      if (msrp) {
        const auto shown = certificate_shown(stream->kind, *stream->ends[1].host);
        const msrp::Remote who{.is_secure = stream->kind == Kind::msrps, .certificate = shown};
        return node.msrp_connected({id}, who, now, out);
      }
      node.stream_opened({id}, now, out);
    });
  }
  pump(number, 0);
  ask_to_write(number, 0);
}

void Streams::fail_to_open(Number number) {
  if (!find(number)) return;
  ++core_.counters.streams_failed;
  end(number, 0);
}

void Streams::send(Host& from, sip::Flow flow, std::string octets) {
  const auto* const at = place(from, false, flow.value);
  if (!at) return;
  record(streams_.at(at->number), at->side, octets);
  append(at->number, at->side, std::move(octets));
}

void Streams::write(Host& from, msrp::ConnectionId connection, std::vector<msrp::Piece> pieces) {
  const auto* const at = place(from, true, connection.value);
  if (!at) return;
  const auto [number, side] = *at;
  auto& stream = streams_.at(number);
  auto& direction = stream.directions[side];
  stream.ends[side].is_writing = true;

  std::vector<std::string> frames;
  for (auto& written : pieces) {
    Piece piece;
    if (auto* const text = std::get_if<std::string>(&written))
      piece.text = std::move(*text);
    else
      piece.shared = from.bodies->slice(std::get<msrp::BodySlice>(written));
    const auto octets = piece.octets();
    if (octets.empty()) continue;
    if (core_.settings.keeps_wire) direction.frames.feed(octets, frames);
    direction.unsent += octets.size();
    direction.pieces.push_back(std::move(piece));
  }
  for (auto& frame : frames) record(stream, side, std::move(frame));
  pump(number, side);
}

void Streams::want_write(Host& from, msrp::ConnectionId connection) {
  const auto* const at = place(from, true, connection.value);
  if (!at) return;
  streams_.at(at->number).ends[at->side].wants_write = true;
  ask_to_write(at->number, at->side);
}

// Asks for octets at the end of the turn: after everything else that happens at this moment.
void Streams::ask_to_write(Number number, std::size_t side) {
  auto* const stream = find_live(number, side);
  if (!stream || !is_msrp(*stream)) return;
  auto& end = stream->ends[side];
  const bool is_open = end.state == End::State::open && (side == 1 || stream->is_established);
  if (!end.wants_write || end.is_writing || end.is_asked || !is_open) return;
  if (!has_room(stream->directions[side])) return;

  end.is_asked = true;
  core_.after(Duration{0}, [this, number, side] {
    auto* const asked = find_live(number, side);
    if (!asked) return;
    auto& asked_end = asked->ends[side];
    asked_end.wants_write = false;
    const auto id = asked_end.id;
    core_.tell(*asked_end.host, [&](node::Node& node, TimePoint now, node::Effects& out) {
      node.msrp_writable({id}, core_.settings.write_budget, now, out);
    });
    // A node that wants to write and writes nothing is asked again when it says so again, not for
    // ever.
    if (auto* const still = find_live(number, side)) still->ends[side].is_asked = false;
  });
}

void Streams::close(Host& from, sip::Flow flow) { close(from, false, flow.value); }
void Streams::close(Host& from, msrp::ConnectionId connection) {
  close(from, true, connection.value);
}

void Streams::close(Host& from, bool is_msrp, std::uint64_t id) {
  const auto* const at = place(from, is_msrp, id);
  if (!at) return;
  const auto [number, side] = *at;
  auto& stream = streams_.at(number);
  detach(stream, side);
  stream.ends[side].state = End::State::gone;
  stream.directions[side].ends = true;
  if (stream.ends[1 - side].state == End::State::gone) {
    streams_.erase(number);
    return;
  }
  pump(number, side);
}

void Streams::end(Number number, std::size_t side) {
  const auto found = streams_.find(number);
  if (found == streams_.end()) return;
  auto& stream = found->second;
  const bool is_told =
      find_live(number, side) != nullptr && stream.ends[side].state != End::State::gone;
  auto* const host = stream.ends[side].host;
  const auto id = stream.ends[side].id;
  const bool msrp = is_msrp(stream);
  detach(stream, 0);
  detach(stream, 1);
  streams_.erase(found);
  if (!is_told) return;
  core_.tell(*host, [&](node::Node& node, TimePoint now, node::Effects& out) {
    if (msrp) return node.msrp_closed({id}, now, out);
    node.stream_closed({id}, now, out);
  });
}

void Streams::host_died(Host& host, Death death) {
  std::vector<std::pair<Number, std::size_t>> others;
  for (auto& [number, stream] : streams_) {
    for (const std::size_t side : {0U, 1U}) {
      auto& end = stream.ends[side];
      if (end.host != &host || end.state == End::State::gone) continue;
      end.state = End::State::gone;
      detach(stream, side);
      stream.directions[side].unsent = 0;
      others.emplace_back(number, 1 - side);
    }
  }
  for (const auto& [number, side] : others) {
    const auto* const stream = find(number);
    if (!stream) continue;
    if (stream->ends[side].state == End::State::gone) {
      streams_.erase(number);
      continue;
    }
    auto* const other = stream->ends[side].host;
    if (death == Death::silent || !core_.is_reachable(host, *other)) continue;
    core_.after(core_.link(host, *other).delay, [this, number, side] { end(number, side); });
  }
}

void Streams::host_reads_again(Host& host) {
  std::vector<Place> waiting;
  for (auto& [number, stream] : streams_) {
    for (const std::size_t side : {0U, 1U}) {
      if (stream.ends[1 - side].host == &host && !stream.directions[side].segments.empty()) {
        waiting.push_back({number, side});
      }
    }
  }
  for (const auto& [number, side] : waiting) schedule_first(number, side);
}

void Streams::reset(const Host& a, const Host& b) {
  std::vector<Number> between;
  for (const auto& [number, stream] : streams_) {
    const auto* const one = stream.ends[0].host;
    const auto* const other = stream.ends[1].host;
    if ((one == &a && other == &b) || (one == &b && other == &a)) between.push_back(number);
  }
  for (const auto number : between) break_both(number);
}

void Streams::break_both(Number number) {
  // The first end() forgets the stream, so the second side is told by hand.
  const auto stream = streams_.find(number);
  if (stream == streams_.end()) return;
  const auto other = stream->second.ends[1];
  const bool msrp = is_msrp(stream->second);
  end(number, 0);
  if (other.state != End::State::open || other.incarnation != other.host->incarnation) return;
  core_.tell(*other.host, [&](node::Node& node, TimePoint now, node::Effects& out) {
    if (msrp) return node.msrp_closed({other.id}, now, out);
    node.stream_closed({other.id}, now, out);
  });
}

Streams::Stream* Streams::find(Number number) {
  const auto found = streams_.find(number);
  return found == streams_.end() ? nullptr : &found->second;
}

Streams::Stream* Streams::find_live(Number number, std::size_t side) {
  auto* const stream = find(number);
  if (!stream) return nullptr;
  const auto& end = stream->ends[side];
  const bool is_live = end.host && end.host->node && end.incarnation == end.host->incarnation;
  return is_live && end.state != End::State::gone ? stream : nullptr;
}

const Streams::Place* Streams::place(const Host& host, bool is_msrp, std::uint64_t id) const {
  const auto found = places_.find(Key{host.number, {is_msrp, id}});
  return found == places_.end() ? nullptr : &found->second;
}

void Streams::detach(const Stream& stream, std::size_t side) {
  const auto& end = stream.ends[side];
  if (!end.host) return;
  const auto found = places_.find(Key{end.host->number, {is_msrp(stream), end.id}});
  // After a restart the node may use the number again, for another stream.
  if (found != places_.end() && &streams_.at(found->second.number) == &stream) places_.erase(found);
}

void Streams::record(const Stream& stream, std::size_t side, std::string octets) {
  const auto* const to = stream.ends[1 - side].host;
  core_.record(*stream.ends[side].host, to ? to->name : "nobody", protocol_of(stream.kind),
               std::move(octets));
}

}  // namespace convene::sim
