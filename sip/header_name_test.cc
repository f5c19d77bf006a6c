#include "sip/header_name.h"

#include <gtest/gtest.h>

#include <utility>

namespace convene::sip {
namespace {

TEST(HeaderName, knows_every_spelling_it_prints) {
  for (auto number = std::to_underlying(Name::other) + 1;
       number <= std::to_underlying(Name::www_authenticate); ++number) {
    const auto name = static_cast<Name>(number);
    EXPECT_FALSE(text_of(name).empty()) << number;
    EXPECT_EQ(name_of(text_of(name)), name) << text_of(name);
  }
}

// RFC 3261 7.3.1
TEST(HeaderName, is_compared_without_regard_to_case) {
  EXPECT_EQ(name_of("CALL-ID"), Name::call_id);
  EXPECT_EQ(name_of("cseq"), Name::cseq);
  EXPECT_EQ(name_of("inreplyto-contribution-id"), Name::in_reply_to_contribution_id);
}

// RFC 3261 7.3.3
TEST(HeaderName, has_the_compact_forms_of_rfc_3261) {
  EXPECT_EQ(name_of("c"), Name::content_type);
  EXPECT_EQ(name_of("e"), Name::content_encoding);
  EXPECT_EQ(name_of("f"), Name::from);
  EXPECT_EQ(name_of("i"), Name::call_id);
  EXPECT_EQ(name_of("k"), Name::supported);
  EXPECT_EQ(name_of("l"), Name::content_length);
  EXPECT_EQ(name_of("m"), Name::contact);
  EXPECT_EQ(name_of("s"), Name::subject);
  EXPECT_EQ(name_of("T"), Name::to);
  EXPECT_EQ(name_of("V"), Name::via);
}

TEST(HeaderName, has_the_compact_forms_of_extensions) {
  EXPECT_EQ(name_of("a"), Name::accept_contact);
  EXPECT_EQ(name_of("b"), Name::referred_by);
  EXPECT_EQ(name_of("d"), Name::request_disposition);
  EXPECT_EQ(name_of("o"), Name::event);
  EXPECT_EQ(name_of("r"), Name::refer_to);
  EXPECT_EQ(name_of("u"), Name::allow_events);
  EXPECT_EQ(name_of("x"), Name::session_expires);
}

TEST(HeaderName, is_other_for_what_we_do_not_look_at) {
  for (const char* text : {"", "z", "1", "Via2", "Vi", "Identity", "C%6Fntact", "\xFF"}) {
    EXPECT_EQ(name_of(text), Name::other) << text;
  }
  EXPECT_EQ(text_of(Name::other), "");
}

}  // namespace
}  // namespace convene::sip
