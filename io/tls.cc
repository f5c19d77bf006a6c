#include "io/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <optional>

#include "base/text.h"
#include "io/self_signed.h"
#include "io/tls_channel.h"

namespace convene::io {

namespace {

template <auto free>
struct Free {
  void operator()(auto* object) const { free(object); }
};
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;

constexpr std::size_t read_at_once = 65'536;  // four records and more

// Whose certificate it is is asked elsewhere.
int take_any(int, X509_STORE_CTX* chain) {
  X509_STORE_CTX_set_error(chain, X509_V_OK);
  return 1;
}

Result<> set_certificate(SSL_CTX* context, const TlsSettings& settings, const SelfSigned& own) {
  if (own.certificate) {
    SSL_CTX_use_certificate(context, own.certificate.get());
    SSL_CTX_use_PrivateKey(context, own.key.get());
    return {};
  }
  if (SSL_CTX_use_certificate_chain_file(context, settings.certificate.c_str()) != 1)
    return fail(Fault::not_found, settings.certificate + ": " + openssl_error());
  if (SSL_CTX_use_PrivateKey_file(context, settings.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return fail(Fault::not_found, settings.key + ": " + openssl_error());
  return {};
}

Result<Context> make_context(const SSL_METHOD* method, const TlsSettings& settings,
                             bool verifies_peer) {
  Context context{SSL_CTX_new(method)};
  if (!context) return fail(Fault::not_found, openssl_error());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  // AES with 128 bits first: three quarters of what 256 bits cost.
  SSL_CTX_set_ciphersuites(
      context.get(), "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256");
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                         SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // Nobody comes back to an old session: connections are few, and last.
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_clear_mode(context.get(), SSL_MODE_AUTO_RETRY);  // a peer of nothing but new keys waits
  SSL_CTX_set_read_ahead(context.get(), 1);
  SSL_CTX_set_default_read_buffer_len(context.get(), read_at_once);
  if (!settings.authorities.empty()) {
    if (SSL_CTX_load_verify_file(context.get(), settings.authorities.c_str()) != 1) {
      return fail(Fault::not_found, settings.authorities + ": " + openssl_error());
    }
  } else {
    SSL_CTX_set_default_verify_paths(context.get());
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
  std::shared_ptr<TlsBuffers> buffers = std::make_shared<TlsBuffers>();
};

Tls::Tls(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Tls::Tls(Tls&&) noexcept = default;
Tls& Tls::operator=(Tls&&) noexcept = default;
Tls::~Tls() = default;

Result<Tls> Tls::load(const TlsSettings& settings) {
  auto impl = std::make_unique<Impl>();
  impl->client = TRY(make_context(TLS_client_method(), settings, settings.verifies_servers));
  impl->checks_names = settings.verifies_servers;
  SelfSigned own;
  if (settings.certificate.empty() && settings.self_signed) own = TRY(make_self_signed());
  if (own.certificate || !settings.certificate.empty()) {
    impl->server = TRY(make_context(TLS_server_method(), settings, settings.verifies_clients));
    TRY(set_certificate(impl->client.get(), settings, own));
    TRY(set_certificate(impl->server.get(), settings, own));
  }
  return Tls{std::move(impl)};
}

bool Tls::can_serve() const { return impl_->server != nullptr; }

std::string Tls::certificate() const {
  auto* const ours = SSL_CTX_get0_certificate(impl_->client.get());
  return ours ? octets_of(ours) : std::string{};
}

std::unique_ptr<Channel> Tls::server(int fd, Proof proof) const {
  TlsChannel::Connection connection{SSL_new(impl_->server.get())};
  SSL_set_accept_state(connection.get());
  if (proof == Proof::certificate) SSL_set_verify(connection.get(), SSL_VERIFY_PEER, take_any);
  return std::make_unique<TlsChannel>(std::move(connection), fd, std::nullopt, impl_->buffers);
}

std::unique_ptr<Channel> Tls::client(int fd, const std::string& name, Proof proof) const {
  TlsChannel::Connection connection{SSL_new(impl_->client.get())};
  SSL_set_connect_state(connection.get());
  const bool is_address = name.contains(':') || name.find_first_not_of("0123456789.") == name.npos;
  if (!is_address) SSL_set_tlsext_host_name(connection.get(), name.c_str());
  if (proof == Proof::certificate) SSL_set_verify(connection.get(), SSL_VERIFY_PEER, take_any);
  const bool checks_name = impl_->checks_names && proof == Proof::name;
  return std::make_unique<TlsChannel>(
      std::move(connection), fd, checks_name ? std::optional{name} : std::nullopt, impl_->buffers);
}

std::string octets_of(x509_st* certificate) {
  std::string octets(static_cast<std::size_t>(std::max(i2d_X509(certificate, nullptr), 0)), '\0');
  auto* at = reinterpret_cast<unsigned char*>(octets.data());
  i2d_X509(certificate, &at);
  return octets;
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
