#include "registrar/device_choice.h"

#include "registrar/scripted.h"

namespace convene::registrar {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

// Bob has a phone and a tablet.
struct DeviceChoice : RegistrarTest {
  void SetUp() override {
    register_contact("alice", "<sip:alice@127.0.0.1:5071>", from_alice);
    register_contact("bob", "<sip:bob@127.0.0.1:5072>;+sip.instance=\"<urn:uuid:0001>\"", from_bob);
    register_contact("bob", "<sip:bob@127.0.0.1:5073>;+sip.instance=\"<urn:uuid:0002>\"", from_bob);
  }
  std::vector<sip::Send> forwarded(const std::string& uri, const std::string& header = "") {
    auto sent = give(request("INVITE " + uri + " SIP/2.0\r\nTo: <sip:bob@example.com>" + header),
                     from_alice);
    std::erase_if(sent, [](const sip::Send& send) { return send.message.status() == 100; });
    return sent;
  }
};

// RFC 3261 16.5
TEST_F(DeviceChoice, is_every_device_unless_said_otherwise) {
  EXPECT_THAT(forwarded("sip:bob@example.com"), SizeIs(2));
}

// RFC 5627 6.1; R1.11
TEST_F(DeviceChoice, is_the_one_of_a_gruu) {
  const auto sent = forwarded("sip:bob@example.com;gr=urn:uuid:0002");
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_EQ(sent[0].message.uri(), "sip:bob@127.0.0.1:5073");
}

// RFC 3841 7.2; R3.4
TEST_F(DeviceChoice, is_the_one_of_a_required_instance) {
  const auto sent =
      forwarded("sip:bob@example.com",
                "\r\nAccept-Contact: *;+sip.instance=\"<urn:uuid:0001>\";require;explicit");
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_EQ(sent[0].message.uri(), "sip:bob@127.0.0.1:5072");
}

TEST_F(DeviceChoice, is_none_when_that_device_is_away) {
  const auto sent = forwarded("sip:bob@example.com;gr=urn:uuid:0003");
  ASSERT_THAT(sent, SizeIs(1));
  EXPECT_EQ(sent[0].message.status(), 480);
}

}  // namespace
}  // namespace convene::registrar
