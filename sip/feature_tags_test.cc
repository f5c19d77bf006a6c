#include "sip/feature_tags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sip/name_addr.h"

namespace convene::sip {
namespace {

using testing::ElementsAre;

constexpr std::string_view icsi = "+g.3gpp.icsi-ref";
constexpr std::string_view iari = "+g.3gpp.iari-ref";
constexpr std::string_view session = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.session";
constexpr std::string_view ft = "urn:urn-7:3gpp-application.ims.iari.rcse.ft";
constexpr std::string_view thumbnail = "urn:urn-7:3gpp-application.ims.iari.rcs.ftthumb";

FeatureTags tags_of(std::string_view text) { return feature_tags(parse_params(text).value()); }

// A4: one Contact with everything.
TEST(FeatureTags, are_read_from_a_contact) {
  const auto contact = parse_name_addr(
      "<sip:grp-8d21@cf.example.com>;isfocus;q=0.5;+sip.instance=\"<urn:uuid:0-1>\";"
      "+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.session\";"
      "+g.3gpp.iari-ref=\"urn%3Aurn-7%3A3gpp-application.ims.iari.rcse.ft,urn%3Aurn-7%3A3gpp-"
      "application.ims.iari.rcs.ftthumb\"");
  ASSERT_TRUE(contact);

  const auto tags = feature_tags(contact->params);

  EXPECT_TRUE(tags.has("isfocus"));
  EXPECT_TRUE(tags.has(icsi, session));
  EXPECT_THAT(tags.values(iari), ElementsAre(ft, thumbnail));
  EXPECT_EQ(tags.instance(), "urn:uuid:0-1");
  EXPECT_FALSE(tags.has("q"));
}

TEST(FeatureTags, are_whole_values) {
  const auto tags =
      tags_of(";+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.session.group\"");

  EXPECT_TRUE(tags.has(icsi));
  EXPECT_FALSE(tags.has(icsi, session));
}

// A2: "Accept repeated parameters, either order".
TEST(FeatureTags, may_come_in_repeated_parameters) {
  const auto repeated = tags_of(
      ";+g.3gpp.iari-ref=\"urn%3Aurn-7%3A3gpp-application.ims.iari.rcs.ftthumb\""
      ";+g.3gpp.iari-ref=\"urn%3Aurn-7%3A3gpp-application.ims.iari.rcse.ft\"");

  EXPECT_EQ(repeated, tags_of(";+g.3gpp.iari-ref=\"urn%3Aurn-7%3A3gpp-application.ims.iari.rcse.ft,"
                              "urn%3Aurn-7%3A3gpp-application.ims.iari.rcs.ftthumb\""));
}

// A2: "spaces after commas, any case of hex, and un-encoded urn:urn-7: form".
TEST(FeatureTags, may_be_spelled_as_peers_spell_them) {
  for (const char* text :
       {";+g.3gpp.iari-ref=\"urn%3aurn-7%3a3gpp-application.ims.iari.rcse.ft\"",
        ";+G.3GPP.IARI-REF=\"URN%3AURN-7%3A3GPP-APPLICATION.IMS.IARI.RCSE.FT\"",
        ";+g.3gpp.iari-ref=\"urn:urn-7:3gpp-application.ims.iari.rcse.ft\"",
        ";+g.3gpp.iari-ref=urn:urn-7:3gpp-application.ims.iari.rcse.ft",
        ";+g.3gpp.iari-ref=\"x, urn%3Aurn-7%3A3gpp-application.ims.iari.rcse.ft ,y\"",
        ";+g.3gpp.iari-ref=\" urn%3Aurn%2D7%3A3gpp-application.ims.iari.rcse.ft,,\""}) {
    EXPECT_TRUE(tags_of(text).has(iari, ft)) << text;
  }
}

TEST(FeatureTags, survive_a_broken_escape) {
  const auto tags = tags_of(";+g.3gpp.iari-ref=\"urn%3\"");
  EXPECT_THAT(tags.values(iari), ElementsAre("urn%3"));
}

TEST(FeatureTags, have_a_limit_of_values) {
  std::string list;
  for (int i = 0; i < 200; ++i) list += std::to_string(i) + ',';

  EXPECT_EQ(tags_of(";+x=\"" + list + "\"").values("+x").size(), 128U);
}

// RFC 3840 9: base tags, and those that begin with "+".
TEST(FeatureTags, are_not_the_other_parameters) {
  const auto tags =
      tags_of(";audio;methods=\"INVITE,BYE\";expires=60;require;explicit;+g.oma.sip-im;reg-id=1");

  EXPECT_TRUE(tags.has("audio"));
  EXPECT_TRUE(tags.has("methods", "bye"));
  EXPECT_TRUE(tags.has("+g.oma.sip-im"));
  EXPECT_TRUE(tags.values("+g.oma.sip-im").empty());
  for (const char* name : {"expires", "require", "explicit", "reg-id"})
    EXPECT_FALSE(tags.has(name)) << name;
}

// RFC 3840 9: a string-value is one value, and its case counts.
TEST(FeatureTags, keep_a_string_value_whole) {
  const auto tags = tags_of(";+x=\"<a, B>\"");

  EXPECT_THAT(tags.values("+x"), ElementsAre("<a, B>"));
  EXPECT_TRUE(tags.has("+x", "<a, B>"));
  EXPECT_FALSE(tags.has("+x", "<a, b>"));
}

TEST(FeatureTags, without_an_instance_have_an_empty_one) {
  EXPECT_EQ(tags_of(";isfocus").instance(), "");
  EXPECT_EQ(tags_of(";+sip.instance").instance(), "");
  EXPECT_EQ(tags_of(";+sip.instance=\"urn:uuid:1\"").instance(), "urn:uuid:1");
}

// A2: "Send one +g.3gpp.iari-ref="A,B,C"".
TEST(SetFeatureTags, writes_one_parameter_with_both_colons_encoded) {
  FeatureTags tags;
  tags.add("isfocus");
  tags.add("+sip.instance", "<urn:uuid:0-1>");
  tags.add(icsi, session);
  tags.add(iari, ft);
  tags.add(iari, thumbnail);
  tags.add(iari, ft);
  Params params;

  set_feature_tags(params, tags);

  EXPECT_EQ(to_text(params),
            ";isfocus;+sip.instance=\"<urn:uuid:0-1>\""
            ";+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.session\""
            ";+g.3gpp.iari-ref=\"urn%3Aurn-7%3A3gpp-application.ims.iari.rcse.ft,"
            "urn%3Aurn-7%3A3gpp-application.ims.iari.rcs.ftthumb\"");
  EXPECT_EQ(feature_tags(params), tags);
}

TEST(SetFeatureTags, replaces_the_tags_and_leaves_the_rest) {
  auto params =
      parse_params(";q=0.5;isfocus;+g.3gpp.iari-ref=\"a\";expires=60;+g.3gpp.iari-ref=\"b\"")
          .value();
  auto tags = feature_tags(params);
  tags.remove("isfocus");

  set_feature_tags(params, tags);

  EXPECT_EQ(to_text(params), ";q=0.5;expires=60;+g.3gpp.iari-ref=\"a,b\"");
}

TEST(FeatureTags, are_equal_in_any_order) {
  EXPECT_EQ(tags_of(";audio;+x=\"a,B\""), tags_of(";+X=\"b,a\";AUDIO"));
  EXPECT_NE(tags_of(";audio;+x=\"a\""), tags_of(";audio;+x=\"a,b\""));
  EXPECT_NE(tags_of(";audio"), tags_of(";video"));
  EXPECT_NE(tags_of(""), tags_of(";video"));
  EXPECT_TRUE(tags_of("").empty());
}

}  // namespace
}  // namespace convene::sip
