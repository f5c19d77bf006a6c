#include "io/tls_channel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "io/tls.h"

namespace convene::io {

// The socket, as OpenSSL sees it.
struct TlsWire {
  static TlsChannel& channel(BIO* bio) { return *static_cast<TlsChannel*>(BIO_get_data(bio)); }

  static int write(BIO* bio, const char* octets, std::size_t count, std::size_t* written) {
    channel(bio).seal(octets, count);
    *written = count;
    return 1;
  }
  static int read(BIO* bio, char* room, std::size_t size, std::size_t* count) {
    BIO_clear_retry_flags(bio);
    const auto got = ::recv(channel(bio).fd_, room, size, 0);
    *count = got > 0 ? static_cast<std::size_t>(got) : 0;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
      BIO_set_retry_read(bio);
    if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return got > 0 ? 1 : static_cast<int>(got);
  }
  static long control(BIO* bio, int what, long, void*) {
    if (what == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return what == BIO_CTRL_FLUSH ? 1 : 0;
  }

  static const BIO_METHOD* method() {
    struct Free {
      void operator()(BIO_METHOD* made) const { BIO_meth_free(made); }
    };
    static const auto made = [] {
      std::unique_ptr<BIO_METHOD, Free> method{BIO_meth_new(BIO_TYPE_SOURCE_SINK, "sealed")};
      BIO_meth_set_write_ex(method.get(), write);
      BIO_meth_set_read_ex(method.get(), read);
      BIO_meth_set_ctrl(method.get(), control);
      return method;
    }();
    return made.get();
  }
};

std::string openssl_error() {
  std::string text;
  while (const auto code = ERR_get_error()) {
    if (!text.empty()) text += "; ";
    text += ERR_reason_error_string(code) ? ERR_reason_error_string(code) : std::to_string(code);
  }
  return text.empty() ? "unknown TLS error" : text;
}

std::span<char> TlsBuffers::staging() {
  staging_.resize(staged_octets);
  return staging_;
}

std::vector<char> TlsBuffers::take_sealed() {
  constexpr std::size_t room = staged_octets + staged_octets / 16;  // with the records' own octets
  std::vector<char> taken;
  if (!sealed_.empty()) {
    taken = std::move(sealed_.back());
    sealed_.pop_back();
  }
  taken.reserve(room);
  return taken;
}

void TlsBuffers::give_back(std::vector<char> sealed) {
  if (sealed_.size() >= max_kept) return;
  sealed.clear();
  sealed_.push_back(std::move(sealed));
}

void TlsChannel::FreeConnection::operator()(ssl_st* connection) const { SSL_free(connection); }

TlsChannel::TlsChannel(Connection connection, int fd, std::optional<std::string> peer_name,
                       std::shared_ptr<TlsBuffers> buffers)
    : connection_{std::move(connection)},
      fd_{fd},
      peer_name_{std::move(peer_name)},
      buffers_{std::move(buffers)} {
  auto* const wire = BIO_new(TlsWire::method());
  BIO_set_data(wire, this);
  BIO_set_init(wire, 1);
  SSL_set_bio(connection_.get(), wire, wire);
}

TlsChannel::~TlsChannel() = default;

Transfer TlsChannel::handshake() {
  if (auto left = flush(); left.status != Transfer::Status::moved) return left;
  ERR_clear_error();
  const int outcome = SSL_do_handshake(connection_.get());
  auto transfer = outcome == 1 ? Transfer{} : stopped(outcome);
  const auto left = flush();  // also the alert that says what is wrong
  if (transfer.status == Transfer::Status::failed || transfer.status == Transfer::Status::ended)
    return transfer;
  if (left.status != Transfer::Status::moved) return left;
  if (outcome != 1 || !peer_name_) return transfer;
  auto* const certificate = SSL_get0_peer_certificate(connection_.get());
  if (certificate && names_domain(certificate, *peer_name_)) return {};
  return {.status = Transfer::Status::failed,
          .detail = "the certificate does not name " + *peer_name_};
}

// As many records as there are, and fit.
Transfer TlsChannel::read(std::span<std::byte> room) {
  if (end_) return *end_;
  std::size_t total = 0;
  int outcome = 1;
  while (outcome == 1 && total < room.size()) {
    ERR_clear_error();
    std::size_t count = 0;
    outcome = SSL_read_ex(connection_.get(), room.data() + total, room.size() - total, &count);
    total += count;
  }
  auto transfer = outcome == 1 ? Transfer{.count = total, .detail = {}} : stopped(outcome);
  if (outcome != 1 && transfer.status != Transfer::Status::wants_read) end_ = transfer;
  if (total > 0) transfer = {.count = total, .detail = {}};
  // What TLS itself has answered: new keys, alerts.
  if (has_sealed() && staged_ == 0) flush();
  if (staged_ == 0 && sealed_.size() - sent_ > max_unread_answers)
    return {.status = Transfer::Status::failed, .detail = "answers of TLS that are not read"};
  return transfer;
}

bool TlsChannel::has_read_ahead() const { return end_ || SSL_has_pending(connection_.get()) == 1; }

std::optional<std::span<char>> TlsChannel::staging() {
  return has_sealed() ? std::span<char>{} : buffers_->staging();
}

// What was given is told as moved once all its records have left.
Transfer TlsChannel::write(std::span<const iovec> octets) {
  if (!has_sealed()) {
    for (const auto& part : octets) {
      if (part.iov_len == 0) continue;
      ERR_clear_error();
      std::size_t count = 0;
      const int outcome = SSL_write_ex(connection_.get(), part.iov_base, part.iov_len, &count);
      if (outcome != 1) return stopped(outcome);
      staged_ += count;
    }
  }
  auto left = flush();
  if (left.status == Transfer::Status::moved) left.count = std::exchange(staged_, 0);
  return left;
}

void TlsChannel::shut_down() {
  ERR_clear_error();
  if (SSL_is_init_finished(connection_.get()) && !has_sealed()) SSL_shutdown(connection_.get());
  flush();
}

std::string TlsChannel::peer_certificate() const {
  auto* const certificate = SSL_get0_peer_certificate(connection_.get());
  return certificate ? octets_of(certificate) : std::string{};
}

void TlsChannel::seal(const char* octets, std::size_t count) {
  if (sealed_.empty()) sealed_ = buffers_->take_sealed();
  sealed_.insert(sealed_.end(), octets, octets + count);
}

Transfer TlsChannel::flush() {
  while (has_sealed()) {
    const auto count = ::send(fd_, sealed_.data() + sent_, sealed_.size() - sent_, MSG_NOSIGNAL);
    if (count <= 0) {
      const bool is_blocked = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
      if (is_blocked) return {.status = Transfer::Status::wants_write, .detail = {}};
      return {.status = Transfer::Status::failed, .detail = std::strerror(errno)};
    }
    sent_ += static_cast<std::size_t>(count);
  }
  sent_ = 0;
  if (!sealed_.empty()) buffers_->give_back(std::exchange(sealed_, {}));
  return {};
}

Transfer TlsChannel::stopped(int outcome) {
  const int why = SSL_get_error(connection_.get(), outcome);
  switch (why) {
    case SSL_ERROR_WANT_READ: return {.status = Transfer::Status::wants_read, .detail = {}};
    case SSL_ERROR_WANT_WRITE: return {.status = Transfer::Status::wants_write, .detail = {}};
    case SSL_ERROR_ZERO_RETURN: return {.status = Transfer::Status::ended, .detail = {}};
    case SSL_ERROR_SYSCALL:
      return {.status = Transfer::Status::failed, .detail = std::strerror(errno)};
    default: break;
  }
  const long verdict = SSL_get_verify_result(connection_.get());
  const auto detail =
      verdict == X509_V_OK ? openssl_error() : X509_verify_cert_error_string(verdict);
  return {.status = Transfer::Status::failed, .detail = detail};
}

}  // namespace convene::io
