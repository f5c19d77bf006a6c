#include "base/hash.h"
#include "client/test_client.h"

namespace convene::client {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string plan = "Trail plan: meet 08:30 at the north gate, bring water and a map.\n";

// RFC 5547 8.2
struct FilePullTest : ClientTest {
  void SetUp() override { be_alice(); }
  std::string asked(WantedFile file) {
    const auto id =
        client->request_file({.address = "sip:bob@example.com"}, std::move(file), now, out);
    if (!id) ADD_FAILURE() << id.error().detail;
    invite = sent("INVITE");
    return std::string{invite.body()};
  }
};

// R4.1d.ii
TEST_F(FilePullTest, says_all_that_is_known_of_the_file) {
  const auto offer = asked({.name = "plan.txt",
                            .type = "text/plain",
                            .size = plan.size(),
                            .sha1 = digest_of(Digest::sha1, plan)});
  EXPECT_THAT(offer, HasSubstr("a=recvonly\r\n"));
  EXPECT_THAT(offer, HasSubstr("a=file-selector:name:\"plan.txt\" type:text/plain size:65 "
                               "hash:sha-1:06:30:56:28:9A:2C:6D:69:D6:E4:C3:04:7C:6C:CB:15:2E:B8:"
                               "E6:4E\r\n"));
  EXPECT_THAT(offer, Not(HasSubstr("a=file-icon")));
  EXPECT_THAT(offer, Not(HasSubstr("a=file-disposition")));
}

// R4.1d.ii
TEST_F(FilePullTest, says_nothing_that_is_not_known) {
  EXPECT_THAT(asked({.name = "plan.txt"}), HasSubstr("a=file-selector:name:\"plan.txt\"\r\n"));
}

TEST_F(FilePullTest, wants_to_know_something) {
  EXPECT_FALSE(client->request_file({.address = "sip:bob@example.com"}, {}, now, out));
}

// R4.1a, R4.1b: a file transfer like any other.
TEST_F(FilePullTest, asks_for_the_file_transfer_service) {
  asked({.name = "plan.txt"});
  EXPECT_EQ(invite.header(Name::accept_contact),
            "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.filetransfer\"");
  EXPECT_EQ(invite.uri(), "sip:bob@example.com");
}

// Conversation 14.4: what is given is what was asked for.
TEST_F(FilePullTest, does_not_take_another_file) {
  const auto offer = asked({.name = "plan.txt"});
  const auto at = offer.find("a=file-transfer-id:");
  const auto id = offer.substr(at, offer.find("\r\n", at) + 2 - at);
  auto response = sip::make_response(invite, 200, "script");
  response.add(Name::contact, "<sip:bob@198.51.100.12:5060;transport=tcp>");
  response.set_body("application/sdp",
                    "v=0\r\no=- 8101 1 IN IP4 198.51.100.12\r\ns=-\r\nc=IN IP4 198.51.100.12\r\n"
                    "t=0 0\r\nm=message 2900 TCP/MSRP *\r\na=sendonly\r\n"
                    "a=accept-types:message/cpim text/plain\r\na=setup:passive\r\n"
                    "a=path:msrp://198.51.100.12:2900/bob8;tcp\r\n"
                    "a=file-selector:name:\"virus.exe\" type:text/plain size:65\r\n" +
                        id);
  receive(std::move(response));
  EXPECT_EQ(event<FileFailed>()->status, 488);
  sent("BYE");
}

// G-30
TEST_F(FilePullTest, asks_no_group) {
  const auto group = alice_in_group();
  const auto id = client->request_file({.group = group}, {.name = "plan.txt"}, now, out);
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().fault, Fault::unsupported);
}

}  // namespace
}  // namespace convene::client
