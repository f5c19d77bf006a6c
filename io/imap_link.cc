#include "io/imap_link.h"

#include <algorithm>
#include <span>
#include <utility>

#include "io/sockets.h"
#include "mime/base64_lines.h"

namespace convene::io {

namespace {

constexpr std::size_t file_piece = mime::octets_per_line * 1'024;  // 57 KiB, whole lines

}  // namespace

ImapLink::ImapLink(Loop& loop, const ImapAddress& address, const Tls* tls, msrp::BodyStore* bodies,
                   Handlers handlers)
    : loop_{loop},
      bodies_{bodies},
      handlers_{std::move(handlers)},
      handshake_{loop},
      buffer_(read_at_once, '\0') {
  handshake_.at(loop.now() + address.connect_patience, [this] { end("handshake took too long"); });
  opening_ =
      std::make_unique<Opening>(loop, address.host, address.port, address.connect_patience,
                                [this, tls, host = address.host](Result<FileDescriptor> socket) {
                                  if (!socket) return end(socket.error().detail);
                                  begin(std::move(*socket), tls, host);
                                });
}

void ImapLink::begin(FileDescriptor socket, const Tls* tls, const std::string& host) {
  const int fd = socket.get();
  tune_stream(fd, StreamUse::signalling);
  socket_.watched = std::make_unique<Watched>(loop_, std::move(socket));
  socket_.channel = tls ? tls->client(fd, host) : make_plain_channel(fd);
  loop_.post(alive_.guard([this] { opening_.reset(); }));  // not within its own call
  shake_hands();
}

void ImapLink::shake_hands() {
  if (has_ended_) return;
  const auto transfer = socket_.channel->handshake();
  switch (transfer.status) {
    case Transfer::Status::wants_read:
      return socket_.watched->when_readable([this] { shake_hands(); });
    case Transfer::Status::wants_write:
      return socket_.watched->when_writable([this] { shake_hands(); });
    case Transfer::Status::ended:
    case Transfer::Status::failed: return end("TLS: " + transfer.detail);
    case Transfer::Status::moved: break;
  }
  handshake_.cancel();
  is_ready_ = true;
  socket_.watched->when_readable([this] { read(); });
  handlers_.connected();
}

void ImapLink::read() {
  if (has_ended_) return;
  const auto transfer = socket_.channel->read(std::as_writable_bytes(std::span{buffer_}));
  switch (transfer.status) {
    case Transfer::Status::wants_write: return socket_.watched->when_writable([this] { read(); });
    case Transfer::Status::ended: return end("the server closed the connection");
    case Transfer::Status::failed: return end(transfer.detail);
    case Transfer::Status::moved:
    case Transfer::Status::wants_read: break;
  }
  // First, for what is told may destroy this. TLS may hold more than the socket shows: on moved,
  // again at once.
  const bool has_moved = transfer.status == Transfer::Status::moved;
  if (has_moved || socket_.channel->has_read_ahead()) {
    loop_.post(alive_.guard([this] { read(); }));
    if (!has_moved) return;
    handlers_.received(std::string_view{buffer_}.substr(0, transfer.count));
    return;
  }
  socket_.watched->when_readable([this] { read(); });
}

void ImapLink::send(std::string octets) {
  pending_.emplace_back(std::move(octets));
  write_later();
}

void ImapLink::send(const store::FileContent& file) {
  pending_.emplace_back(File{.content = file});
  write_later();
}

// Everything that is sent in one turn leaves together.
void ImapLink::write_later() {
  if (std::exchange(writes_soon_, true)) return;
  loop_.post(alive_.guard([this] {
    writes_soon_ = false;
    if (is_ready_ && !has_ended_ && !socket_.watched->waits_to_write()) write();
  }));
}

// Moves what is pending to the output, as much as is wanted at once. False: a file cannot be read.
bool ImapLink::refill() {
  while (!pending_.empty() && socket_.output.size() < enough_to_write) {
    auto& front = pending_.front();
    if (auto* text = std::get_if<std::string>(&front)) {
      socket_.output.append(std::move(*text));
      pending_.pop_front();
      continue;
    }
    auto& file = std::get<File>(front);
    const auto left = file.content.octets - file.at;
    std::string piece(std::min<std::uint64_t>(file_piece, left), '\0');
    std::size_t got = 0;
    while (got < piece.size()) {
      const auto count = bodies_
                             ? bodies_->read(file.content.body, file.at + got,
                                             std::as_writable_bytes(std::span{piece}).subspan(got))
                             : Result<std::size_t>{0};
      if (!count || *count == 0) return false;
      got += *count;
    }
    socket_.output.append(mime::base64_lines_piece(file.at, piece));
    file.at += piece.size();
    if (file.at == file.content.octets) pending_.pop_front();
  }
  return true;
}

void ImapLink::write() {
  while (!has_ended_) {
    if (!refill()) return end("a file that was to be stored cannot be read");
    if (socket_.output.empty()) return;
    const auto transfer = socket_.output.write_to(*socket_.channel);
    handlers_.sent();
    switch (transfer.status) {
      case Transfer::Status::moved: continue;
      case Transfer::Status::wants_read:  // TLS changes its keys: reading goes on by itself
      case Transfer::Status::wants_write:
        return socket_.watched->when_writable([this] { write(); });
      case Transfer::Status::ended:
      case Transfer::Status::failed: return end(transfer.detail);
    }
  }
}

StreamSocket ImapLink::release() {
  has_ended_ = true;
  handshake_.cancel();
  while (refill() && !pending_.empty() && socket_.output.size() < enough_to_write) continue;
  if (!is_ready_) return {};
  // Anew, so that nobody calls this link any more.
  auto descriptor = socket_.watched->release();
  socket_.watched = std::make_unique<Watched>(loop_, std::move(descriptor));
  return std::move(socket_);
}

void ImapLink::end(const std::string& why) {
  if (std::exchange(has_ended_, true)) return;
  handshake_.cancel();
  loop_.post(alive_.guard([this, why] { handlers_.closed(why); }));
}

}  // namespace convene::io
