#include "io/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "base/text.h"

namespace convene::io {

namespace {

template <auto free>
struct Free {
  void operator()(auto* object) const { free(object); }
};
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Free<SSL_free>>;

std::string openssl_error() {
  std::string text;
  while (const auto code = ERR_get_error()) {
    if (!text.empty()) text += "; ";
    text += ERR_reason_error_string(code) ? ERR_reason_error_string(code) : std::to_string(code);
  }
  return text.empty() ? "unknown TLS error" : text;
}

class TlsChannel final : public Channel {
 public:
  TlsChannel(Connection connection, std::optional<std::string> peer_name)
      : connection_{std::move(connection)}, peer_name_{std::move(peer_name)} {}

  Transfer handshake() override {
    ERR_clear_error();
    const int outcome = SSL_do_handshake(connection_.get());
    if (outcome != 1) return stopped(outcome);
    if (!peer_name_) return {};
    auto* const certificate = SSL_get0_peer_certificate(connection_.get());
    if (certificate && names_domain(certificate, *peer_name_)) return {};
    return {.status = Transfer::Status::failed,
            .detail = "the certificate does not name " + *peer_name_};
  }

  Transfer read(std::span<std::byte> room) override {
    ERR_clear_error();
    std::size_t count = 0;
    const int outcome = SSL_read_ex(connection_.get(), room.data(), room.size(), &count);
    if (outcome == 1) return {.count = count, .detail = {}};
    return stopped(outcome);
  }

  Transfer write(std::span<const iovec> octets) override {
    std::size_t written = 0;
    for (const auto& part : octets) {
      ERR_clear_error();
      std::size_t count = 0;
      const int outcome = SSL_write_ex(connection_.get(), part.iov_base, part.iov_len, &count);
      written += count;
      if (outcome != 1 && written == 0) return stopped(outcome);
      if (outcome != 1 || count < part.iov_len) break;
    }
    return {.count = written, .detail = {}};
  }

  void shut_down() override {
    ERR_clear_error();
    if (SSL_is_init_finished(connection_.get())) SSL_shutdown(connection_.get());
  }

 private:
  Transfer stopped(int outcome) {
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

  Connection connection_;
  std::optional<std::string> peer_name_;  // what the certificate has to name; nothing: not asked
};

Result<Context> make_context(const SSL_METHOD* method, const TlsSettings& settings,
                             bool verifies_peer) {
  Context context{SSL_CTX_new(method)};
  if (!context) return fail(Fault::not_found, openssl_error());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                         SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  if (!settings.authorities.empty()) {
    if (SSL_CTX_load_verify_file(context.get(), settings.authorities.c_str()) != 1) {
      return fail(Fault::not_found, settings.authorities + ": " + openssl_error());
    }
  } else {
    SSL_CTX_set_default_verify_paths(context.get());
  }
  if (!settings.certificate.empty()) {
    if (SSL_CTX_use_certificate_chain_file(context.get(), settings.certificate.c_str()) != 1) {
      return fail(Fault::not_found, settings.certificate + ": " + openssl_error());
    }
    if (SSL_CTX_use_PrivateKey_file(context.get(), settings.key.c_str(), SSL_FILETYPE_PEM) != 1) {
      return fail(Fault::not_found, settings.key + ": " + openssl_error());
    }
  }
  const int mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  SSL_CTX_set_verify(context.get(), verifies_peer ? mode : SSL_VERIFY_NONE, nullptr);
  return context;
}

}  // namespace

struct Tls::Impl {
  Context server;  // nothing: no certificate
  Context client;
  bool checks_names = true;
};

Tls::Tls(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Tls::Tls(Tls&&) noexcept = default;
Tls& Tls::operator=(Tls&&) noexcept = default;
Tls::~Tls() = default;

Result<Tls> Tls::load(const TlsSettings& settings) {
  auto impl = std::make_unique<Impl>();
  impl->client = TRY(make_context(TLS_client_method(), settings, settings.verifies_servers));
  impl->checks_names = settings.verifies_servers;
  if (!settings.certificate.empty()) {
    impl->server = TRY(make_context(TLS_server_method(), settings, settings.verifies_clients));
  }
  return Tls{std::move(impl)};
}

bool Tls::can_serve() const { return impl_->server != nullptr; }

std::unique_ptr<Channel> Tls::server(int fd) const {
  Connection connection{SSL_new(impl_->server.get())};
  SSL_set_fd(connection.get(), fd);
  SSL_set_accept_state(connection.get());
  return std::make_unique<TlsChannel>(std::move(connection), std::nullopt);
}

std::unique_ptr<Channel> Tls::client(int fd, const std::string& name) const {
  Connection connection{SSL_new(impl_->client.get())};
  SSL_set_fd(connection.get(), fd);
  SSL_set_connect_state(connection.get());
  const bool is_address = name.contains(':') || name.find_first_not_of("0123456789.") == name.npos;
  if (!is_address) SSL_set_tlsext_host_name(connection.get(), name.c_str());
  return std::make_unique<TlsChannel>(std::move(connection),
                                      impl_->checks_names ? std::optional{name} : std::nullopt);
}

bool names_domain(x509_st* certificate, const std::string& domain) {
  if (X509_check_ip_asc(certificate, domain.c_str(), 0) == 1) return true;
  const std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>> names{static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
  for (int i = 0; i < (names ? sk_GENERAL_NAME_num(names.get()) : 0); ++i) {
    const auto* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const auto* const uri = name->d.uniformResourceIdentifier;
    const std::string_view text{reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                                static_cast<std::size_t>(ASN1_STRING_length(uri))};
    // (3) no user part: that would name a user, not the domain.
    if (!text.contains('@') && iequals(text, "sip:" + domain)) return true;
  }
  return X509_check_host(certificate, domain.data(), domain.size(), X509_CHECK_FLAG_NO_WILDCARDS,
                         nullptr) == 1;
}

}  // namespace convene::io
