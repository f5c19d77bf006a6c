#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controlling/test_refer.h"

// CPM 9.2.10, 9.2.11, R1.8, R1.17-R1.19, G-36: nobody learns who an anonymous member is.
namespace convene::controlling {
namespace {

using sip::Name;
using testing::HasSubstr;
using testing::Not;

// A group that allows it: erin has been invited, and has not answered yet.
struct Anonymity : testing::Test {
  void erin_joins_unnamed() {
    const auto invite = group.request("INVITE", "sip:erin").value();
    auto accepted = flow("f1-9");
    accepted.add(Name::privacy, "id");
    group.invites.insert_or_assign("erin", invite);
    group.answer(invite, accepted);
    group.connect("erin", sdp_of(invite), sdp_of(accepted));
  }
  std::string notified(const std::string& name) {
    const auto notify = group.request("NOTIFY", "sip:" + name);
    if (!notify) return "nothing";
    group.answer(*notify, 200);
    return std::string{notify->body()};
  }
  void bob_subscribes() {
    group.receive(group.fresh("f1-12", group.focus_uri));
    group.status("SUBSCRIBE");
  }
  Group group{{.group = {.allow_anonymity = true}}, {"bob", "carol"}};
};

// R1.19: who has not said yet whether they are to be known is not named.
TEST_F(Anonymity, is_kept_before_an_invitee_has_answered) {
  bob_subscribes();
  const auto document = notified("bob");
  EXPECT_THAT(document, HasSubstr("sip:carol@example.com"));
  EXPECT_THAT(document, Not(HasSubstr("erin")));
  EXPECT_THAT(document, Not(HasSubstr("dave")));
}

// R1.19, G-36: told anew in full, so that nobody is said to have become anonymous-1.
TEST_F(Anonymity, shows_a_pseudonym) {
  bob_subscribes();
  notified("bob");
  erin_joins_unnamed();
  group.pass(10s);
  const auto document = notified("bob");
  EXPECT_THAT(document, HasSubstr("state=\"full\""));
  EXPECT_THAT(document, HasSubstr("entity=\"sip:anonymous-1@cf.example.com\""));
  EXPECT_THAT(document, Not(HasSubstr("erin")));
}

// Conversation 7: an open answer names the invitee from then on.
TEST_F(Anonymity, is_not_forced_on_who_joins_openly) {
  bob_subscribes();
  notified("bob");
  group.join("dave");
  group.pass(10s);
  EXPECT_THAT(notified("bob"), HasSubstr("sip:dave@example.com"));
}

// RFC 3325 7: who declines unnamed.
TEST_F(Anonymity, is_kept_when_an_invitee_declines) {
  bob_subscribes();
  notified("bob");
  auto declined = sip::Message::response(480);
  declined.add(Name::privacy, "id");
  group.answer(group.request("INVITE", "sip:erin").value(), declined);
  group.pass(10s);
  EXPECT_THAT(notified("bob"), Not(HasSubstr("erin")));
}

// G-36: the mapping stays for as long as the group knows the member.
TEST_F(Anonymity, has_one_pseudonym_for_good) {
  erin_joins_unnamed();
  group.receive(group.bye("erin"));
  auto again = group.fresh("f7-1", group.focus_uri);
  again.set(Name::p_asserted_identity, "<sip:erin@example.com>");
  group.receive(again);
  EXPECT_EQ(group.status("INVITE"), 200);
  group.sent.clear();
  bob_subscribes();
  const auto document = notified("bob");
  EXPECT_THAT(document, HasSubstr("sip:anonymous-1@cf.example.com"));
  EXPECT_THAT(document, Not(HasSubstr("anonymous-2")));
  EXPECT_THAT(document, Not(HasSubstr("erin")));
}

// G-36: who is added by an anonymous member does not learn by whom.
TEST_F(Anonymity, hides_who_adds_others) {
  erin_joins_unnamed();
  group.sent.clear();
  group.receive(silent_refer_of(group, "erin", group.focus_uri, "sip:frank@example.com"));
  group.response("REFER");
  const auto invite = group.request("INVITE", "sip:frank").value();
  EXPECT_EQ(invite.header(Name::referred_by), "<sip:anonymous-1@cf.example.com>");
  EXPECT_THAT(sip::to_text(invite), Not(HasSubstr("erin")));
}

// RFC 3323: for one REFER only.
TEST_F(Anonymity, may_be_asked_for_by_a_single_refer) {
  auto refer = silent_refer_of(group, "bob", group.focus_uri, "sip:frank@example.com");
  refer.add(Name::privacy, "id");
  group.receive(refer);
  EXPECT_EQ(group.request("INVITE", "sip:frank").value().header(Name::referred_by),
            "<sip:anonymous@anonymous.invalid>");
}

// R1.8, G-36: a creator who stays unknown.
TEST_F(Anonymity, is_the_creator_s_too) {
  Stage stage{{.group = {.allow_anonymity = true}}};
  auto creation = flow("f1-2");
  creation.add(Name::privacy, "id");
  stage.receive(creation);
  const auto invite = stage.request("INVITE", "sip:bob").value();
  EXPECT_EQ(invite.header(Name::privacy), "id");
  EXPECT_EQ(invite.header(Name::referred_by), "<sip:anonymous-1@cf.example.com>");
  EXPECT_THAT(sip::to_text(invite), Not(HasSubstr("alice")));
}

// R1.18, A16: also the originator's wish, at the creation.
TEST_F(Anonymity, is_refused_where_it_is_not_allowed) {
  Stage stage;
  auto creation = flow("f1-2");
  creation.add(Name::privacy, "id");
  stage.receive(creation);
  EXPECT_EQ(stage.status("INVITE"), 403);
  EXPECT_TRUE(stage.focus.snapshot().groups.empty());

  Group open;
  auto refer = silent_refer_of(open, "bob", open.focus_uri, "sip:frank@example.com");
  refer.add(Name::privacy, "id");
  open.receive(refer);
  EXPECT_EQ(open.status("REFER"), 403);
  auto file = open.file_offer();
  file.add(Name::privacy, "id");
  open.receive(file);
  EXPECT_EQ(open.status("INVITE"), 403);
}

// R1.19: reports name their recipient inside the document, too.
TEST_F(Anonymity, reaches_into_reports) {
  erin_joins_unnamed();
  group.say("alice", "From: <sip:alice@example.com>\r\nTo: <" + group.focus_uri +
                         ">\r\nNS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m1\r\n"
                         "DateTime: 2025-11-22T10:05:00Z\r\n"
                         "imdn.Disposition-Notification: positive-delivery\r\n\r\n"
                         "Content-Type: text/plain\r\n\r\nA riddle");
  group.hear("erin");
  group.hear("alice");
  const auto sent = group.say(
      "erin",
      "From: <sip:erin@example.com>\r\nTo: <sip:alice@example.com>\r\n"
      "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: r1\r\n\r\n"
      "Content-Type: message/imdn+xml\r\nContent-Disposition: notification\r\n\r\n"
      "<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\"><message-id>m1</message-id>"
      "<datetime>2025-11-22T10:05:00Z</datetime><recipient-uri>sip:erin@example.com</recipient-uri>"
      "<original-recipient-uri>sip:erin@example.com</original-recipient-uri>"
      "<delivery-notification><status><delivered/></status></delivery-notification></imdn>");
  EXPECT_EQ(group.status_heard("erin", sent), 200);
  const auto heard = group.hear("alice");
  EXPECT_THAT(heard, HasSubstr("<recipient-uri>sip:anonymous-1@cf.example.com</recipient-uri>"));
  EXPECT_THAT(heard, Not(HasSubstr("erin")));
}

// R1.17: a wish that comes with a re-INVITE.
TEST_F(Anonymity, may_begin_later) {
  bob_subscribes();
  notified("bob");
  auto refresh = group.in_dialog("INVITE", group.invites.at("carol"));
  refresh.add(Name::contact, flow("f1-7").header(Name::contact));
  refresh.add(Name::privacy, "id");
  refresh.set_body("application/sdp", flow("f1-7").body());
  group.receive(refresh);
  EXPECT_EQ(group.status("INVITE"), 200);
  group.pass(10s);
  EXPECT_THAT(notified("bob"), Not(HasSubstr("carol")));
}

// Conversation 6.6: by the pseudonym.
TEST_F(Anonymity, does_not_keep_anybody_from_removing_a_member) {
  erin_joins_unnamed();
  group.sent.clear();
  group.receive(silent_refer_of(group, "alice", group.focus_uri,
                                "sip:anonymous-1@cf.example.com;method=BYE"));
  EXPECT_EQ(group.status("REFER"), 202);
  EXPECT_TRUE(group.request("BYE", "sip:erin"));
}

}  // namespace
}  // namespace convene::controlling
