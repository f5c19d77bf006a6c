#include "client/test_client.h"

namespace convene::client {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string plan = "Trail plan: meet 08:30 at the north gate, bring water and a map.\n";
const std::string offer = "019-f3-2-cf-to-bob-ft-invite-icon-and-wrapper-kept.txt";
const std::string plain_offer = "020-f3-3-cf-to-carol-ft-invite-icon-and-wrapper-filtered.txt";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}
// As it comes from Bob's own proxy.
std::string flow_to_bob(const std::string& name) {
  return replaced(flow(name), "\r\n",
                  "\r\nRecord-Route: <sip:pf-b.example.com;transport=tcp;lr>\r\n");
}

struct FileReceivingTest : ClientTest {
  void SetUp() override { be_bob(); }

  TransferId offered(const std::string& text) {
    receive(text);
    const auto event = this->event<FileOffered>();
    return event ? event->transfer : TransferId{};
  }
  static std::string path_of(std::string_view message) {
    const auto at = message.find("a=path:") + 7;
    return std::string{message.substr(at, message.find("\r\n", at) - at)};
  }
  msrp::ConnectionId accepted(const std::string& text) {
    theirs = path_of(text);
    transfer = offered(text);
    const auto accepted = client->accept_file(transfer, now, out);
    if (!accepted) ADD_FAILURE() << accepted.error().detail;
    ok = answered(200);
    receive(request_in(ok, "ACK", 1));
    const auto connection = connect();
    confirm(connection, written(connection));
    return connection;
  }
  std::string chunk(const std::string& range, const std::string& body, const std::string& type,
                    char flag) {
    return "MSRP cb31 SEND\r\nTo-Path: " + path_of(ok.body()) + "\r\nFrom-Path: " + theirs +
           "\r\nMessage-ID: cf-file-bob\r\nByte-Range: " + range + "\r\nFailure-Report: yes\r\n" +
           "Content-Type: " + type + "\r\n\r\n" + body + "\r\n-------cb31" + flag + "\r\n";
  }
  void octets(msrp::ConnectionId connection, const std::string& body,
              const std::string& type = "text/plain", std::string total = {}, char flag = '$') {
    const auto size = std::to_string(body.size());
    says(connection, chunk("1-" + size + "/" + (total.empty() ? size : total), body, type, flag));
  }

  TransferId transfer;
  std::string theirs;  // the path of the sender
  sip::Message ok = sip::Message::response(699);
};

// Flow F3.2
TEST_F(FileReceivingTest, shows_what_is_offered) {
  receive(flow_to_bob(offer));
  const auto file = event<FileOffered>();
  ASSERT_TRUE(file);
  EXPECT_EQ(file->name, "plan.txt");
  EXPECT_EQ(file->type, "text/plain");
  EXPECT_EQ(file->size, 65);
  EXPECT_EQ(file->sha1.size(), 20);
  EXPECT_EQ(file->from, (Person{"sip:alice@example.com", "Alice"}));
  ASSERT_TRUE(file->thumbnail);
  EXPECT_EQ(file->thumbnail->type, "image/png");
  EXPECT_THAT(file->thumbnail->octets, HasSubstr("PNG"));
  EXPECT_EQ(sent().status(), 180);
}

// Conversation 14.2; flow F3.5
TEST_F(FileReceivingTest, accepts_with_selector_and_id_mirrored) {
  auto settings = bob();
  settings.max_file_size = 10'485'760;
  be(settings, "198.51.100.12");
  accepted(flow_to_bob(offer));
  EXPECT_EQ(essence(ok),
            essence(flow("022-f3-5-bob-200-ok-answer-selector-and-id-copied-no-icon-no-dis.txt")));
  EXPECT_THAT(std::string{ok.body()},
              HasSubstr("a=file-transfer-id:Zk21bobQ0w8e7r6t5y4u3i2o1p0a9s8d7"));
}

// Flows F3.11, F3.13
TEST_F(FileReceivingTest, gives_the_file_to_its_user) {
  octets(accepted(flow_to_bob(plain_offer)), plan);

  const auto file = event<FileReceived>();
  ASSERT_TRUE(file);
  EXPECT_EQ(file->transfer, transfer);
  EXPECT_EQ(bodies.octets(file->body), plan);
  EXPECT_TRUE(file->hash_was_checked);
  EXPECT_EQ(bodies.bodies(), 1);

  receive(request_in(ok, "BYE", 2));
  EXPECT_FALSE(event<FileFailed>());
  EXPECT_EQ(client->dialogs(), 0);
  EXPECT_EQ(client->media_sessions(), 0);
}

// RFC 5547 8.4, flow F11.1: 413 to what still comes; the sender hangs up, or we do.
TEST_F(FileReceivingTest, stops_a_file_that_is_under_way) {
  const auto connection = accepted(flow_to_bob(plain_offer));
  octets(connection, plan.substr(0, 40), "text/plain", "65", '+');
  written(connection);
  ASSERT_TRUE(client->cancel_file(transfer, now, out));

  EXPECT_EQ(event<FileFailed>()->reason, "cancelled");
  EXPECT_EQ(bodies.bodies(), 0);
  EXPECT_TRUE(is_silent());

  says(connection, chunk("41-65/65", plan.substr(40), "text/plain", '$'));
  EXPECT_THAT(written(connection), HasSubstr("MSRP cb31 413 "));

  wait(2s);
  sent("BYE");
  EXPECT_FALSE(event<FileFailed>());
  EXPECT_EQ(client->media_sessions(), 0);
}

// Flow F3.14: one IMDN-Record-Route. Flow F4.3: two of them, in the same order.
TEST_F(FileReceivingTest, reports_by_message_along_the_way_the_offer_came) {
  octets(accepted(flow_to_bob(offer)), plan);
  const auto report = sent("MESSAGE");
  const auto example = flow("031-f3-14-bob-message-with-the-ft-delivery-report-request-uri-to.txt");
  EXPECT_EQ(report.uri(), "sip:grp-8d21@cf.example.com");
  EXPECT_EQ(essence(std::string{report.body()}),
            essence(example.substr(example.find("\r\n\r\n") + 4)));
}

TEST_F(FileReceivingTest, reports_along_two_hops) {
  octets(accepted(flow_to_bob("034-f4-2-pf-b-to-bob-deferred-ft-invite.txt")), plan);
  EXPECT_EQ(essence(sent("MESSAGE")),
            essence(flow("035-f4-3-bob-message-report-two-imdn-route-entries-in-the-same-o.txt")));
}

// Conversation 14.3
TEST_F(FileReceivingTest, takes_off_a_wrapper) {
  octets(accepted(flow_to_bob(plain_offer)),
         "From: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\n\r\n"
         "Content-Type: text/plain\r\n\r\n" +
             plan,
         "message/cpim");
  const auto file = event<FileReceived>();
  ASSERT_TRUE(file);
  EXPECT_EQ(bodies.octets(file->body), plan);
  EXPECT_EQ(bodies.bodies(), 1);
}

TEST_F(FileReceivingTest, refuses_a_file_of_another_hash) {
  auto other = plan;
  other[3] = 'y';
  octets(accepted(flow_to_bob(plain_offer)), other);
  EXPECT_EQ(event<FileFailed>()->reason, "another hash than was offered");
  EXPECT_EQ(bodies.bodies(), 0);
  sent("BYE");
}

TEST_F(FileReceivingTest, refuses_a_file_of_another_size) {
  octets(accepted(flow_to_bob(plain_offer)), plan + "!");
  EXPECT_TRUE(event<FileFailed>());
  EXPECT_EQ(bodies.bodies(), 0);
}

TEST_F(FileReceivingTest, fails_when_its_sender_hangs_up_half_way) {
  accepted(flow_to_bob(plain_offer));
  receive(request_in(ok, "BYE", 2));
  EXPECT_EQ(event<FileFailed>()->transfer, transfer);
  EXPECT_EQ(bodies.bodies(), 0);
  EXPECT_EQ(client->media_sessions(), 0);
}

TEST_F(FileReceivingTest, fails_when_the_connection_is_lost) {
  const auto connection = accepted(flow_to_bob(plain_offer));
  client->msrp_closed(connection, now, out);
  wait(60s);
  EXPECT_TRUE(event<FileFailed>());
  sent("BYE");
}

TEST_F(FileReceivingTest, hangs_up_when_its_sender_does_not) {
  octets(accepted(flow_to_bob(plain_offer)), plan);
  out = {};
  wait(29s);
  EXPECT_TRUE(is_silent());
  wait(1s);
  sent("BYE");
  EXPECT_THAT(events(), IsEmpty());
}

TEST_F(FileReceivingTest, refuses_a_file_that_is_too_large) {
  auto settings = bob();
  settings.max_file_size = 64;
  be(settings, "198.51.100.12");
  receive(flow_to_bob(plain_offer));
  const auto response = sent();
  EXPECT_EQ(response.status(), 403);
  EXPECT_THAT(response.header(Name::warning), HasSubstr("133 Size exceeded"));
  EXPECT_THAT(events(), IsEmpty());
}

// Flow F3.6
TEST_F(FileReceivingTest, refuses_every_file_when_it_only_chats) {
  auto settings = bob();
  settings.services = {};
  settings.chat_only = true;
  be(settings, "198.51.100.12");
  receive(flow_to_bob(plain_offer));
  EXPECT_EQ(sent().status(), 488);
}

TEST_F(FileReceivingTest, declines_an_offer) {
  const auto id = offered(flow_to_bob(plain_offer));
  ASSERT_TRUE(client->decline_file(id, {}, now, out));
  answered(480);
  EXPECT_FALSE(client->transfer(id));
}

TEST_F(FileReceivingTest, lets_an_offer_time_out) {
  offered(flow_to_bob(plain_offer));
  out = {};
  wait(60s);
  answered(408);
  EXPECT_EQ(event<FileFailed>()->status, 408);
}

// RFC 5547 8.2: nothing of ours is given away.
TEST_F(FileReceivingTest, refuses_to_be_asked_for_a_file) {
  receive(replaced(flow_to_bob(plain_offer), "a=sendonly", "a=recvonly"));
  EXPECT_EQ(sent().status(), 488);
}

// CPM 7.3.2 (3) c
TEST_F(FileReceivingTest, hides_a_sender_who_asked_for_privacy) {
  receive(replaced(flow_to_bob(plain_offer), "\r\n", "\r\nPrivacy: id\r\n"));
  EXPECT_EQ(event<FileOffered>()->from, Person{});
}

TEST_F(FileReceivingTest, has_room_for_so_many_transfers) {
  auto settings = bob();
  settings.max_transfers = 1;
  be(settings, "198.51.100.12");
  receive(flow_to_bob(plain_offer));
  out = {};
  receive(flow_to_bob(offer));
  EXPECT_EQ(sent().status(), 480);
}

TEST_F(FileReceivingTest, accepts_by_itself_when_told_so) {
  auto settings = bob();
  settings.accept_files = true;
  be(settings, "198.51.100.12");
  receive(flow_to_bob(plain_offer));
  EXPECT_EQ(sent().status(), 200);
  EXPECT_TRUE(event<FileOffered>());
}

}  // namespace
}  // namespace convene::client
