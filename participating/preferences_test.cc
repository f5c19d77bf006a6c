#include "participating/preferences.h"

#include <gmock/gmock.h>

namespace convene::participating {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr std::string_view alices = R"(<?xml version="1.0" encoding="UTF-8"?>
<user-preferences uri="sip:Alice@example.com;user=phone">
  <ruleset xmlns="urn:ietf:params:xml:ns:common-policy">
    <rule id="all">
      <actions><allow-offline-storage>false</allow-offline-storage><delivery>refuse</delivery></actions>
    </rule>
    <rule id="friends">
      <conditions><identity><one id="sip:bob@example.com"/><many domain="b.example"/></identity></conditions>
      <actions><allow-offline-storage>true</allow-offline-storage><delivery> defer </delivery></actions>
    </rule>
  </ruleset>
</user-preferences>
)";

constexpr std::string_view alice = "sip:Alice@example.com";

Preferences loaded(std::string_view document, PreferenceDefaults defaults = {}) {
  Preferences preferences{defaults};
  preferences.load({parse_user_preferences(document).value()});
  return preferences;
}

std::string of_alice(std::string_view rules) {
  return "<user-preferences uri='sip:Alice@example.com'><ruleset>" + std::string{rules} +
         "</ruleset></user-preferences>";
}

// RFC 4745 7, 8
TEST(UserPreferencesDocument, says_of_whom_what_is_wanted) {
  const auto document = parse_user_preferences(alices).value();
  EXPECT_EQ(document.uri, "sip:Alice@example.com;user=phone");
  ASSERT_THAT(document.rules, SizeIs(2));
  EXPECT_EQ(document.rules[0].actions.offline_storage, false);
  EXPECT_EQ(document.rules[0].actions.delivery, Delivery::refuse);
  EXPECT_THAT(document.rules[1].conditions.identities, ElementsAre("sip:bob@example.com"));
  EXPECT_EQ(document.rules[1].actions.delivery, Delivery::defer);
}

TEST(UserPreferencesDocument, is_the_same_after_printing) {
  const auto document = parse_user_preferences(alices).value();
  EXPECT_EQ(parse_user_preferences(to_text(document)), document);
}

TEST(UserPreferencesDocument, is_refused_when_it_is_none) {
  for (const auto* text : {"", "<ruleset/>", "<user-preferences/>", "<!DOCTYPE a><a/>"})
    EXPECT_FALSE(parse_user_preferences(text)) << text;
}

TEST(UserPreferencesDocument, is_refused_when_it_has_too_many_rules) {
  const PreferenceLimits two{.rules = 2, .identities = 1};
  EXPECT_TRUE(parse_user_preferences(of_alice("<rule/><rule/>"), two));
  EXPECT_EQ(parse_user_preferences(of_alice("<rule/><rule/><rule/>"), two).error().fault,
            Fault::too_large);
  EXPECT_EQ(parse_user_preferences(
                of_alice("<rule><conditions><identity><one id='a'/><one id='b'/></identity>"
                         "</conditions></rule>"),
                two)
                .error()
                .fault,
            Fault::too_large);
}

// R5.0, RFC 4745 10.1
TEST(PreferencesTest, depend_on_the_other_party_and_the_strongest_rule_counts) {
  const auto preferences = loaded(alices);
  EXPECT_TRUE(preferences.keeps_history(alice, "sip:bob@example.com"));
  EXPECT_TRUE(preferences.keeps_history(alice, "sip:anybody@b.example"));
  EXPECT_FALSE(preferences.keeps_history(alice, "sip:carol@example.com"));
  EXPECT_FALSE(preferences.keeps_history(alice));
  EXPECT_EQ(preferences.delivery(alice, "sip:bob@example.com"), Delivery::defer);
  EXPECT_EQ(preferences.delivery(alice, "sip:carol@example.com"), Delivery::refuse);
}

TEST(PreferencesTest, are_the_defaults_where_no_rule_says_otherwise) {
  const PreferenceDefaults defaults{.offline_storage = true, .delivery = Delivery::refuse};
  const auto preferences = loaded(alices, defaults);
  EXPECT_TRUE(preferences.keeps_history("sip:dave@example.com"));
  EXPECT_EQ(preferences.delivery("sip:dave@example.com"), Delivery::refuse);
  EXPECT_FALSE(preferences.keeps_history(alice)) << "her own rule";
}

// RFC 4745 7: who cannot check a condition must not act on the rule.
TEST(PreferencesTest, do_not_act_on_a_rule_with_an_unknown_condition) {
  const auto preferences =
      loaded(of_alice("<rule><conditions><sphere value='work'/></conditions><actions>"
                      "<allow-offline-storage>true</allow-offline-storage></actions></rule>"));
  EXPECT_FALSE(preferences.keeps_history(alice));
}

TEST(PreferencesTest, are_replaced_when_they_are_loaded_again) {
  auto preferences = loaded(alices);
  preferences.load({});
  EXPECT_EQ(preferences.users(), 0);
  EXPECT_FALSE(preferences.keeps_history(alice, "sip:bob@example.com"));
}

}  // namespace
}  // namespace convene::participating
