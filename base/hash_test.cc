#include "base/hash.h"

#include <gtest/gtest.h>

namespace convene {
namespace {

TEST(Hash, agrees_with_the_published_vectors) {
  EXPECT_EQ(digest_hex(Digest::md5, "abc"), "900150983cd24fb0d6963f7d28e17f72");  // RFC 1321 A.5
  EXPECT_EQ(digest_hex(Digest::sha1, "abc"),
            "a9993e364706816aba3e25717850c26c9cd0d89d");  // FIPS 180
  EXPECT_EQ(digest_hex(Digest::sha256, "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, does_not_depend_on_how_the_octets_arrive) {
  Hash hash{Digest::sha1};
  hash.update("a");
  hash.update("bc");
  EXPECT_EQ(hash.finish(), digest_of(Digest::sha1, "abc"));
}

// RFC 2202 3, case 2.
TEST(Hash, keys_sha1) {
  EXPECT_EQ(to_hex(hmac_sha1("Jefe", "what do ya want for nothing?")),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

}  // namespace
}  // namespace convene
