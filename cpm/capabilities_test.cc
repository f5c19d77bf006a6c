#include "cpm/capabilities.h"

#include <gtest/gtest.h>

#include "cpm/flow_messages.h"
#include "cpm/service.h"

namespace convene::cpm {
namespace {

using enum FileTransferSupport;

Capabilities of(std::string_view contact) {
  return capabilities_of(sip::parse_name_addr(contact).value());
}

Capabilities of_iari(const std::string& values) {
  return of("<sip:bob@192.0.2.1>;+g.3gpp.iari-ref=\"" + values + "\"");
}

const std::string ft = "urn%3Aurn-7%3A3gpp-application.ims.iari.rcse.ft";
const std::string thumbnail = "urn%3Aurn-7%3A3gpp-application.ims.iari.rcs.ftthumb";
const std::string deferred = "urn%3Aurn-7%3A3gpp-application.ims.iari.rcs.ftstandfw";
const std::string chat = "urn%3Aurn-7%3A3gpp-application.ims.iari.rcse.im";

// R1.20, R1.21: F1.6 to F1.9, the capability table below them.
TEST(Capabilities, of_bob_are_all_three) {
  EXPECT_EQ(capabilities_of(flow("f1-6")),
            (Capabilities{.file_transfer = indicated,
                          .thumbnail = true,
                          .store_and_forward = true,
                          .instance = "<urn:uuid:00000000-0000-1000-8000-000000000002>"}));
}

TEST(Capabilities, of_carol_are_file_transfer_alone) {
  const auto carol = capabilities_of(flow("f1-7"));
  EXPECT_EQ(carol.file_transfer, indicated);
  EXPECT_FALSE(carol.thumbnail);
  EXPECT_FALSE(carol.store_and_forward);
}

TEST(Capabilities, of_dave_are_chat_only) {
  EXPECT_EQ(capabilities_of(flow("f1-8")).file_transfer, chat_only);
}

// R1.22
TEST(Capabilities, of_erin_are_not_indicated) {
  EXPECT_EQ(capabilities_of(flow("f1-9")).file_transfer, not_indicated);
}

TEST(Capabilities, of_the_focus_name_it) {
  EXPECT_TRUE(capabilities_of(flow("f1-3")).is_focus);
  EXPECT_EQ(capabilities_of(flow("f1-3")).file_transfer, indicated);
}

// A3
TEST(Capabilities, are_read_from_the_wrong_branch_too) {
  EXPECT_TRUE(of_iari(ft + ",urn%3Aurn-7%3A3gpp-application.ims.iari.rcse.ftthumb").thumbnail);
}

// A2, G-03
TEST(Capabilities, are_read_from_repeated_tags_in_any_order) {
  const auto bob = of("<sip:bob@192.0.2.1>;+g.3gpp.iari-ref=\"" + deferred +
                      "\";+g.3gpp.iari-ref=\"" + ft + "\"");
  EXPECT_EQ(bob.file_transfer, indicated);
  EXPECT_TRUE(bob.store_and_forward);
}

// Conversation 3.3: without rcse.ft the others say nothing.
TEST(Capabilities, need_file_transfer_itself) { EXPECT_EQ(of_iari(thumbnail), (Capabilities{})); }

TEST(Capabilities, with_file_transfer_and_chat_are_file_transfer) {
  EXPECT_EQ(of_iari(chat + "," + ft).file_transfer, indicated);
}

// G-41
TEST(Capabilities, of_who_knows_only_files_over_http_are_not_indicated) {
  EXPECT_EQ(of_iari("urn%3Aurn-7%3A3gpp-application.ims.iari.rcs.fthttp").file_transfer,
            not_indicated);
}

TEST(Capabilities, of_a_message_without_contact_are_not_indicated) {
  EXPECT_EQ(capabilities_of(sip::Message::response(200)), Capabilities{});
}

// R1.3, R1.5, A4: F1.3
TEST(ContactWithTags, is_the_focus_of_the_flows) {
  EXPECT_EQ(
      contact_with_tags("sip:grp-8d21@cf.example.com",
                        {.icsi = icsi::session, .services = {true, true, true}, .is_focus = true}),
      flow("f1-3").header(sip::Name::contact));
}

// R2.8: F1.6
TEST(ContactWithTags, is_the_client_of_the_flows) {
  EXPECT_EQ(contact_with_tags("sip:bob@198.51.100.12:5060;transport=tcp",
                              {.icsi = icsi::session,
                               .services = {true, true, true},
                               .instance = "<urn:uuid:00000000-0000-1000-8000-000000000002>"}),
            flow("f1-6").header(sip::Name::contact));
}

// R2.9: F1.8
TEST(ContactWithTags, says_chat_only) {
  EXPECT_EQ(contact_with_tags("sip:dave@198.51.100.14:5060;transport=tcp",
                              {.icsi = icsi::session,
                               .chat_only = true,
                               .instance = "<urn:uuid:00000000-0000-1000-8000-000000000004>"}),
            flow("f1-8").header(sip::Name::contact));
}

// R1.3: exactly the services that are supported.
TEST(ContactWithTags, round_trips_every_set_of_services) {
  for (const bool has_thumbnail : {false, true}) {
    for (const bool has_deferred : {false, true}) {
      const auto said = of(contact_with_tags(
          "sip:x@example.com",
          {.icsi = icsi::session, .services = {true, has_thumbnail, has_deferred}}));
      EXPECT_EQ(said.file_transfer, indicated);
      EXPECT_EQ(said.thumbnail, has_thumbnail);
      EXPECT_EQ(said.store_and_forward, has_deferred);
    }
  }
}

}  // namespace
}  // namespace convene::cpm
