#include "sip/digest.h"

#include <gtest/gtest.h>

namespace convene::sip {
namespace {

using namespace std::chrono_literals;
constexpr TimePoint start{};

// RFC 7616 3.9.1
TEST(Digest, computes_the_answers_of_the_rfc) {
  Challenge challenge{.realm = "http-auth@example.org",
                      .nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                      .opaque = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
                      .algorithm = DigestAlgorithm::md5,
                      .is_stale = false,
                      .wants_qop = true};
  const auto cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  EXPECT_EQ(
      answer(challenge, "Mufasa", "Circle of Life", "GET", "/dir/index.html", 1, cnonce).response,
      "8ca523f5e9506fed4657c9700eebdbec");
  challenge.algorithm = DigestAlgorithm::sha256;
  EXPECT_EQ(
      answer(challenge, "Mufasa", "Circle of Life", "GET", "/dir/index.html", 1, cnonce).response,
      "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

TEST(Digest, prints_what_it_reads) {
  const Challenge challenge{.realm = "a \"b\"",
                            .nonce = "n",
                            .opaque = "o",
                            .algorithm = DigestAlgorithm::sha256,
                            .is_stale = true,
                            .wants_qop = true};
  EXPECT_EQ(parse_challenge(to_text(challenge)), challenge);
  const auto authorization =
      answer(challenge, "alice", "secret", "INVITE", "sip:bob@example.com", 7, "c");
  EXPECT_EQ(parse_authorization(to_text(authorization)), authorization);
}

TEST(Digest, knows_the_right_password) {
  const Challenge challenge{.realm = "r", .nonce = "n", .opaque = "", .wants_qop = true};
  const auto authorization =
      answer(challenge, "alice", "secret", "REGISTER", "sip:example.com", 1, "c");
  EXPECT_TRUE(is_right(authorization, "secret", "REGISTER"));
  EXPECT_FALSE(is_right(authorization, "Secret", "REGISTER"));
  EXPECT_FALSE(is_right(authorization, "secret", "INVITE"));
}

// RFC 8760 2.4
TEST(Digest, answers_the_strongest_challenge) {
  const auto best = strongest({"Digest realm=\"r\", nonce=\"1\", algorithm=MD5",
                               "Digest realm=\"r\", nonce=\"2\", algorithm=SHA-256",
                               "Digest realm=\"r\", nonce=\"3\", algorithm=SHA-512-256"});
  ASSERT_TRUE(best);
  EXPECT_EQ(best->nonce, "2");
}

TEST(Digest, refuses_what_is_no_digest) {
  for (const char* text : {"", "Basic abc", "Digest", "Digest realm", "Digest realm=\"x",
                           "Digest nonce=\"a\" realm=\"b\"", "Digest nonce=\"a\", nonce=\"b\""})
    EXPECT_FALSE(parse_challenge(text)) << text;
}

struct NonceKeeperTest : testing::Test {
  SeededRandom random{1};
  NonceKeeper keeper{random, 300s};
  using Verdict = NonceKeeper::Verdict;
};

TEST_F(NonceKeeperTest, takes_each_count_once) {
  const auto nonce = keeper.issue(start);
  EXPECT_EQ(keeper.use(nonce, 1, start), Verdict::fresh);
  EXPECT_EQ(keeper.use(nonce, 2, start), Verdict::fresh);
  EXPECT_EQ(keeper.use(nonce, 2, start), Verdict::replayed);
  EXPECT_EQ(keeper.use(nonce, 1, start), Verdict::replayed);
}

TEST_F(NonceKeeperTest, lets_nonces_grow_old) {
  const auto nonce = keeper.issue(start);
  EXPECT_EQ(keeper.use(nonce, 1, start + 300s), Verdict::stale);
}

TEST_F(NonceKeeperTest, knows_its_own_nonces) {
  auto nonce = keeper.issue(start);
  nonce.back() = nonce.back() == '0' ? '1' : '0';
  EXPECT_EQ(keeper.use(nonce, 1, start), Verdict::forged);
  EXPECT_EQ(keeper.use("", 1, start), Verdict::forged);
  EXPECT_EQ(keeper.use("1.2.3", 1, start), Verdict::forged);
}

}  // namespace
}  // namespace convene::sip
