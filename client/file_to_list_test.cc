#include "client/test_client.h"
#include "cpm/report.h"
#include "cpm/session_offer.h"

namespace convene::client {
namespace {

using testing::Field;
using testing::HasSubstr;
using testing::Optional;

constexpr const char* factory = "sip:conference-factory@example.com";
constexpr const char* bob_address = "sip:bob@example.com";
constexpr const char* carol_address = "sip:carol@example.com";

// A file of alice's to several, in no session. R3.0, RFC 5366 3
struct FileToListTest : ClientTest {
  FileToListTest() { be_alice(); }
  FileToSend file() {
    return {.body = bodies.with("plan"),
            .name = "plan.txt",
            .type = "text/plain",
            .size = 4,
            .wants = {.positive_delivery = true, .negative_delivery = true}};
  }
  Result<std::vector<TransferId>> send(const FileDestination& to, std::size_t count = 1) {
    return client->send_files(to, std::vector<FileToSend>(count, file()), now, out);
  }
  // A report on it by SIP MESSAGE that this address asserts.
  void report(const std::string& id, std::string_view about, std::string_view asserted) {
    cpim::Message original;
    cpim::set_from(original, {.uri = "sip:alice@example.com"});
    cpim::set_imdn_message_id(original, id);
    cpim::set_disposition_notification(original,
                                       {.positive_delivery = true, .negative_delivery = true});
    cpim::set_content(original, "text/plain", {});
    const auto report = cpm::make_report(original, {.disposition = imdn::Disposition::delivery,
                                                    .status = imdn::Status::failed,
                                                    .recipient = {.uri = std::string{about}},
                                                    .message_id = "r-1",
                                                    .date_time = "2025-11-22T10:05:00Z"});
    auto message = sip::Message::request("MESSAGE", "sip:alice@198.51.100.11");
    message.add(Name::via, "SIP/2.0/TCP cf.example.com;branch=z9hG4bKr" + std::to_string(++branch));
    message.add(Name::max_forwards, "70");
    message.add(Name::from, "<" + std::string{asserted} + ">;tag=r");
    message.add(Name::to, "<sip:alice@example.com>");
    message.add(Name::call_id, "r" + std::to_string(branch));
    message.add(Name::cseq, "1 MESSAGE");
    message.add(Name::p_asserted_identity, "<" + std::string{asserted} + ">");
    message.set_body("message/cpim", cpim::to_text(report.value()));
    receive(std::move(message));
  }
};

TEST_F(FileToListTest, goes_through_the_factory_with_the_list) {
  ASSERT_TRUE(send({.list = {bob_address, carol_address}}));
  const auto request = sent("INVITE");
  EXPECT_EQ(request.uri(), factory);
  EXPECT_EQ(request.header(Name::require), "recipient-list-invite");
  EXPECT_THAT(std::string{request.header(Name::accept_contact)}, HasSubstr("filetransfer"));
  const auto list = cpm::recipient_list_of(request).value_or("");
  EXPECT_THAT(list, HasSubstr(bob_address));
  EXPECT_THAT(list, HasSubstr(carol_address));
  EXPECT_THAT(std::string{request.body()}, HasSubstr("a=file-selector:name:\"plan.txt\""));
}

// R4.7e: into a group no list goes.
TEST_F(FileToListTest, is_not_what_a_group_gets) {
  const auto group = alice_in_group();
  out = {};
  ASSERT_TRUE(client->send_file(group, file(), now, out));
  const auto request = sent("INVITE");
  EXPECT_FALSE(cpm::recipient_list_of(request));
  EXPECT_FALSE(request.has(Name::require));
}

// A24
TEST_F(FileToListTest, is_one_to_a_transfer) {
  const auto sent = send({.list = {bob_address, carol_address}}, 2);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().fault, Fault::unsupported);
}

TEST_F(FileToListTest, needs_addresses_that_can_be_reached) {
  for (const auto* wrong : {"http://example.com", "bob", "sip:alice@example.com"}) {
    EXPECT_FALSE(send({.list = {wrong}})) << wrong;
  }

  std::vector<std::string> many;
  for (int i = 0; i < 1'001; ++i) many.push_back("sip:user" + std::to_string(i) + "@example.com");
  EXPECT_EQ(send({.list = many}).error().fault, Fault::too_large);
  EXPECT_TRUE(is_silent());
}

TEST_F(FileToListTest, needs_a_factory) {
  auto settings = alice();
  settings.conference_factory.clear();
  be(settings, "198.51.100.11");
  EXPECT_FALSE(send({.list = {bob_address, carol_address}}));
}

// RFC 5438 8: who made the copies tells of those that failed.
TEST_F(FileToListTest, is_reported_by_the_factory) {
  const auto transfer = send({.list = {bob_address, carol_address}}).value().front();
  const auto id = client->transfer(transfer)->imdn_id;
  report(id, carol_address, "sip:mallory@example.com");
  EXPECT_FALSE(event<DeliveryReport>());
  report(id, carol_address, factory);
  EXPECT_THAT(event<DeliveryReport>(), Optional(Field(&DeliveryReport::recipient, carol_address)));
  const auto known = client->deliveries(id);
  ASSERT_EQ(known.size(), 2U);
  EXPECT_FALSE(known[0].delivery);
  EXPECT_EQ(known[1].delivery, imdn::Status::failed);
}

// R3.0: the same of a pre-defined group that it went to.
TEST_F(FileToListTest, to_a_predefined_group_is_reported_by_the_group) {
  const auto transfer = send({.address = "sip:hikers@example.com"}).value().front();
  const auto id = client->transfer(transfer)->imdn_id;
  report(id, carol_address, factory);
  EXPECT_FALSE(event<DeliveryReport>());
  report(id, carol_address, "sip:hikers@example.com");
  EXPECT_THAT(event<DeliveryReport>(), Optional(Field(&DeliveryReport::recipient, carol_address)));
}

}  // namespace
}  // namespace convene::client
