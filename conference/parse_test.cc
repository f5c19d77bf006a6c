#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conference/conference_info.h"

namespace convene::conference {
namespace {

using testing::SizeIs;

// After the example of RFC 4575 6.1, shortened.
constexpr std::string_view from_the_rfc =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<c:conference-info xmlns:c=\"urn:ietf:params:xml:ns:conference-info\"\n"
    "   entity=\"sips:conf233@example.com\" state=\"full\" version=\"1\">\n"
    " <c:conference-description>\n"
    "  <c:subject>Agenda: This month's goals</c:subject>\n"
    "  <c:service-uris><c:entry><c:uri>http://sharepoint/</c:uri></c:entry></c:service-uris>\n"
    " </c:conference-description>\n"
    " <c:conference-state><c:user-count>33</c:user-count><c:active>true</c:active>\n"
    "  <c:locked>0</c:locked></c:conference-state>\n"
    " <c:users>\n"
    "  <c:user entity=\"sip:bob@example.com\" state=\"full\" yourown=\"true\" lang=\"de\">\n"
    "   <c:display-text>Bob Hoskins</c:display-text>\n"
    "   <c:roles><c:entry>participant</c:entry></c:roles>\n"
    "   <c:endpoint entity=\"sip:bob@pc33.example.com\">\n"
    "    <c:display-text>Bob's Laptop</c:display-text>\n"
    "    <c:status>disconnected</c:status>\n"
    "    <c:joining-method>dialed-out</c:joining-method>\n"
    "    <c:joining-info><c:when>2005-03-04T20:00:00Z</c:when><c:reason>invited</c:reason>\n"
    "     <c:by>sip:mike@example.com</c:by></c:joining-info>\n"
    "    <c:disconnection-method>departed</c:disconnection-method>\n"
    "    <c:media id=\"1\"><c:type>audio</c:type></c:media>\n"
    "   </c:endpoint>\n"
    "  </c:user>\n"
    " </c:users>\n"
    "</c:conference-info>\n";

std::string with(std::string_view children) {
  return "<conference-info entity='sip:g@a' version='2'>" + std::string{children} +
         "</conference-info>";
}

// RFC 4575 5
TEST(ConferenceInfo, is_parsed_whatever_its_prefix) {
  const auto info = parse_conference_info(from_the_rfc);
  ASSERT_TRUE(info) << info.error().detail;
  EXPECT_EQ(info->entity, "sips:conf233@example.com");
  EXPECT_EQ(info->state, State::full);
  EXPECT_EQ(info->version, 1);
  EXPECT_EQ(info->description->subject, "Agenda: This month's goals");
  EXPECT_EQ(info->conference_state->user_count, 33);
  EXPECT_EQ(info->conference_state->active, true);
  EXPECT_EQ(info->conference_state->locked, false);

  ASSERT_THAT(info->users->list, SizeIs(1));
  const auto& bob = info->users->list[0];
  EXPECT_TRUE(bob.yourown);
  EXPECT_EQ(bob.display_text, "Bob Hoskins");
  ASSERT_THAT(bob.endpoints, SizeIs(1));
  const auto& laptop = bob.endpoints[0];
  EXPECT_EQ(laptop.status, Status::disconnected);
  EXPECT_EQ(laptop.joining_method, JoiningMethod::dialed_out);
  EXPECT_EQ(laptop.joining_info, (ExecutionInfo{.when = "2005-03-04T20:00:00Z",
                                                .reason = "invited",
                                                .by = "sip:mike@example.com"}));
  EXPECT_EQ(laptop.disconnection_method, DisconnectionMethod::departed);
}

TEST(ConferenceInfo, keeps_what_it_does_not_read) {
  const auto info = parse_conference_info(from_the_rfc);
  ASSERT_TRUE(info);
  EXPECT_THAT(info->attributes, SizeIs(1));
  EXPECT_THAT(info->description->extensions, SizeIs(1));
  EXPECT_THAT(info->users->list[0].attributes, SizeIs(1));
  EXPECT_THAT(info->users->list[0].extensions, SizeIs(1));
  EXPECT_THAT(info->users->list[0].endpoints[0].extensions, SizeIs(1));
  EXPECT_EQ(parse_conference_info(to_text(*info)), *info);
}

TEST(ConferenceInfo, keeps_a_status_that_it_does_not_know) {
  const auto info = parse_conference_info(
      with("<users><user entity='sip:a@b'><endpoint><status>asleep</status></endpoint></user>"
           "</users>"));
  ASSERT_TRUE(info);
  const auto& endpoint = info->users->list[0].endpoints[0];
  EXPECT_EQ(endpoint.status, std::nullopt);
  EXPECT_THAT(endpoint.extensions, SizeIs(1));
  EXPECT_EQ(parse_conference_info(to_text(*info)), *info);
}

TEST(ConferenceInfo, has_limits) {
  std::string endpoints;
  for (std::size_t i = 0; i <= max_endpoints; ++i) endpoints += "<endpoint/>";
  EXPECT_EQ(
      parse_conference_info(with("<users><user entity='sip:a@b'>" + endpoints + "</user></users>"))
          .error()
          .fault,
      Fault::too_large);

  std::string users;
  for (std::size_t i = 0; i <= max_users; ++i) users += "<user entity='sip:a@b'/>";
  EXPECT_EQ(parse_conference_info(with("<users>" + users + "</users>")).error().fault,
            Fault::too_large);
}

TEST(ConferenceInfo, is_refused_when_it_is_unreadable) {
  for (const auto& text : {std::string{"<a/>"}, std::string{"<conference-info version='1'/>"},
                           std::string{"<conference-info entity='a' version='x'/>"},
                           std::string{"<conference-info entity='a' version='4294967296'/>"},
                           std::string{"<conference-info entity='a' state='new'/>"},
                           with("<users><user/></users>"), with("<users/><users/>"),
                           with("<conference-state><user-count>-1</user-count></conference-state>"),
                           with("<conference-state><active>maybe</active></conference-state>")})
    EXPECT_EQ(parse_conference_info(text).error().fault, Fault::malformed) << text;
}

}  // namespace
}  // namespace convene::conference
