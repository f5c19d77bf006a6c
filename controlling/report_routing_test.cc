#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_stage.h"

// Conversation 11, RFC 5438 8: disposition notifications through the focus.
namespace convene::controlling {
namespace {

using testing::HasSubstr;
using testing::Not;

// The CPIM message in the first SEND of an MSRP text.
std::string cpim_in(std::string_view msrp) {
  const auto begin = msrp.find("\r\n\r\n") + 4;
  return std::string{msrp.substr(begin, msrp.find("\r\n-------", begin) - begin)};
}
std::string message_of(std::string_view label) { return cpim_in(cpm::flow_text(label)); }

std::string with(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

// Alice has said F2.1 to bob, carol and dave, who heard it; erin has left.
struct ReportRouting : testing::Test {
  ReportRouting() {
    group.leave("erin");
    group.say("alice", message_of("f2-1"));
    everybody_hears();
    group.sent.clear();
  }
  void everybody_hears() {
    for (const auto* name : {"alice", "bob", "carol", "dave"}) group.hear(name);
  }
  int report(const std::string& name, const std::string& text) {
    const auto status = group.status_heard(name, group.say(name, text));
    return status;
  }
  std::size_t dropped() { return group.focus.snapshot().groups.front().dropped_reports; }

  const std::string of_bob = message_of("f2-4");
  const std::string displayed_by_bob = with(
      with(of_bob, "<delivery-notification><status><delivered/></status></delivery-notification>",
           "<display-notification><status><displayed/></status></display-notification>"),
      "Content-Length: 300", "Content-Length: 298");
  Group group;
};

// F2.4
TEST_F(ReportRouting, gives_a_report_to_its_addressee_alone) {
  EXPECT_EQ(report("bob", of_bob), 200);

  EXPECT_THAT(group.hear("alice"), HasSubstr("<message-id>m-7Qx2Lr9</message-id>"));
  EXPECT_EQ(group.hear("carol"), "");
  EXPECT_EQ(group.hear("dave"), "");
  EXPECT_EQ(dropped(), 0U);
}

TEST_F(ReportRouting, sends_a_report_to_who_is_not_in_the_session_as_a_page) {
  group.receive(group.bye("alice"));
  group.sent.clear();

  EXPECT_EQ(report("bob", of_bob), 200);

  const auto page = group.request("MESSAGE", "sip:alice").value();
  EXPECT_THAT(std::string{page.body()}, HasSubstr("m-7Qx2Lr9"));
}

// Conversation 11: the connection breaks before the report is answered.
TEST_F(ReportRouting, sends_a_report_that_was_on_its_way_again_as_a_page) {
  group.answers_sends = false;
  group.say("bob", of_bob);
  group.hear("alice");
  group.sent.clear();

  group.cut("alice");

  const auto page = group.request("MESSAGE", "sip:alice").value();
  EXPECT_THAT(std::string{page.body()}, HasSubstr("m-7Qx2Lr9"));
}

TEST_F(ReportRouting, sends_a_report_that_was_on_its_way_again_when_its_addressee_hangs_up) {
  group.answers_sends = false;
  group.say("bob", of_bob);
  group.hear("alice");
  group.sent.clear();

  group.receive(group.bye("alice"));

  EXPECT_TRUE(group.request("MESSAGE", "sip:alice"));
}

TEST_F(ReportRouting, does_not_send_again_what_has_arrived) {
  EXPECT_EQ(report("bob", of_bob), 200);
  EXPECT_THAT(group.hear("alice"), HasSubstr("m-7Qx2Lr9"));
  group.sent.clear();

  group.cut("alice");
  group.receive(group.bye("alice"));

  EXPECT_FALSE(group.request("MESSAGE", "sip:alice"));
}

// Conversation 11: the sender is gone, and comes back
TEST_F(ReportRouting, keeps_a_report_for_who_cannot_be_reached_until_it_is_back) {
  group.receive(group.bye("alice"));
  group.sent.clear();
  EXPECT_EQ(report("bob", of_bob), 200);
  group.answer(group.request("MESSAGE", "sip:alice").value(), 480);

  auto rejoin = group.fresh("f7-1", group.focus_uri);
  group.receive(rejoin);
  const auto ok = group.response("INVITE").value();
  group.acknowledge(ok);
  group.connect("alice", sdp_of(ok), sdp_of(rejoin));

  EXPECT_THAT(group.hear("alice"), HasSubstr("<message-id>m-7Qx2Lr9</message-id>"));
}

TEST_F(ReportRouting, does_not_keep_a_report_that_its_addressee_refuses) {
  group.receive(group.bye("alice"));
  group.sent.clear();
  EXPECT_EQ(report("bob", of_bob), 200);
  group.answer(group.request("MESSAGE", "sip:alice").value(), 403);

  auto rejoin = group.fresh("f7-1", group.focus_uri);
  group.receive(rejoin);
  const auto ok = group.response("INVITE").value();
  group.acknowledge(ok);
  group.connect("alice", sdp_of(ok), sdp_of(rejoin));

  EXPECT_THAT(group.hear("alice"), Not(HasSubstr("m-7Qx2Lr9")));
}

TEST_F(ReportRouting, sends_a_report_also_to_who_has_left_the_group) {
  group.leave("alice");
  group.sent.clear();

  EXPECT_EQ(report("bob", of_bob), 200);

  EXPECT_TRUE(group.request("MESSAGE", "sip:alice"));
}

// RFC 5438 7.2.1: once of each kind
TEST_F(ReportRouting, passes_each_kind_on_once) {
  EXPECT_EQ(report("bob", of_bob), 200);
  EXPECT_THAT(group.hear("alice"), HasSubstr("<delivered/>"));
  EXPECT_EQ(report("bob", of_bob), 200);
  EXPECT_EQ(report("bob", displayed_by_bob), 200);

  const auto heard = group.hear("alice");
  EXPECT_THAT(heard, HasSubstr("<displayed/>"));
  EXPECT_THAT(heard, Not(HasSubstr("<delivered/>")));
  EXPECT_EQ(dropped(), 1U);
}

// Reliability, abuse: on a message that one never received
TEST_F(ReportRouting, drops_and_counts_what_is_about_nothing) {
  EXPECT_EQ(report("bob", with(of_bob, "m-7Qx2Lr9", "m-never-s")), 403);
  EXPECT_EQ(report("bob", with(with(of_bob, "delivered/", "failed/"), "Content-Length: 300",
                               "Content-Length: 297")),
            403)
      << "nobody asked for failures";

  EXPECT_EQ(group.hear("alice"), "");
  EXPECT_EQ(dropped(), 2U);
}

TEST_F(ReportRouting, drops_reports_of_who_was_not_there) {
  group.say("bob", with(message_of("f2-1"), "m-7Qx2Lr9", "m-of-bob1"));
  everybody_hears();
  auto page = group.fresh("f3-14", group.focus_uri);
  page.set(sip::Name::p_asserted_identity, "<sip:erin@example.com>");
  page.set_body("message/cpim", with(of_bob, "sip:bob@example.com", "sip:erin@example.com"));
  group.receive(page);

  EXPECT_EQ(group.status("MESSAGE"), 403);
  EXPECT_EQ(dropped(), 1U);
}

// RFC 5438 8.3: each is looked at for itself.
TEST_F(ReportRouting, passes_of_several_gathered_ones_those_that_may_be) {
  const std::string imdn{
      "--b1\r\nContent-Type: message/imdn+xml\r\n\r\n"
      "<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\"><message-id>WHICH</message-id>"
      "<delivery-notification><status><delivered/></status></delivery-notification></imdn>\r\n"};
  const auto gathered =
      of_bob.substr(0, of_bob.find("Content-Type:")) +
      "Content-Type: multipart/mixed;boundary=b1\r\nContent-Disposition: notification\r\n\r\n" +
      with(imdn, "WHICH", "m-7Qx2Lr9") + with(imdn, "WHICH", "m-unknown") + "--b1--\r\n";

  EXPECT_EQ(report("bob", gathered), 200);

  const auto heard = group.hear("alice");
  EXPECT_THAT(heard, HasSubstr("<message-id>m-7Qx2Lr9</message-id>"));
  EXPECT_THAT(heard, Not(HasSubstr("m-unknown")));
}

// F3.14, F3.15
TEST_F(ReportRouting, passes_a_page_with_a_report_on_a_file_on_without_itself_in_the_route) {
  group.begin_file();
  group.sent.clear();

  auto page = group.fresh("f3-14", group.focus_uri);
  page.set_body("message/cpim",
                with(std::string{page.body()}, "sip:grp-8d21@cf.example.com", group.focus_uri));
  group.receive(page);

  EXPECT_EQ(group.status("MESSAGE"), 200);
  EXPECT_EQ(without_chance(group.request("MESSAGE")), expected_flow("f3-15"));
}

TEST_F(ReportRouting, refuses_pages_that_are_no_report_of_a_member_to_a_member) {
  auto stranger = group.fresh("f3-14", group.focus_uri);
  stranger.set(sip::Name::p_asserted_identity, "<sip:mallory@example.com>");
  group.receive(stranger);
  EXPECT_EQ(group.status("MESSAGE"), 403);

  auto forged = group.fresh("f3-14", group.focus_uri);
  forged.set(sip::Name::p_asserted_identity, "<sip:carol@example.com>");
  group.receive(forged);
  EXPECT_EQ(group.status("MESSAGE"), 403);

  auto text = group.fresh("f3-14", group.focus_uri);
  text.set_body("message/cpim", "From: <sip:bob@example.com>\r\nTo: <" + group.focus_uri +
                                    ">\r\n\r\nContent-Type: text/plain\r\n\r\nx");
  group.receive(text);
  EXPECT_EQ(group.status("MESSAGE"), 488);

  group.receive(group.fresh("f3-14", "sip:grp-unknown@cf.example.com"));
  EXPECT_EQ(group.status("MESSAGE"), 404);
}

}  // namespace
}  // namespace convene::controlling
