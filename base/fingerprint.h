#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace convene {

// What a certificate is known by before it is seen: a digest of its DER octets. RFC 8122 5
struct Fingerprint {
  std::string algorithm = "sha-256";  // in lower case, as the registry of hash functions has it
  std::string octets = {};            // raw
  bool operator==(const Fingerprint&) const = default;
};

Fingerprint fingerprint_of(std::string_view certificate);  // sha-256

// Whether the certificate (DER) is one that these name. Of the functions that we know the strongest
// counts, and no other; those that nobody may use any more (MD2, MD5) name nothing. RFC 8122 5
bool names_certificate(const std::vector<Fingerprint>& fingerprints, std::string_view certificate);

// Whether there is one that we could compare with.
bool has_usable(const std::vector<Fingerprint>& fingerprints);

}  // namespace convene
