#include "sip/fields.h"

#include <gtest/gtest.h>

namespace convene::sip {
namespace {

using namespace std::chrono_literals;

TEST(ParseVia, takes_a_value_apart) {
  const auto via =
      parse_via("SIP/2.0/udp [2001:db8::9:1]:5070;branch=z9hG4bK1;rport;received=192.0.2.1");

  ASSERT_TRUE(via);
  EXPECT_EQ(via->transport, "UDP");
  EXPECT_EQ(via->sent_by, (HostPort{"2001:db8::9:1", 5070}));
  EXPECT_EQ(via->branch(), "z9hG4bK1");
  EXPECT_TRUE(via->params.has("rport"));
  EXPECT_EQ(to_text(*via),
            "SIP/2.0/UDP [2001:db8::9:1]:5070;branch=z9hG4bK1;rport;received=192.0.2.1");
}

// RFC 3261 20.42: "first.example.com : 4000" is legal.
TEST(ParseVia, may_have_blanks_around_its_signs) {
  const auto via =
      parse_via("sip /  2.0 /\tTCP   first.example.com :  4000 ;  branch = z9hG4bKa7c6a8dlze.1 ");

  ASSERT_TRUE(via);
  EXPECT_EQ(to_text(*via), "SIP/2.0/TCP first.example.com:4000;branch=z9hG4bKa7c6a8dlze.1");
}

TEST(ParseVia, has_an_empty_branch_when_rfc_2543_wrote_it) {
  EXPECT_EQ(parse_via("SIP/2.0/UDP iftgw.example.com")->branch(), "");
}

TEST(ParseVia, refuses_what_is_none) {
  for (const char* text :
       {"", "SIP/2.0/UDP", "SIP/2.0/UDP ", "SIP/2.0 host", "SIP/7.0/UDP host", "HTTP/2.0/UDP host",
        "SIP/2.0/UDPhost", "SIP/2.0/ host", "SIP/2.0/UDP host;;", "SIP/2.0/UDP host:0",
        "SIP/2.0/UDP ::1", "SIP/2.0/U P h o"}) {
    EXPECT_FALSE(parse_via(text)) << text;
  }
}

TEST(ParseCSeq, takes_number_and_method) {
  EXPECT_EQ(parse_cseq("0009 \t INVITE"), (CSeq{9, "INVITE"}));
  EXPECT_EQ(parse_cseq("2147483647 X"), (CSeq{2'147'483'647, "X"}));
  EXPECT_EQ(to_text(CSeq{1, "BYE"}), "1 BYE");
}

// RFC 3261 8.1.1.5: less than 2^31.
TEST(ParseCSeq, refuses_what_is_none) {
  for (const char* text : {"", "1", "INVITE", "1INVITE", "-1 INVITE", "2147483648 INVITE",
                           "36893488147419103232 REGISTER", "1 INVITE BYE", "1 "}) {
    EXPECT_FALSE(parse_cseq(text)) << text;
  }
}

// RFC 4028 4
TEST(ParseSessionExpires, takes_interval_and_refresher) {
  EXPECT_EQ(parse_session_expires("1800"), (SessionExpires{1800s, Refresher::unspecified}));
  EXPECT_EQ(parse_session_expires("90 ; Refresher = UAS;x"), (SessionExpires{90s, Refresher::uas}));
  EXPECT_EQ(to_text(SessionExpires{1800s, Refresher::uac}), "1800;refresher=uac");
  EXPECT_EQ(to_text(SessionExpires{1800s, Refresher::unspecified}), "1800");
}

TEST(ParseSessionExpires, refuses_what_is_none) {
  for (const char* text : {"", "x", "-1", "4294967296", "1800;refresher=me", "1800;", "1 2"}) {
    EXPECT_FALSE(parse_session_expires(text)) << text;
  }
}

// RFC 6665 8.2.1
TEST(ParseEvent, takes_package_and_id) {
  EXPECT_EQ(parse_event("conference"), (Event{"conference", ""}));
  EXPECT_EQ(parse_event("refer;id=93809824;x"), (Event{"refer", "93809824"}));
  EXPECT_EQ(to_text(Event{"refer", "1"}), "refer;id=1");
  for (const char* text : {"", "a b", "a;;"}) EXPECT_FALSE(parse_event(text)) << text;
}

// RFC 6665 8.2.3
TEST(ParseSubscriptionState, takes_all_it_says) {
  EXPECT_EQ(parse_subscription_state("Active;expires=3600"),
            (SubscriptionState{"active", 3600s, "", {}}));
  const auto ended = parse_subscription_state("terminated; reason=giveup ;retry-after=30");
  EXPECT_EQ(ended, (SubscriptionState{"terminated", {}, "giveup", 30s}));
  EXPECT_EQ(to_text(*ended), "terminated;reason=giveup;retry-after=30");
  for (const char* text : {"", "active;expires=x", "active;retry-after=-1"})
    EXPECT_FALSE(parse_subscription_state(text)) << text;
}

// RFC 3326 2
TEST(ParseReason, takes_protocol_cause_and_text) {
  const auto reason = parse_reason(R"(SIP ;cause=200 ;text="Call completed")");

  EXPECT_EQ(reason, (Reason{"SIP", 200, "Call completed"}));
  EXPECT_EQ(to_text(*reason), R"(SIP;cause=200;text="Call completed")");
  EXPECT_EQ(parse_reason("Q.850;cause=16"), (Reason{"Q.850", 16, ""}));
  for (const char* text : {"", "SIP;cause=x", "SIP;cause=1000", "SIP cause=200"})
    EXPECT_FALSE(parse_reason(text)) << text;
}

// RFC 3261 20.43
TEST(ParseWarning, takes_code_agent_and_text) {
  const auto warning =
      parse_warning(R"(307 isi.edu  "Session parameter 'foo' not \"understood\"")");

  EXPECT_EQ(warning, (Warning{307, "isi.edu", "Session parameter 'foo' not \"understood\""}));
  EXPECT_EQ(parse_warning(to_text(*warning)), warning);
  EXPECT_EQ(to_text(Warning{99, "a", "b"}), R"(099 a "b")");
  for (const char* text : {"", "1812 overture \"In Progress\"", "399 a", "399 a b", "399 a \"b",
                           "399 a \"b\" c", "399 \"a\""}) {
    EXPECT_FALSE(parse_warning(text)) << text;
  }
}

TEST(ParseDeltaSeconds, fits_in_32_bits) {
  EXPECT_EQ(parse_delta_seconds(" 4294967295 "), 4'294'967'295U);
  for (const char* text : {"", "-1", "1.5", "1 2", "4294967296", "99999999999999999999999"})
    EXPECT_FALSE(parse_delta_seconds(text)) << text;
}

}  // namespace
}  // namespace convene::sip
