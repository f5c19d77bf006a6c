#include "sdp/fingerprint.h"

#include <gmock/gmock.h>

namespace convene::sdp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// RFC 8122 3.4
constexpr std::string_view of_the_rfc =
    "SHA-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB";

// RFC 8122 5
TEST(Fingerprint, is_read_and_printed) {
  const auto read = parse_fingerprint(of_the_rfc);

  ASSERT_TRUE(read);
  EXPECT_EQ(read->algorithm, "sha-1");
  EXPECT_EQ(read->octets.size(), 20);
  EXPECT_EQ(to_text(*read), "sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB");
  EXPECT_EQ(parse_fingerprint(to_text(*read)), *read);
  EXPECT_EQ(parse_fingerprint("sha-256 0a:ff"), (Fingerprint{"sha-256", "\x0a\xff"}));
  EXPECT_EQ(parse_fingerprint("other-7 00"), (Fingerprint{"other-7", std::string(1, '\0')}));
}

// RFC 8122 5
TEST(Fingerprint, is_refused_when_it_is_not_of_hex_pairs) {
  for (const std::string_view text :
       {"", "sha-256", "sha-256 ", "sha-256 A", "sha-256 AB:", "sha-256 AB:C", "sha-256 ABC",
        "sha-256 GG", "sha-256 AB CD", " AB:CD"})
    EXPECT_FALSE(parse_fingerprint(text)) << text;
}

// RFC 8122 5: of the medium, or else of the session.
TEST(Fingerprint, of_a_medium_counts_before_those_of_the_session) {
  SessionDescription session;
  session.attributes.add("fingerprint", "sha-256 01");
  Media bare;
  Media own;
  own.attributes.add("fingerprint", "sha-256 02");
  own.attributes.add("fingerprint", "unreadable");
  add_fingerprint(own, {"sha-512", "\x03"});

  EXPECT_THAT(fingerprints_of(session, bare), ElementsAre(Fingerprint{"sha-256", "\x01"}));
  EXPECT_THAT(fingerprints_of(session, own),
              ElementsAre(Fingerprint{"sha-256", "\x02"}, Fingerprint{"sha-512", "\x03"}));
  EXPECT_THAT(fingerprints_of({}, bare), IsEmpty());

  set_fingerprint(own, {"sha-384", "\x04"});
  EXPECT_THAT(fingerprints_of(session, own), ElementsAre(Fingerprint{"sha-384", "\x04"}));
}

}  // namespace
}  // namespace convene::sdp
