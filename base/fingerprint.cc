#include "base/fingerprint.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/hash.h"

namespace convene {

namespace {

// The strongest first. RFC 8122 5: SHA-256 has to be known; old peers say SHA-1 (RFC 4572 5).
constexpr std::array<std::pair<std::string_view, Digest>, 4> digests{{
    {"sha-512", Digest::sha512},
    {"sha-384", Digest::sha384},
    {"sha-256", Digest::sha256},
    {"sha-1", Digest::sha1},
}};

bool uses(const std::vector<Fingerprint>& fingerprints, std::string_view algorithm) {
  return std::ranges::find(fingerprints, algorithm, &Fingerprint::algorithm) != fingerprints.end();
}

}  // namespace

Fingerprint fingerprint_of(std::string_view certificate) {
  return {.algorithm = "sha-256", .octets = digest_of(Digest::sha256, certificate)};
}

// RFC 8122 5
bool names_certificate(const std::vector<Fingerprint>& fingerprints, std::string_view certificate) {
  if (certificate.empty()) return false;
  for (const auto& [algorithm, digest] : digests) {
    if (!uses(fingerprints, algorithm)) continue;
    const Fingerprint shown{.algorithm = std::string{algorithm},
                            .octets = digest_of(digest, certificate)};
    return std::ranges::find(fingerprints, shown) != fingerprints.end();
  }
  return false;
}

bool has_usable(const std::vector<Fingerprint>& fingerprints) {
  return std::ranges::any_of(digests,
                             [&](const auto& one) { return uses(fingerprints, one.first); });
}

}  // namespace convene
