#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/channel.h"

struct x509_st;

namespace convene::io {

struct TlsSettings {
  std::string certificate = {};   // PEM file with the chain; empty: see self_signed
  std::string key = {};           // PEM file
  std::string authorities = {};   // PEM file of who is trusted; empty: the system's
  bool verifies_servers = true;   // false: any certificate will do. For a lab only
  bool verifies_clients = false;  // servers ask for a certificate and check it
  bool self_signed = false;       // without a certificate: one is made; false: we are no server
};

// TLS 1.2 and later (RFC 8996). What new connections are made with; those that stand keep what they
// were made with. All of one thread: they share their buffers.
class Tls {
 public:
  // What a peer has to prove. certificate: to have the one that it shows, which may be any; who
  // that is is asked elsewhere. name: what the settings say.
  enum class Proof { name, certificate };

  // Fault::not_found when a file is missing or does not fit.
  static Result<Tls> load(const TlsSettings& settings);
  Tls(Tls&&) noexcept;
  Tls& operator=(Tls&&) noexcept;
  ~Tls();

  bool can_serve() const;
  std::string certificate() const;  // ours, in DER; empty: none
  std::unique_ptr<Channel> server(int fd, Proof proof = Proof::name) const;
  // `name`: the domain or address that was asked for; the certificate has to name it (RFC
  // 5922 7.2).
  std::unique_ptr<Channel> client(int fd, const std::string& name, Proof proof = Proof::name) const;

 private:
  struct Impl;
  explicit Tls(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

std::string octets_of(x509_st* certificate);  // in DER

// RFC 5922 7.1, 7.2: a subjectAltName of the certificate is this domain (URI "sip:domain" or DNS
// name, no wildcards) or this address; without such names the common name counts.
bool names_domain(x509_st* certificate, const std::string& domain);

}  // namespace convene::io
