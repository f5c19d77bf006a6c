#include "sip/refer.h"

#include "sip/test_user_agents.h"

namespace convene::sip {
namespace {

Message refer_with(Name name, std::string_view value) {
  auto refer = Message::request("REFER", "sip:grp-1@cf.example.com");
  refer.add(name, value);
  return refer;
}

// RFC 4488 4
TEST(SuppressesSubscription, is_said_by_refer_sub_or_required) {
  EXPECT_TRUE(suppresses_subscription(refer_with(Name::refer_sub, "false")));
  EXPECT_TRUE(suppresses_subscription(refer_with(Name::refer_sub, "FALSE ;x=1")));
  EXPECT_TRUE(suppresses_subscription(refer_with(Name::require, "multiple-refer, norefersub")));
}

// RFC 4488 4: absent means true.
TEST(SuppressesSubscription, is_not_meant_by_silence) {
  EXPECT_FALSE(suppresses_subscription(Message::request("REFER", "sip:grp-1@cf.example.com")));
  EXPECT_FALSE(suppresses_subscription(refer_with(Name::refer_sub, "true")));
  EXPECT_FALSE(suppresses_subscription(refer_with(Name::supported, "norefersub")));
}

// RFC 3515 2.4.5
TEST(Sipfrag, is_a_status_line) { EXPECT_EQ(sipfrag(200, "OK"), "SIP/2.0 200 OK\r\n"); }

struct Refer : UserAgentTest {
  Message refer() {
    auto message = request_to("REFER", alice, bob);
    message.add(Name::contact, "<sip:192.0.2.1>");
    message.add(Name::refer_to, "<sip:carol@example.com>");
    return message;
  }
};

// RFC 3515 2.4.4: an implicit subscription, in a dialog of its own; NOTIFY goes there.
TEST_F(Refer, makes_a_dialog_when_it_is_accepted) {
  request(refer());
  network.run(1s);
  const auto dialog = respond(bob, 202);
  ASSERT_TRUE(dialog);

  auto notify = Message::request("NOTIFY", {});
  notify.add(Name::event, "refer");
  notify.add(Name::subscription_state, "terminated;reason=noresource");
  request_in(bob, *dialog, std::move(notify));
  network.run(1s);

  EXPECT_EQ(sent(bob, "NOTIFY"), 1);
  bob.agent.forget(*dialog);
  EXPECT_EQ(bob.agent.dialogs(), 0U);
}

// RFC 4488 4
TEST_F(Refer, makes_no_dialog_without_subscription) {
  auto message = refer();
  message.add(Name::refer_sub, "false");
  request(std::move(message));
  network.run(1s);
  EXPECT_FALSE(respond(bob, 202, {{Name::refer_sub, "false"}}));
  EXPECT_EQ(bob.agent.dialogs(), 0U);
}

// RFC 3515 2.4.4
TEST_F(Refer, makes_no_dialog_when_it_is_refused) {
  request(refer());
  network.run(1s);
  EXPECT_FALSE(respond(bob, 403));
  EXPECT_EQ(bob.agent.dialogs(), 0U);
}

}  // namespace
}  // namespace convene::sip
