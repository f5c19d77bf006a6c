#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/file_transfer.h"
#include "controlling/test_stage.h"

// Conversation 14.10, G-29, RFC 5547 6: file-range, through the focus.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::HasSubstr;
using testing::Not;

struct FileRestTest : testing::Test {
  // 40 of the 65 octets are at the focus, and bob has 40 of them.
  void break_off() {
    group.begin_file();
    group.frame("alice-file", "SEND",
                {"Message-ID: file-1", "Byte-Range: 1-40/65", "Content-Type: text/plain"},
                file_text.substr(0, 40), '+');
    group.pass(1s);
    group.hear("bob-file");
    group.cut("alice-file");
    group.sent.clear();
  }
  sip::Message offer_from(std::uint64_t first, std::string_view last = "65") {
    auto offer = group.file_offer({{"a=sendonly", "a=file-range:" + std::to_string(first) + "-" +
                                                      std::string{last} + "\r\na=sendonly"}});
    return offer;
  }
  int status_of(const sip::Message& offer) {
    group.receive(offer);
    return group.status("INVITE");
  }
  // Bob accepts; alice's new session is "alice-rest".
  void go_on(std::uint64_t first) {
    const auto offer = offer_from(first);
    group.receive(offer);
    group.accept_file("bob");
    const auto ok = group.response("INVITE").value();
    group.acknowledge(ok);
    group.connect("alice-rest", sdp_of(ok), sdp_of(offer));
  }
  void send_rest(std::string_view range, std::string_view octets) {
    group.frame(
        "alice-rest", "SEND",
        {"Message-ID: file-2", "Byte-Range: " + std::string{range}, "Content-Type: text/plain"},
        octets);
  }
  Group group;
};

TEST_F(FileRestTest, is_taken_where_the_beginning_is) {
  break_off();
  EXPECT_EQ(group.focus.snapshot().kept_files, 1U);
  go_on(41);
  EXPECT_EQ(group.focus.snapshot().kept_files, 0U);
  send_rest("1-25/25", file_text.substr(40));
  EXPECT_THAT(group.hear("bob-file"), HasSubstr("a map."));
}

// Who had accepted is offered what it lacks; who had not answered, the whole.
TEST_F(FileRestTest, is_for_each_receiver_what_it_lacks) {
  break_off();
  const auto offer = offer_from(31);
  group.receive(offer);
  const auto to_carol = group.request("INVITE", "sip:carol").value();
  EXPECT_THAT(std::string{to_carol.body()}, Not(HasSubstr("a=file-range")));
  EXPECT_THAT(std::string{group.request("INVITE", "sip:bob").value().body()},
              Not(HasSubstr("a=file-range:31-65")));
}

// RFC 5547 8.3.1: a range that cannot be served is refused.
TEST_F(FileRestTest, is_refused_where_the_beginning_is_not) {
  EXPECT_EQ(status_of(offer_from(41)), 488);
  break_off();
  EXPECT_EQ(status_of(offer_from(42)), 488);        // a gap
  EXPECT_EQ(status_of(offer_from(41, "64")), 488);  // not to the end
  EXPECT_EQ(status_of(offer_from(41, "66")), 488);  // behind the end
  auto other = offer_from(41);
  std::string body{other.body()};
  body.replace(body.find("06:30:56"), 8, "06:30:57");
  other.set_body("multipart/mixed;boundary=b3ft", body);
  EXPECT_EQ(status_of(other), 488);  // another file
  EXPECT_FALSE(group.request("INVITE"));
  EXPECT_EQ(group.focus.snapshot().kept_files, 1U);
}

TEST_F(FileRestTest, is_refused_from_another_sender) {
  break_off();
  auto offer = offer_from(41);
  offer.set(Name::p_asserted_identity, "<sip:bob@example.com>");
  EXPECT_EQ(status_of(offer), 488);
}

// G-31: what comes is not the rest of that file.
TEST_F(FileRestTest, with_another_hash_is_aborted_and_forgotten) {
  break_off();
  go_on(41);
  send_rest("1-25/25", "........................\n");
  EXPECT_THAT(group.log.text(), HasSubstr("SHA-1 of another file"));
  EXPECT_TRUE(group.request("BYE", "sip:bob"));
  EXPECT_EQ(group.focus.snapshot().kept_files, 0U);
  EXPECT_EQ(group.focus.snapshot().bodies, 0U);
}

// What the focus has already, it takes from nobody twice.
TEST_F(FileRestTest, may_begin_before_the_end_of_what_is_here) {
  break_off();
  go_on(31);
  send_rest("1-35/35", file_text.substr(30));
  EXPECT_THAT(group.hear("bob-file"), HasSubstr("a map."));
}

TEST_F(FileRestTest, is_not_kept_of_what_its_sender_aborts) {
  group.begin_file();
  group.frame("alice-file", "SEND",
              {"Message-ID: file-1", "Byte-Range: 1-40/65", "Content-Type: text/plain"},
              file_text.substr(0, 40), '#');
  EXPECT_EQ(group.focus.snapshot().kept_files, 0U);
}

TEST_F(FileRestTest, is_forgotten_after_its_time) {
  break_off();
  group.pass(11min);
  EXPECT_EQ(group.focus.snapshot().kept_files, 0U);
  EXPECT_EQ(group.bodies.bodies(), 0U);
}

// A receiver whose connection broke is invited again, once.
TEST_F(FileRestTest, is_offered_to_a_receiver_whose_connection_broke) {
  group.begin_file();
  group.send_file();
  group.cut("bob-file");
  group.sent.clear();
  group.pass(2s);
  EXPECT_TRUE(group.request("INVITE", "sip:bob"));
}

}  // namespace
}  // namespace convene::controlling
