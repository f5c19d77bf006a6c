#include "controlling/agreed_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_stage.h"
#include "cpm/session_offer.h"

// RFC 3264 6, 8; RFC 5547 8.1, 8.4: a later offer in the dialog of a file is answered line by line.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string another_line =
    "m=message 9 TCP/MSRP *\r\na=sendonly\r\na=accept-types:*\r\na=setup:active\r\n"
    "a=path:msrp://198.51.100.11:9/other;tcp\r\n"
    "a=file-selector:name:\"other.txt\" type:text/plain size:9\r\n"
    "a=file-transfer-id:otherotherotherotherotherother12\r\n";

std::vector<std::uint16_t> ports_of(const sip::Message& message) {
  std::vector<std::uint16_t> ports;
  const auto description = cpm::description_of(message).value();
  for (const auto& line : description.media) ports.push_back(line.port);
  return ports;
}
std::uint64_t version_of(const sip::Message& message) {
  return cpm::description_of(message).value().origin.version;
}
// All m-lines of the description, or the n-th, with port 0.
std::string with_port_0(std::string description, std::size_t line = 0) {
  auto at = description.find("m=message ");
  for (; line > 0; --line) at = description.find("m=message ", at + 1);
  at += std::string_view{"m=message "}.size();
  return description.replace(at, description.find(' ', at) - at, "0");
}

// Alice sends a file to a group; bob takes it.
struct AgreedFileTest : testing::Test {
  AgreedFileTest() {
    group.begin_file();
    group.frame("alice-file", "SEND",
                {"Message-ID: file-1", "Byte-Range: 1-40/65", "Content-Type: text/plain"},
                file_text.substr(0, 40), '+');
    group.sent.clear();
  }
  // The sender's, or a receiver's; its answer.
  sip::Message offer_again(const std::string& who, const std::string& description,
                           std::string_view method = "INVITE") {
    const auto& dialog = who == "alice" ? group.file_ok : group.file_invites.at(who);
    auto again = group.in_dialog(std::string{method}, dialog, ++cseq);
    again.add(Name::contact, flow(who == "alice" ? "f3-1" : "f3-5").header(Name::contact));
    if (!description.empty()) again.set_body("application/sdp", description);
    group.receive(again);
    const auto response = group.response(std::string{method});
    if (!response) return sip::Message::response(699);
    if (method == "INVITE") group.receive(group.in_dialog("ACK", dialog, cseq));
    return *response;
  }
  std::string offer_of(const std::string& who) {
    return who == "alice" ? sdp_of(flow("f3-1")) : sdp_of(group.file_invites.at(who));
  }
  bool runs() { return group.focus.snapshot().transfers.size() == 1; }
  Group group;
  int cseq = 1;
};

struct AgreedFileOf : AgreedFileTest, testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(, AgreedFileOf, testing::Values("alice", "bob"));

// RFC 3264 8: a new m-line is answered in its place, and refused.
TEST_P(AgreedFileOf, goes_on_beside_a_new_m_line) {
  const auto first = version_of(offer_again(GetParam(), offer_of(GetParam())));
  const auto ok = offer_again(GetParam(), offer_of(GetParam()) + another_line);
  ASSERT_EQ(ok.status(), 200);
  EXPECT_THAT(ports_of(ok), ElementsAre(Not(0), 0));
  EXPECT_EQ(version_of(ok), first + 1);
  EXPECT_TRUE(runs());
}

TEST_P(AgreedFileOf, goes_on_beside_an_m_line_that_is_closed) {
  const auto ok = offer_again(GetParam(), with_port_0(offer_of(GetParam()) + another_line, 1));
  ASSERT_EQ(ok.status(), 200);
  EXPECT_THAT(ports_of(ok), ElementsAre(Not(0), 0));
  EXPECT_TRUE(runs());
}

TEST_P(AgreedFileOf, is_closed_by_its_own_m_line_only) {
  const auto ok = offer_again(GetParam(), with_port_0(offer_of(GetParam()) + another_line));
  ASSERT_EQ(ok.status(), 200);
  EXPECT_THAT(ports_of(ok), ElementsAre(0, 0));
  EXPECT_TRUE(group.request("BYE"));
}

// RFC 3264 8: the version says whether something has changed.
TEST_P(AgreedFileOf, has_another_version_when_it_has_changed) {
  const auto first = offer_again(GetParam(), offer_of(GetParam()));
  const auto again = offer_again(GetParam(), offer_of(GetParam()));
  EXPECT_EQ(again.body(), first.body());
  const auto more = offer_again(GetParam(), offer_of(GetParam()) + another_line);
  const auto same = offer_again(GetParam(), offer_of(GetParam()) + another_line);
  EXPECT_EQ(version_of(more), version_of(first) + 1);
  EXPECT_EQ(same.body(), more.body());
}

TEST_P(AgreedFileOf, refuses_fewer_m_lines_than_there_were) {
  offer_again(GetParam(), offer_of(GetParam()) + another_line);
  EXPECT_EQ(offer_again(GetParam(), offer_of(GetParam())).status(), 488);
  EXPECT_TRUE(runs());
}

TEST_P(AgreedFileOf, refuses_another_file_in_its_place) {
  auto other = offer_of(GetParam());
  other.replace(other.find("file-transfer-id:") + 17, 8, "another1");
  EXPECT_EQ(offer_again(GetParam(), other).status(), 488);
  EXPECT_TRUE(runs());
}

// RFC 3261 14.2: without an offer ours is made again, with all its m-lines.
TEST_P(AgreedFileOf, is_offered_again_where_no_offer_comes) {
  offer_again(GetParam(), offer_of(GetParam()) + another_line);
  const auto ok = offer_again(GetParam(), {});
  EXPECT_THAT(ports_of(ok), ElementsAre(Not(0), 0));
}

// RFC 3311 5.2, conversation 8
TEST_P(AgreedFileOf, is_not_described_in_an_update_without_an_offer) {
  const auto ok = offer_again(GetParam(), {}, "UPDATE");
  EXPECT_EQ(ok.status(), 200);
  EXPECT_TRUE(ok.body().empty());
}

// RFC 5547 8.3.1
TEST_F(AgreedFileTest, is_answered_without_icon_disposition_and_date) {
  const auto ok = offer_again("bob", offer_of("bob"));
  EXPECT_THAT(std::string{ok.body()}, HasSubstr("file-transfer-id"));
  for (const auto* name : {"file-icon", "file-disposition", "file-date"}) {
    EXPECT_THAT(std::string{ok.body()}, Not(HasSubstr(name)));
  }
}

}  // namespace
}  // namespace convene::controlling
