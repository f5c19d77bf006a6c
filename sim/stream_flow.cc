// How octets travel along a stream: segments, the window, retransmission.
#include <algorithm>
#include <cassert>
#include <cstring>

#include "sim/streams.h"

namespace convene::sim {

namespace {

constexpr Duration first_retransmission{200};
constexpr std::uint64_t ethernet_segment = 1'460;

}  // namespace

void Streams::append(Number number, std::size_t side, std::string octets) {
  if (octets.empty()) return;
  auto& direction = streams_.at(number).directions[side];
  direction.unsent += octets.size();
  direction.pieces.push_back({.text = std::move(octets), .shared = {}});
  pump(number, side);
}

// Puts on the way what the window takes. Tells the sender when everything it wrote has left.
void Streams::pump(Number number, std::size_t side) {
  auto* const stream = find(number);
  if (!stream || (side == 0 && !stream->is_established)) return;
  auto& direction = stream->directions[side];
  while (direction.unsent > 0 && has_room(direction)) {
    const auto room = core_.settings.window_octets - direction.under_way;
    const auto size = segment_size(std::min(direction.unsent, room));
    direction.unsent -= size;
    direction.under_way += size;
    direction.segments.push_back({.octets = size, .due = arrival(*stream, side, size)});
  }
  if (direction.unsent == 0 && direction.ends && !direction.end_is_sent) {
    direction.end_is_sent = true;
    direction.segments.push_back({.octets = 0, .due = arrival(*stream, side, 0)});
  }
  schedule_first(number, side);

  if (!stream->ends[side].is_writing || direction.unsent > 0) return;
  stream->ends[side].is_writing = false;
  core_.after(Duration{0}, [this, number, side] {
    auto* const written = find_live(number, side);
    if (!written) return;
    const auto id = written->ends[side].id;
    core_.tell(*written->ends[side].host, [&](node::Node& node, TimePoint now, node::Effects& out) {
      node.msrp_written({id}, now, out);
    });
    ask_to_write(number, side);
  });
}

// A quarter of the window at least: else it would be refilled in ever smaller segments (RFC
// 1122 4.2.3.4).
bool Streams::has_room(const Direction& direction) const {
  const auto window = core_.settings.window_octets;
  return direction.under_way <= window - window / 4;
}

// Mostly large, now and then the few octets that show whether a decoder can stop anywhere.
std::size_t Streams::segment_size(std::size_t most) {
  if (!core_.settings.cuts_streams) return most;
  const auto kind = core_.below(8);
  const std::uint64_t largest = kind == 0   ? 16
                                : kind <= 2 ? ethernet_segment
                                            : core_.settings.largest_segment;
  return std::min<std::size_t>(most, 1 + core_.below(largest));
}

TimePoint Streams::arrival(Stream& stream, std::size_t side, std::size_t octets) {
  using std::chrono::nanoseconds;
  auto& direction = stream.directions[side];
  const auto link = core_.link(*stream.ends[side].host, *stream.ends[1 - side].host);
  FineTime sent = core_.now;
  if (link.octets_per_second > 0) {
    sent = std::max(sent, direction.line_is_free) +
           nanoseconds{octets * 1'000'000'000 / link.octets_per_second};
    direction.line_is_free = sent;
  }
  auto due = std::chrono::ceil<Duration>(sent) + link.delay;
  if (core_.chance(link.loss)) due += first_retransmission;
  direction.last_due = std::max(direction.last_due, due);
  return direction.last_due;
}

void Streams::schedule_first(Number number, std::size_t side) {
  auto& direction = streams_.at(number).directions[side];
  if (direction.has_event || direction.segments.empty()) return;
  direction.has_event = true;
  const auto due = std::max(core_.now, direction.segments.front().due);
  core_.queue.schedule(due, [this, number, side] { arrive(number, side); });
}

void Streams::arrive(Number number, std::size_t side) {
  auto* const stream = find(number);
  if (!stream) return;
  auto& direction = stream->directions[side];
  auto& receiver = stream->ends[1 - side];
  direction.has_event = false;

  if (!core_.is_reachable(*stream->ends[side].host, *receiver.host)) return retry(number, side);
  direction.retry = direction.waited = Duration{0};
  const bool is_known = receiver.state != End::State::gone || stream->directions[1 - side].ends;
  if (!is_known) {  // its machine is up, but the process died: a reset comes back
    core_.after(core_.link(*stream->ends[side].host, *receiver.host).delay,
                [this, number, side] { end(number, side); });
    return;
  }
  if (!receiver.host->is_reading) return;  // host_reads_again() goes on

  const auto segment = direction.segments.front();
  if (segment.octets == 0) return end(number, 1 - side);
  direction.segments.pop_front();
  direction.under_way -= segment.octets;
  core_.counters.stream_octets += segment.octets;
  const auto pieces = take(direction, segment.octets);
  schedule_first(number, side);
  pump(number, side);
  ask_to_write(number, side);
  receive(number, 1 - side, pieces);
}

void Streams::retry(Number number, std::size_t side) {
  auto& direction = streams_.at(number).directions[side];
  direction.retry = direction.retry == Duration{0} ? first_retransmission : 2 * direction.retry;
  direction.waited += direction.retry;
  if (direction.waited > core_.settings.stream_patience) return break_both(number);
  direction.segments.front().due = core_.now + direction.retry;
  schedule_first(number, side);
}

void Streams::receive(Number number, std::size_t side, const Pieces& pieces) {
  auto* const stream = find_live(number, side);
  if (!stream) return;
  if (is_msrp(*stream)) return receive_media(number, side, pieces);

  std::string octets;
  for (const auto& piece : pieces) octets += piece.octets();
  const auto id = stream->ends[side].id;
  core_.tell(*stream->ends[side].host, [&](node::Node& node, TimePoint now, node::Effects& out) {
    node.stream_received({id}, octets, now, out);
  });
}

// Into the node's own buffer, as a socket does it.
void Streams::receive_media(Number number, std::size_t side, const Pieces& pieces) {
  std::size_t taken = 0;  // of the piece
  for (auto piece = pieces.begin(); piece != pieces.end();) {
    auto* const stream = find_live(number, side);
    if (!stream) return;
    auto& host = *stream->ends[side].host;
    const auto id = stream->ends[side].id;
    auto room = host.node->msrp_prepare({id});
    assert(!room.empty() && "prepare() gives room after every commit()");

    std::size_t count = 0;
    while (piece != pieces.end() && !room.empty()) {
      if (piece->shared.keeper) host.bodies->lend(piece->shared.keeper);
      const auto octets = piece->octets().substr(taken);
      const auto part = octets.copy(reinterpret_cast<char*>(room.data()), room.size());
      room = room.subspan(part);
      count += part;
      taken = part < octets.size() ? taken + part : 0;
      if (taken == 0) ++piece;
    }
    core_.tell(host, [&](node::Node& node, TimePoint now, node::Effects& out) {
      node.msrp_commit({id}, count, now, out);
    });
    host.bodies->lend(nullptr);
  }
}

Streams::Pieces Streams::take(Direction& direction, std::size_t count) {
  Pieces taken;
  while (count > 0) {
    auto& first = direction.pieces.front();
    const auto left = first.octets().substr(direction.taken);
    if (left.size() <= count && direction.taken == 0) {
      count -= left.size();
      taken.push_back(std::move(first));
      direction.pieces.pop_front();
      continue;
    }
    const auto part = left.substr(0, count);
    if (first.shared.keeper)
      taken.push_back({.text = {}, .shared = {.keeper = first.shared.keeper, .octets = part}});
    else
      taken.push_back({.text = std::string{part}, .shared = {}});
    count -= part.size();
    direction.taken += part.size();
    if (part.size() < left.size()) continue;
    direction.pieces.pop_front();
    direction.taken = 0;
  }
  return taken;
}

}  // namespace convene::sim
