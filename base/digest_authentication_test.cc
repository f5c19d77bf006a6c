#include "base/digest_authentication.h"

#include <gtest/gtest.h>

namespace convene::digest {
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

// RFC 2617 3.5, and 3.2.2.1 without qop.
TEST(Digest, computes_the_answers_of_the_old_rfc) {
  auto challenge = parse_challenge(
                       "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
                       "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
                       "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"")
                       .value();
  const auto response = [&] {
    return answer(challenge, "Mufasa", "Circle Of Life", "GET", "/dir/index.html", 1, "0a4f113b")
        .response;
  };
  EXPECT_EQ(response(), "6629fae49393a05397450978507c4ef1");

  challenge.wants_qop = false;
  EXPECT_EQ(response(), "670fd8c2df070c60b045671b8b24ff02");
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

TEST(Digest, refuses_credentials_that_cannot_be_right) {
  const std::string response = ", response=\"" + std::string(32, '0') + "\"";
  ASSERT_TRUE(parse_authorization("Digest username=\"a\", nonce=\"n\"" + response));
  for (const std::string& text :
       {"Digest nonce=\"n\"" + response, "Digest username=\"a\"" + response,
        std::string{"Digest username=\"a\", nonce=\"n\""},
        std::string{"Digest username=\"a\", nonce=\"n\", response=\"0\", x=\"\""},
        "Digest username=\"a\", nonce=\"n\", response=\"" + std::string(31, '0') + "\\\"\"",
        "Digest username=\"a\", nonce=\"n\", algorithm=SHA-512-256" + response,
        "Digest username=\"a\", nonce=\"n\", qop=auth-int" + response,
        "Digest username=\"a\", nonce=\"n\", qop=auth" + response,
        "Digest username=\"a\", nonce=\"n\", qop=auth, nc=00000000, cnonce=\"c\"" + response,
        "Digest username=\"a\", nonce=\"n\", qop=auth, nc=1, cnonce=\"c\"" + response})
    EXPECT_FALSE(parse_authorization(text)) << text;
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

// What was forgotten for want of room is not taken a second time.
TEST_F(NonceKeeperTest, does_not_take_what_it_forgot) {
  NonceKeeper small{random, 300s, 2};
  const auto first = small.issue(start);
  EXPECT_EQ(small.use(first, 1, start), Verdict::fresh);
  for (int i = 1; i <= 5; ++i) {
    const auto now = start + std::chrono::seconds{i};
    EXPECT_EQ(small.use(small.issue(now), 1, now), Verdict::fresh);
  }

  EXPECT_EQ(small.use(first, 1, start + 6s), Verdict::stale);
  EXPECT_EQ(small.use(first, 2, start + 6s), Verdict::stale);
}

}  // namespace
}  // namespace convene::digest
