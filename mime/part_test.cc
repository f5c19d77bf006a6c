#include "mime/part.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::mime {
namespace {

Part encoded(std::string_view encoding, std::string body) {
  return {Headers{{"Content-Transfer-Encoding", std::string{encoding}}}, std::move(body)};
}

TEST(MimePart, knows_its_type_id_and_disposition) {
  const Part icon{Headers{{"Content-Type", "Image/PNG; name=x"},
                          {"Content-ID", "<icon-7d1@alice.example.com>"},
                          {"Content-Disposition", "Icon"}},
                  ""};
  EXPECT_EQ(type_of(icon), "image/png");
  EXPECT_EQ(content_id_of(icon), "icon-7d1@alice.example.com");
  EXPECT_EQ(disposition_of(icon), "icon");

  EXPECT_EQ(type_of(Part{}), "text/plain");
  EXPECT_EQ(content_id_of(Part{}), "");
  EXPECT_EQ(disposition_of(Part{}), "");
}

// RFC 2392 2: the URL has no angle brackets, and escapes what a URL may not hold.
TEST(MimePart, is_named_by_a_cid_url) {
  EXPECT_EQ(id_of_cid_url("cid:icon-7d1@alice.example.com"), "icon-7d1@alice.example.com");
  EXPECT_EQ(id_of_cid_url("CID:a%25b@c"), "a%b@c");
  EXPECT_EQ(id_of_cid_url("cid:<a@b>"), "a@b");
  EXPECT_EQ(id_of_cid_url("http://a"), "");
  EXPECT_EQ(cid_url("a%b/c@d"), "cid:a%25b%2Fc@d");
}

// RFC 2045 6
TEST(MimePart, is_decoded) {
  EXPECT_EQ(decoded_body(encoded("Base64", "VHJh\r\naWw=\r\n")), "Trail");
  EXPECT_EQ(decoded_body(encoded("8bit", "a=3D")), "a=3D");
  EXPECT_EQ(decoded_body(Part{{}, "x"}), "x");
  EXPECT_EQ(decoded_body(encoded("quoted-printable", "J=C3=BCr=\r\ngen \t\r\n=3d\nend=")),
            "J\xC3\xBCrgen\r\n=\nend");
}

TEST(MimePart, is_refused_when_it_cannot_be_decoded) {
  EXPECT_EQ(decoded_body(encoded("base64", "%%%%")).error().fault, Fault::malformed);
  EXPECT_EQ(decoded_body(encoded("quoted-printable", "=4")).error().fault, Fault::malformed);
  EXPECT_EQ(decoded_body(encoded("quoted-printable", "=zz")).error().fault, Fault::malformed);
  EXPECT_EQ(decoded_body(encoded("x-uuencode", "")).error().fault, Fault::unsupported);
}

}  // namespace
}  // namespace convene::mime
