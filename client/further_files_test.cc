#include "client/test_client.h"

namespace convene::client {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string two_files = "051-f9-1-invite-with-two-m-lines.txt";
const std::string reuse = "053-f9-3-re-invite-m-line-1-reused-for-a-new-file-new-id-m-line-.txt";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}
std::string body_of(const std::string& name) {
  return std::string{sip::parse_message(flow(name)).value().body()};
}
// The m-line sections of a description.
std::vector<std::string> lines_of(std::string_view description) {
  std::vector<std::string> lines;
  for (auto at = description.find("m="); at != description.npos;) {
    const auto next = description.find("m=", at + 2);
    lines.emplace_back(description.substr(at, next - at));
    at = next;
  }
  return lines;
}

// Bob has been offered the two files of flow F9.1, and takes them. RFC 5547 8.3.1
struct FurtherFilesTest : ClientTest {
  void SetUp() override {
    be_listening(true);
    receive(replaced(flow(two_files), "\r\n",
                     "\r\nRecord-Route: <sip:pf-b.example.com;transport=tcp;lr>\r\n"));
    ok = answered(200);
    receive(request_in(ok, "ACK", 1));
    told = events();
    out = {};
  }
  void be_listening(bool accepts) {
    auto settings = bob();
    settings.accept_files = accepts;
    client.emplace(settings, Surroundings{random, log, calendar}, bodies);
    client->start({.sip = {.udp = {}, .tcp = sip::HostPort{"198.51.100.12", 5060}, .tls = {}},
                   .msrp = {"198.51.100.12", 2900}},
                  now, out);
  }
  void offer_again(std::string_view body) {
    auto again = request_in(ok, "INVITE", ++cseq);
    again.add(Name::contact, "<sip:alice@198.51.100.11:5060;transport=tcp>");
    again.set_body("application/sdp", body);
    receive(std::move(again));
  }
  std::vector<FileOffered> offers() {
    std::vector<FileOffered> found;
    for (const auto& one : told) {
      if (const auto* offered = std::get_if<FileOffered>(&one)) found.push_back(*offered);
    }
    return found;
  }

  sip::Message ok = sip::Message::response(699);
  std::vector<Event> told;
  std::uint32_t cseq = 1;
};

// R4.1e; flow F9.2
TEST_F(FurtherFilesTest, takes_each_file_on_an_m_line_of_its_own) {
  ASSERT_THAT(offers(), SizeIs(2));
  EXPECT_EQ(offers()[0].name, "plan.txt");
  EXPECT_EQ(offers()[1].name, "list.txt");
  const auto lines = lines_of(ok.body());
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0], HasSubstr("a=file-transfer-id:M1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"));
  EXPECT_THAT(lines[1], HasSubstr("a=file-transfer-id:M2bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n"));
  EXPECT_EQ(client->media_sessions(), 2U);
}

// R4.2b.i, R4.2b.ii; flows F9.3, F9.4
TEST_F(FurtherFilesTest, lets_an_m_line_carry_another_file_and_closes_the_other) {
  offer_again(body_of(reuse));
  const auto answer = answered(200);
  told = events();
  ASSERT_THAT(offers(), SizeIs(1));
  EXPECT_EQ(offers()[0].name, "emergency.txt");
  const auto lines = lines_of(answer.body());
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0], HasSubstr("m=message 2900"));
  EXPECT_THAT(lines[0], HasSubstr("a=file-transfer-id:M3cccccccccccccccccccccccccccccccc\r\n"));
  EXPECT_THAT(lines[1], HasSubstr("m=message 0"));
  EXPECT_THAT(lines[1], HasSubstr("a=file-transfer-id:M2bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n"));
  EXPECT_EQ(client->media_sessions(), 1U);
}

// Conversation 14.2: the same id and the same file: nothing happens.
TEST_F(FurtherFilesTest, answers_a_repetition_as_before) {
  offer_again(body_of(two_files));
  const auto answer = answered(200);
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(lines_of(answer.body()), lines_of(ok.body()));
  EXPECT_EQ(client->media_sessions(), 2U);
}

// ... the same id and another file: an error, and its m-line is closed.
TEST_F(FurtherFilesTest, closes_the_m_line_of_an_id_that_means_two_files) {
  offer_again(replaced(body_of(two_files), "name:\"plan.txt\"", "name:\"other.txt\""));
  const auto lines = lines_of(answered(200).body());
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0], HasSubstr("m=message 0"));
  EXPECT_THAT(lines[1], HasSubstr("m=message 2900"));
  EXPECT_EQ(event<FileFailed>()->transfer, offers()[0].transfer);
}

// ... another id and the same file: a transfer of its own, which ends the one before.
TEST_F(FurtherFilesTest, begins_anew_with_another_id) {
  offer_again(replaced(body_of(two_files), "M1aaaa", "M9aaaa"));
  answered(200);
  const auto before = offers()[0].transfer;
  told = events();
  ASSERT_THAT(offers(), SizeIs(1));
  EXPECT_EQ(offers()[0].name, "plan.txt");
  EXPECT_THAT(told, testing::Contains(testing::VariantWith<FileFailed>(
                        testing::Field(&FileFailed::transfer, before))));
}

TEST_F(FurtherFilesTest, refuses_fewer_m_lines_than_there_were) {
  const auto body = body_of(two_files);
  offer_again(body.substr(0, body.find("m=", body.find("m=") + 2)));
  answered(488);
  EXPECT_EQ(client->media_sessions(), 2U);
}

// RFC 3261 14.2: what the user has not said yet, is not answered yet.
TEST_F(FurtherFilesTest, asks_before_it_takes_another_file) {
  be_listening(false);
  receive(replaced(flow(two_files), "\r\n",
                   "\r\nRecord-Route: <sip:pf-b.example.com;transport=tcp;lr>\r\n"));
  told = events();
  for (const auto& one : offers()) ASSERT_TRUE(client->accept_file(one.transfer, now, out));
  ok = answered(200);
  receive(request_in(ok, "ACK", 1));
  out = {};

  offer_again(body_of(reuse));
  told = events();
  ASSERT_THAT(offers(), SizeIs(1));
  EXPECT_TRUE(is_silent());
  ASSERT_TRUE(client->decline_file(offers()[0].transfer, {}, now, out));
  EXPECT_THAT(lines_of(answered(200).body())[0], HasSubstr("m=message 0"));
}

// Nobody takes the files that are over, and hangs up: we do.
TEST_F(FurtherFilesTest, hangs_up_when_all_was_taken_back) {
  auto body = body_of(two_files);
  for (int i = 0; i < 2; ++i) body = replaced(body, "m=message 9 ", "m=message 0 ");
  offer_again(body);
  answered(200);
  auto ack = request_in(ok, "ACK", cseq);
  receive(std::move(ack));
  EXPECT_EQ(client->media_sessions(), 0U);
  wait(31s);
  sent("BYE");
}

}  // namespace
}  // namespace convene::client
