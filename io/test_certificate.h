#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <string>

#include "io/tls.h"

namespace convene::io {

// A key, and a certificate for an hour that it signed itself.
class TestCertificate {
 public:
  // `names` as in openssl.cnf: "DNS:example.com,URI:sip:example.com,IP:127.0.0.1".
  explicit TestCertificate(const std::string& names) {
    X509_set_version(certificate_.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate_.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate_.get()), -3'600);
    X509_gmtime_adj(X509_getm_notAfter(certificate_.get()), 3'600);
    X509_set_pubkey(certificate_.get(), key_.get());
    auto* const subject = X509_get_subject_name(certificate_.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(certificate_.get(), subject);
    if (!names.empty()) {
      auto* const extension =
          X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
      X509_add_ext(certificate_.get(), extension, -1);
      X509_EXTENSION_free(extension);
    }
    X509_sign(certificate_.get(), key_.get(), EVP_sha256());
  }

  X509* get() { return certificate_.get(); }

  // Writes both as PEM files, and trusts nobody else.
  TlsSettings write_to(const std::string& path) {
    std::FILE* const certificate = std::fopen((path + ".pem").c_str(), "w");
    PEM_write_X509(certificate, certificate_.get());
    std::fclose(certificate);
    std::FILE* const key = std::fopen((path + ".key").c_str(), "w");
    PEM_write_PrivateKey(key, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(key);
    return {.certificate = path + ".pem", .key = path + ".key", .authorities = path + ".pem"};
  }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{EVP_EC_gen("P-256"), EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> certificate_{X509_new(), X509_free};
};

}  // namespace convene::io
