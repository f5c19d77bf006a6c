#include "cpm/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cpm/flow_messages.h"

namespace convene::cpm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

sip::Message invite() { return sip::Message::request("INVITE", "sip:bob@example.com"); }

sip::Params params(std::string_view text) { return sip::parse_params(text).value(); }

TEST(Service, of_the_creation_is_a_session) {
  EXPECT_EQ(service_of(flow("f1-2")), Service::session);
}

// A7: P-Asserted-Service says session there.
TEST(Service, of_a_file_transfer_invite_is_what_its_accept_contact_says) {
  EXPECT_EQ(service_of(flow("f3-1")), Service::file_transfer);
}

TEST(Service, is_what_the_contact_says_when_there_is_no_accept_contact) {
  auto request = flow("f3-1");
  request.remove(sip::Name::accept_contact);
  EXPECT_EQ(service_of(request), Service::file_transfer);
}

TEST(Service, is_a_file_transfer_when_only_the_description_selects_a_file) {
  auto request = flow("f3-1");
  request.remove(sip::Name::accept_contact);
  request.set(sip::Name::contact, "<sip:alice@198.51.100.11>");
  EXPECT_EQ(service_of(request), Service::file_transfer);
}

// A7
TEST(Service, is_never_what_the_asserted_service_says) {
  auto request = invite();
  request.add(sip::Name::p_asserted_service, icsi::file_transfer);
  EXPECT_EQ(service_of(request), Service::unknown);
}

// Conversation 3.1: "...cpm.session" is a prefix of others, and no match.
TEST(Service, is_matched_by_whole_urns) {
  EXPECT_EQ(service_of_icsi("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.sessions"), Service::unknown);
  EXPECT_EQ(service_of_icsi("urn:urn-7:3gpp-service.ims.icsi.oma.cpm"), Service::unknown);
}

// G-42
TEST(Service, has_group_variants) {
  EXPECT_EQ(service_of_icsi("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.session.group"),
            Service::session);
  EXPECT_EQ(service_of_icsi("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.filetransfer.group"),
            Service::file_transfer);
}

// A2, G-03
TEST(Urns, are_read_from_lists_repeats_and_plain_text) {
  EXPECT_THAT(urns_of(params(R"(;+g.3gpp.iari-ref="urn%3aurn-7%3Aone, urn:urn-7:two")"
                             R"(;+g.3gpp.iari-ref="urn%3Aurn-7%3Athree")"),
                      iari_tag),
              ElementsAre("urn:urn-7:one", "urn:urn-7:two", "urn:urn-7:three"));
}

TEST(Urns, are_none_without_the_tag) { EXPECT_THAT(urns_of(params(";lr"), iari_tag), IsEmpty()); }

// 3GPP TS 24.229 7.2A.8.2; R4.1a
TEST(AcceptContact, encodes_the_colons_only) {
  EXPECT_EQ(accept_contact(icsi::file_transfer), flow("f3-1").header(sip::Name::accept_contact));
}

// R3.4, F3.2
TEST(AcceptContact, of_an_instance_requires_that_device) {
  EXPECT_EQ(accept_contact_of_instance("<urn:uuid:00000000-0000-1000-8000-000000000002>"),
            flow("f3-2").values(sip::Name::accept_contact).at(1));
}

// CPM 9.2.10 (2)
TEST(AcceptContact, of_another_service_does_not_hold_the_session_icsi) {
  EXPECT_TRUE(accepts_contact_of(flow("f1-2"), icsi::session));
  EXPECT_FALSE(accepts_contact_of(flow("f3-1"), icsi::session));
  EXPECT_FALSE(accepts_contact_of(invite(), icsi::session));
}

}  // namespace
}  // namespace convene::cpm
