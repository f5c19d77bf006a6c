#include "base/fingerprint.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace convene {
namespace {

constexpr std::string_view hers = "the octets of her certificate";
constexpr std::string_view another = "the octets of another one";

Fingerprint with(std::string algorithm, Digest digest, std::string_view certificate) {
  return {.algorithm = std::move(algorithm), .octets = digest_of(digest, certificate)};
}

// RFC 8122 5
TEST(Fingerprint, names_its_certificate_and_no_other) {
  const std::vector all{fingerprint_of(hers)};

  EXPECT_TRUE(names_certificate(all, hers));
  EXPECT_FALSE(names_certificate(all, another));
  EXPECT_FALSE(names_certificate(all, ""));
  EXPECT_FALSE(names_certificate({}, hers));
}

// RFC 8122 5: any certificate of the set, with the function that is preferred.
TEST(Fingerprint, may_name_one_of_several_certificates) {
  const std::vector all{fingerprint_of(another), fingerprint_of(hers)};

  EXPECT_TRUE(names_certificate(all, hers));
}

// RFC 8122 5
TEST(Fingerprint, counts_in_the_strongest_function_only) {
  EXPECT_FALSE(names_certificate(
      {with("sha-1", Digest::sha1, hers), with("sha-512", Digest::sha512, another)}, hers));
  EXPECT_TRUE(names_certificate(
      {with("sha-1", Digest::sha1, another), with("sha-384", Digest::sha384, hers)}, hers));
}

// RFC 8122 5: MD5 is not to be used.
TEST(Fingerprint, is_worth_nothing_in_a_function_that_is_broken_or_unknown) {
  const std::vector all{with("md5", Digest::md5, hers), Fingerprint{"sha-3", "x"}};

  EXPECT_FALSE(names_certificate(all, hers));
  EXPECT_FALSE(has_usable(all));
  EXPECT_TRUE(has_usable({fingerprint_of(hers)}));
}

}  // namespace
}  // namespace convene
