#include "io/trace_writer.h"

#include <fcntl.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/text.h"

namespace convene::io {

namespace {

constexpr mode_t trace_mode = 0600;
constexpr std::size_t max_early_messages = 64;

trace::Moment wall_now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace

Result<std::unique_ptr<TraceWriter>> TraceWriter::open(const std::string& path, std::string node,
                                                       std::uint64_t max_octets) {
  FileDescriptor file{::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, trace_mode)};
  if (!file) return fail(Fault::closed, path + ": " + std::strerror(errno));
  return std::unique_ptr<TraceWriter>{
      new TraceWriter{std::move(file), std::move(node), max_octets}};
}

void TraceWriter::datagram(Way way, const sip::HostPort& local, const sip::HostPort& remote,
                           std::string_view octets) {
  write(trace::Protocol::sip, way, {"udp", to_text(local), to_text(remote)}, std::string{octets});
}

void TraceWriter::stream_begun(sip::Flow flow, sip::Transport transport, const sip::HostPort& local,
                               const sip::HostPort& remote) {
  auto& stream = streams_[flow.value];
  stream.peers = {to_lower(sip::text_of(transport)), to_text(local), to_text(remote)};
  stream.has_begun = true;
  for (auto& message : std::exchange(stream.early, {})) {
    write(trace::Protocol::sip, Way::out, stream.peers, std::move(message));
  }
}

void TraceWriter::stream(Way way, sip::Flow flow, std::string_view octets) {
  auto& stream = streams_[flow.value];
  if (way == Way::in) return receive(stream, octets);
  if (stream.has_begun) return write(trace::Protocol::sip, way, stream.peers, std::string{octets});
  if (stream.early.size() < max_early_messages) stream.early.emplace_back(octets);
}

void TraceWriter::receive(Stream& stream, std::string_view octets) {
  if (stream.is_lost) return;
  stream.received.feed(octets);
  for (;;) {
    auto next = stream.received.next();
    stream.is_lost = !next;
    if (!next || std::holds_alternative<sip::Framer::NeedOctets>(*next)) return;
    auto* const frame = std::get_if<sip::Framer::Frame>(&*next);
    if (frame) write(trace::Protocol::sip, Way::in, stream.peers, std::move(frame->octets));
  }
}

void TraceWriter::stream_ended(sip::Flow flow) { streams_.erase(flow.value); }

void TraceWriter::msrp_begun(msrp::ConnectionId connection, const sip::HostPort& local,
                             const sip::HostPort& remote) {
  connections_[connection.value].peers = {"tcp", to_text(local), to_text(remote)};
}

void TraceWriter::msrp(Way way, msrp::ConnectionId connection, std::string_view octets) {
  const auto found = connections_.find(connection.value);
  if (found == connections_.end()) return;  // it began before the trace
  auto& [peers, received, sent] = found->second;
  std::vector<trace::Frame> frames;
  (way == Way::in ? received : sent).pass(octets, frames);
  for (auto& frame : frames)
    write(trace::Protocol::msrp, way, peers, std::move(frame.octets), frame.left_out);
}

void TraceWriter::msrp_body(msrp::ConnectionId connection, std::uint64_t octets) {
  const auto found = connections_.find(connection.value);
  if (found != connections_.end()) found->second.sent.pass_unseen(octets);
}

void TraceWriter::msrp_ended(msrp::ConnectionId connection) {
  connections_.erase(connection.value);
}

void TraceWriter::write(trace::Protocol protocol, Way way, const Peers& peers, std::string octets,
                        std::uint64_t left_out) {
  if (!file_) return;
  const auto text = to_text(
      trace::Record{.time = wall_now(),
                    .protocol = protocol,
                    .transport = peers.transport,
                    .local = peers.local,
                    .direction = way == Way::in ? trace::Direction::in : trace::Direction::out,
                    .remote = peers.remote,
                    .node = node_,
                    .left_out = left_out,
                    .octets = std::move(octets)});
  const bool is_full = octets_ + text.size() > max_octets_;
  if (is_full ||
      ::write(file_.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    file_ = FileDescriptor{};
    return;
  }
  octets_ += text.size();
}

}  // namespace convene::io
