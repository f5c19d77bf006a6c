#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_stage.h"
#include "cpm/session_offer.h"

// RFC 5547 8.4, R4.2, conversation 14.7: a receiver closes its m-line by a re-INVITE with port 0.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::HasSubstr;
using testing::Not;

struct FileTransferClosing : testing::Test {
  FileTransferClosing() {
    group.begin_file();
    group.accept_file("carol");
    chunk("1-40/65", file_text.substr(0, 40), '+');
    group.sent.clear();
  }
  void chunk(std::string_view range, std::string_view octets, char flag) {
    group.frame(
        "alice-file", "SEND",
        {"Message-ID: file-1", "Byte-Range: " + std::string{range}, "Content-Type: text/plain"},
        octets, flag);
  }
  void finish() { chunk("41-65/65", file_text.substr(40), '$'); }
  sip::Message closing(const std::string& name, int cseq = 2) {
    auto close = group.in_dialog("INVITE", group.file_invites.at(name), cseq);
    close.add(Name::contact, flow("f3-5").header(Name::contact));
    auto description = sdp_of(group.file_invites.at(name));
    const auto at = description.find("m=message ") + 10;
    description.replace(at, description.find(' ', at) - at, "0");
    close.set_body("application/sdp", description);
    return close;
  }
  Group group;
};

TEST_F(FileTransferClosing, is_answered_with_port_0_and_the_same_file) {
  const auto close = closing("bob");
  group.receive(close);

  const auto ok = group.response("INVITE").value();
  EXPECT_EQ(ok.status(), 200);
  EXPECT_THAT(sdp_of(ok), HasSubstr("m=message 0 "));
  const auto asked = cpm::description_of(close).value();
  const auto answered = cpm::description_of(ok).value();
  EXPECT_EQ(answered.media.at(0).attributes.value("file-transfer-id"),
            asked.media.at(0).attributes.value("file-transfer-id"));
}

TEST_F(FileTransferClosing, ends_its_leg_after_the_ack) {
  const auto close = closing("bob");
  group.receive(close);
  EXPECT_FALSE(group.request("BYE"));

  group.receive(group.in_dialog("ACK", group.file_invites.at("bob"), 2));
  EXPECT_TRUE(group.request("BYE"));
  EXPECT_THAT(group.log.text(), HasSubstr("a receiver closed its file"));
}

TEST_F(FileTransferClosing, lets_the_other_receivers_go_on) {
  group.receive(closing("bob"));
  group.hear("bob-file");
  group.hear("carol-file");
  finish();

  EXPECT_THAT(group.hear("carol-file"), HasSubstr("a map."));
  EXPECT_THAT(group.hear("bob-file"), Not(HasSubstr("a map.")));
  EXPECT_FALSE(group.request("BYE", "sip:alice"));
}

// Who does not want the file is not asked again (G-29).
TEST_F(FileTransferClosing, is_not_undone_by_another_invitation) {
  group.receive(closing("bob"));
  group.pass(1min);
  EXPECT_FALSE(group.request("INVITE", "sip:bob"));
}

TEST_F(FileTransferClosing, by_the_last_receiver_ends_the_transfer) {
  for (const auto* name : {"bob", "carol"}) {
    group.receive(closing(name));
    group.receive(group.in_dialog("ACK", group.file_invites.at(name), 2));
  }
  EXPECT_TRUE(group.request("BYE", "sip:alice"));
  EXPECT_EQ(group.focus.snapshot().transfers.size(), 0U);
  EXPECT_EQ(group.focus.snapshot().msrp_sessions, 5U);
}

// Its copy is whole already: closing takes nothing away.
TEST_F(FileTransferClosing, of_a_whole_copy_leaves_it_whole) {
  finish();
  group.hear("bob-file");
  group.hear("carol-file");
  group.receive(closing("bob"));
  EXPECT_EQ(group.status("INVITE"), 200);
  group.end_file();
  group.receive(group.in_dialog("ACK", group.file_invites.at("bob"), 2));
  EXPECT_EQ(group.focus.snapshot().transfers.size(), 0U);
}

}  // namespace
}  // namespace convene::controlling
