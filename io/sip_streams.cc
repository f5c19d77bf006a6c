#include "io/sip_streams.h"

#include <cassert>

#include "io/sockets.h"
#include "io/wire_tap.h"

namespace convene::io {

namespace {

constexpr std::size_t buffer_octets = 65'536;
constexpr std::uint16_t default_tcp_port = 5060;
constexpr std::uint16_t default_tls_port = 5061;

bool is_accepted(sip::Flow flow) { return flow.value % 2 == 0; }

}  // namespace

SipStreams::SipStreams(Turn& turn, Lingering& lingering, Log& log, SipStreamLimits limits)
    : turn_{turn}, lingering_{lingering}, log_{log}, limits_{limits}, buffer_(buffer_octets) {}

void SipStreams::accepted(FileDescriptor socket, const SocketAddress& remote,
                          sip::Transport transport) {
  const auto address = host_port_of(remote);
  if (streams_.size() >= limits_.max_streams) {
    log_.warning("io", "refusing a SIP connection: too many", {{"remote", address.host}});
    return;
  }
  const sip::Flow flow{last_accepted_ += 2};
  auto& stream = streams_[flow.value];
  stream.transport = transport;
  stream.remote = address;
  begin(flow, std::move(socket));
}

void SipStreams::open(sip::Flow flow, sip::Transport transport, const sip::HostPort& remote) {
  assert(!is_accepted(flow) && "a node opens streams with odd numbers");
  auto& stream = streams_[flow.value];
  stream.transport = transport;
  stream.remote = remote;
  const auto port = remote.port != 0                   ? remote.port
                    : transport == sip::Transport::tls ? default_tls_port
                                                       : default_tcp_port;
  stream.opening =
      std::make_unique<Opening>(turn_.loop(), remote.host, port, limits_.connect_patience,
                                [this, flow](Result<FileDescriptor> socket) {
                                  if (!socket) return broken(flow, socket.error().detail);
                                  begin(flow, std::move(*socket));
                                });
}

void SipStreams::begin(sip::Flow flow, FileDescriptor socket) {
  auto& stream = streams_.at(flow.value);
  const int fd = socket.get();
  stream.opening.reset();
  tune_stream(fd, StreamUse::signalling);
  stream.socket.watched = std::make_unique<Watched>(turn_.loop(), std::move(socket));
  if (stream.transport == sip::Transport::tcp) {
    stream.socket.channel = make_plain_channel(fd);
  } else if (tls_) {
    stream.socket.channel =
        is_accepted(flow) ? tls_->server(fd) : tls_->client(fd, stream.remote.host);
  } else {
    return broken(flow, "TLS is not set up");
  }
  stream.handshake = std::make_unique<Timer>(turn_.loop());
  stream.handshake->at(turn_.loop().now() + limits_.handshake_patience,
                       [this, flow] { broken(flow, "handshake took too long"); });
  shake_hands(flow);
}

void SipStreams::shake_hands(sip::Flow flow) {
  auto* const stream = find(flow);
  if (!stream) return;
  const auto transfer = stream->socket.channel->handshake();
  switch (transfer.status) {
    case Transfer::Status::wants_read:
      return stream->socket.watched->when_readable([=, this] { shake_hands(flow); });
    case Transfer::Status::wants_write:
      return stream->socket.watched->when_writable([=, this] { shake_hands(flow); });
    case Transfer::Status::ended:
    case Transfer::Status::failed:
      log_.info("io", "TLS handshake failed",
                {{"remote", stream->remote.host}, {"why", transfer.detail}});
      return broken(flow, transfer.detail);
    case Transfer::Status::moved: return ready(flow);
  }
}

void SipStreams::ready(sip::Flow flow) {
  auto& stream = streams_.at(flow.value);
  stream.handshake.reset();
  stream.is_ready = true;
  const auto transport = stream.transport;
  const auto remote = stream.remote;
  if (turn_.tap)
    turn_.tap->stream_begun(flow, transport, host_port_of(local_address(stream.socket.fd())),
                            remote);
  listen(flow, stream);
  if (!stream.socket.output.empty()) write(flow);
  turn_.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
    if (is_accepted(flow)) return node.stream_accepted(flow, transport, remote, now, out);
    node.stream_opened(flow, now, out);
  });
}

void SipStreams::listen(sip::Flow flow, Stream& stream) {
  if (stream.socket.channel->has_read_ahead())
    return turn_.loop().post(alive_.guard([this, flow] { read(flow); }));
  stream.socket.watched->when_readable([this, flow] { read(flow); });
}

void SipStreams::read(sip::Flow flow) {
  for (std::size_t left = limits_.read_budget; left > 0;) {
    auto* const stream = find(flow);
    if (!stream) return;
    const auto transfer =
        stream->socket.channel->read(std::span{buffer_}.first(std::min(buffer_.size(), left)));
    if (transfer.status == Transfer::Status::wants_read) break;
    if (transfer.status == Transfer::Status::wants_write) {
      return stream->socket.watched->when_writable([this, flow] { read(flow); });
    }
    if (transfer.status != Transfer::Status::moved) {
      // The peer said its last word, but may listen still: give it the answers that wait.
      if (transfer.status == Transfer::Status::ended)
        stream->socket.output.write_to(*stream->socket.channel);
      return broken(flow, transfer.detail);
    }
    const std::string_view octets{reinterpret_cast<const char*>(buffer_.data()), transfer.count};
    if (turn_.tap) turn_.tap->stream(Way::in, flow, octets);
    turn_.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
      node.stream_received(flow, octets, now, out);
    });
    left -= transfer.count;
  }
  auto* const stream = find(flow);
  if (!stream) return;
  listen(flow, *stream);
}

void SipStreams::send(sip::Flow flow, std::string octets) {
  auto* const stream = find(flow);
  if (!stream) return;
  if (turn_.tap) turn_.tap->stream(Way::out, flow, octets);
  stream->socket.output.append(std::move(octets));
  if (stream->socket.output.size() > limits_.max_unsent) {
    turn_.loop().post(alive_.guard([this, flow] { broken(flow, "the peer does not read"); }));
    return;
  }
  if (stream->is_dirty || !stream->is_ready) return;
  stream->is_dirty = true;
  dirty_.push_back(flow);
}

void SipStreams::flush() {
  while (!dirty_.empty()) {
    const auto flow = dirty_.front();
    dirty_.pop_front();
    auto* const stream = find(flow);
    if (!stream) continue;
    stream->is_dirty = false;
    if (!stream->socket.watched->waits_to_write()) write(flow);
  }
}

void SipStreams::write(sip::Flow flow) {
  auto* const stream = find(flow);
  if (!stream) return;
  const auto transfer = stream->socket.output.write_to(*stream->socket.channel);
  switch (transfer.status) {
    case Transfer::Status::moved: return;
    case Transfer::Status::wants_read:  // only while TLS changes its keys: reading goes on by
                                        // itself
    case Transfer::Status::wants_write:
      return stream->socket.watched->when_writable([=, this] { write(flow); });
    case Transfer::Status::ended:
    case Transfer::Status::failed:
      turn_.loop().post(alive_.guard([this, flow, why = transfer.detail] { broken(flow, why); }));
      return;
  }
}

void SipStreams::close(sip::Flow flow) {
  const auto found = streams_.find(flow.value);
  if (found == streams_.end()) return;
  if (turn_.tap) turn_.tap->stream_ended(flow);
  auto socket = std::move(found->second.socket);
  const bool is_ready = found->second.is_ready;
  streams_.erase(found);
  if (is_ready) lingering_.add(std::move(socket));
}

void SipStreams::broken(sip::Flow flow, const std::string& why) {
  const auto found = streams_.find(flow.value);
  if (found == streams_.end()) return;
  const bool is_known = found->second.is_ready || !is_accepted(flow);
  if (turn_.tap) turn_.tap->stream_ended(flow);
  if (!why.empty())
    log_.debug("io", "SIP connection ended", {{"remote", found->second.remote.host}, {"why", why}});
  streams_.erase(found);
  if (!is_known) return;
  turn_.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
    node.stream_closed(flow, now, out);
  });
}

void SipStreams::close_all() {
  while (!streams_.empty()) close({streams_.begin()->first});
}

SipStreams::Stream* SipStreams::find(sip::Flow flow) {
  const auto found = streams_.find(flow.value);
  return found == streams_.end() ? nullptr : &found->second;
}

}  // namespace convene::io
