#include "io/self_signed.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

namespace convene::io {

namespace {

constexpr long day = 86'400;
constexpr long lifetime = 3'650 * day;  // those who know the fingerprint do not look at it

}  // namespace

void SelfSigned::Free::operator()(x509_st* x509) const { X509_free(x509); }
void SelfSigned::Free::operator()(evp_pkey_st* pkey) const { EVP_PKEY_free(pkey); }

Result<SelfSigned> make_self_signed() {
  SelfSigned made;
  made.key.reset(EVP_EC_gen("P-256"));
  made.certificate.reset(X509_new());
  std::uint64_t serial = 0;
  const bool has_all = made.key && made.certificate &&
                       RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1;
  if (!has_all) return fail(Fault::not_found, "no key can be made");

  auto* const certificate = made.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1U);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -day);
  X509_gmtime_adj(X509_getm_notAfter(certificate), lifetime);
  X509_set_pubkey(certificate, made.key.get());
  auto* const subject = X509_get_subject_name(certificate);
  const auto* const name = reinterpret_cast<const unsigned char*>("msrp");
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  if (X509_sign(certificate, made.key.get(), EVP_sha256()) == 0)
    return fail(Fault::not_found, "no certificate can be signed");
  return made;
}

}  // namespace convene::io
