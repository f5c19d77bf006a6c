#include "sip/fields.h"
#include "sip/tag.h"
#include "sip/test_user_agents.h"

namespace convene::sip {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Why = DialogEnded::Why;

struct UserAgentDialogTest : UserAgentTest {
  // A response of a peer at 192.0.2.2, to the last request that Alice sent him.
  void answer_alice(int status, std::string_view tag) {
    for (auto packet = network.trace.rbegin(); packet != network.trace.rend(); ++packet) {
      if (packet->from.address.host != alice.host || packet->octets.starts_with("ACK")) continue;
      auto response = make_response(*parse_message(packet->octets), status, tag);
      response.add(Name::contact, "<sip:" + std::string{tag} + "@192.0.2.2>");
      network.inject(alice, MiniNetwork::source_of(bob.host), to_text(response));
      return;
    }
  }
  // A request of a peer at 192.0.2.2 to Alice.
  Message to_alice(std::string_view method, std::string_view to_tag) {
    auto request = Message::request(method, "sip:192.0.2.1");
    request.add(Name::via, "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK" +
                               random_token(network.random, 8) + ";rport");
    request.add(Name::max_forwards, "70");
    request.add(Name::from, "<sip:192.0.2.2>;tag=n1");
    request.add(Name::to,
                to_tag.empty() ? "<sip:192.0.2.1>" : "<sip:192.0.2.1>;tag=" + std::string{to_tag});
    request.add(Name::call_id, "call-9");
    request.add(Name::cseq, "1 " + std::string{method});
    request.add(Name::contact, "<sip:192.0.2.2>");
    return request;
  }
  void inject(const Message& message) {
    network.inject(alice, MiniNetwork::source_of(bob.host), to_text(message));
  }
  Message last_from(const Party& party) const {
    for (auto packet = network.trace.rbegin(); packet != network.trace.rend(); ++packet) {
      if (packet->from.address.host == party.host) return *parse_message(packet->octets);
    }
    return {};
  }
};

// RFC 3261 12.2.2
TEST_F(UserAgentDialogTest, knows_no_dialog_with_foreign_tags) {
  inject(to_alice("INFO", "nobody"));
  EXPECT_EQ(last_from(alice).status(), 481);
  inject(to_alice("BYE", ""));
  EXPECT_EQ(last_from(alice).status(), 481);
  EXPECT_THAT(alice.events, IsEmpty());
}

TEST_F(UserAgentDialogTest, refuses_a_request_out_of_order_with_500) {
  const auto [hers, his] = call();
  bob.answers["INFO"] = 200;
  request_in(alice, hers, Message::request("INFO", {}));
  network.run(1s);
  for (const auto& packet : std::vector{network.trace}) {
    if (!packet.octets.starts_with("INFO")) continue;
    auto old = *parse_message(packet.octets);
    old.set(Name::via, "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKold;rport");
    network.inject(bob, packet.from, to_text(old));
  }
  EXPECT_EQ(last_from(bob).status(), 500);
}

// RFC 3261 8.2.2.3
TEST_F(UserAgentDialogTest, refuses_an_extension_it_does_not_know) {
  auto invite = to_alice("INVITE", "");
  invite.add(Name::require, "timer, 100rel, x-magic");
  inject(invite);
  EXPECT_EQ(last_from(alice).status(), 420);
  EXPECT_EQ(last_from(alice).header(Name::unsupported), "100rel, x-magic");
}

TEST_F(UserAgentDialogTest, refuses_an_invite_without_contact) {
  auto invite = to_alice("INVITE", "");
  invite.remove(Name::contact);
  inject(invite);
  EXPECT_EQ(last_from(alice).status(), 400);
}

TEST_F(UserAgentDialogTest, makes_no_more_dialogs_than_it_may) {
  auto settings = network.settings("192.0.2.3");
  settings.max_dialogs = 0;
  auto& carol = network.add(std::move(settings));
  request(request_to("INVITE", alice, carol));
  network.run(1s);
  EXPECT_THAT(alice.finals(), ElementsAre(503));
  EXPECT_TRUE(alice.told<ResponseReceived>()[0].response.has(Name::retry_after));
}

// RFC 3261 12.1.1: Record-Route comes back in every response that makes a dialog.
TEST_F(UserAgentDialogTest, copies_record_route_into_its_responses) {
  auto invite = to_alice("INVITE", "");
  invite.add(Name::record_route, "<sip:p2.example.com;lr>");
  invite.add(Name::record_route, "<sip:192.0.2.2;lr>");
  inject(invite);
  for (const int status : {180, 200}) {
    respond(alice, status);
    const auto response = last_from(alice);
    EXPECT_THAT(response.values(Name::record_route),
                ElementsAre("<sip:p2.example.com;lr>", "<sip:192.0.2.2;lr>"));
  }
}

// RFC 3261 13.2.2.4: each copy of the 2xx gets its ACK.
TEST_F(UserAgentDialogTest, acknowledges_a_repeated_success_again) {
  request("INVITE");
  answer_alice(200, "b1");
  answer_alice(200, "b1");
  EXPECT_EQ(sent(alice, "ACK"), 2);
  EXPECT_EQ(alice.agent.dialogs(), 1U);
  EXPECT_THAT(alice.finals(), ElementsAre(200));
}

TEST_F(UserAgentDialogTest, acknowledges_a_repeated_success_after_its_own_bye_too) {
  request("INVITE");
  answer_alice(200, "b1");
  const auto success = make_response(*parse_message(network.trace[0].octets), 200, "b1");
  bye(alice, *alice.told<ResponseReceived>()[0].dialog);
  answer_alice(200, "b1");
  EXPECT_EQ(alice.agent.dialogs(), 0U);
  inject(success);
  EXPECT_EQ(sent(alice, "ACK"), 2);
}

// RFC 3261 13.2.2.4: a second fork is acknowledged and ended.
TEST_F(UserAgentDialogTest, ends_the_dialog_of_a_second_fork) {
  request("INVITE");
  answer_alice(200, "b1");
  answer_alice(200, "b2");
  EXPECT_EQ(sent(alice, "ACK"), 2);
  EXPECT_EQ(sent(alice, "BYE"), 1);
  EXPECT_EQ(last_from(alice).uri(), "sip:b2@192.0.2.2");
  EXPECT_EQ(tag_of(last_from(alice).header(Name::to)), "b2");
  EXPECT_EQ(alice.agent.dialogs(), 1U);
  EXPECT_THAT(alice.finals(), ElementsAre(200));
  answer_alice(200, "");
}

// RFC 3261 9, 15
TEST_F(UserAgentDialogTest, gives_up_an_invite_that_rings) {
  const auto id = request("INVITE");
  network.run(50ms);
  respond(bob, 180);
  network.run(50ms);
  cancel(id);
  network.run(1s);
  ASSERT_THAT(bob.told<Cancelled>(), SizeIs(1));
  EXPECT_EQ(bob.told<Cancelled>()[0].invite, bob.told<RequestReceived>()[0].transaction);
  EXPECT_THAT(alice.finals(), ElementsAre(487));
  EXPECT_EQ(respond(bob, 200), std::nullopt);
  expect_nothing_left();
}

// RFC 3261 15: the CANCEL crossed the 2xx.
TEST_F(UserAgentDialogTest, ends_the_session_when_cancel_and_success_cross) {
  const auto id = request("INVITE");
  network.run(300ms);  // 100 has come
  respond(bob, 200);
  cancel(id);
  network.run(1s);
  EXPECT_EQ(sent(alice, "CANCEL"), 1);
  EXPECT_EQ(sent(alice, "ACK"), 1);
  EXPECT_EQ(sent(alice, "BYE"), 1);
  EXPECT_THAT(alice.finals(), ElementsAre(487));
  EXPECT_THAT(bob.told<Cancelled>(), IsEmpty());
  ASSERT_THAT(bob.told<DialogEnded>(), SizeIs(1));
  EXPECT_EQ(bob.told<DialogEnded>()[0].why, Why::bye);
  expect_nothing_left();
}

// RFC 3261 15: BYE in an early dialog, in place of CANCEL.
TEST_F(UserAgentDialogTest, takes_a_bye_before_its_answer_for_a_cancel) {
  const auto invite = to_alice("INVITE", "");
  inject(invite);
  respond(alice, 180);
  auto bye_request = to_alice("BYE", tag_of(last_from(alice).header(Name::to)));
  bye_request.set(Name::cseq, "2 BYE");
  inject(bye_request);
  EXPECT_EQ(sent(alice, "487"), 1);
  EXPECT_EQ(sent(alice, "200"), 1);
  EXPECT_THAT(alice.told<Cancelled>(), SizeIs(1));
}

// RFC 3261 13.3.1.4
TEST_F(UserAgentDialogTest, ends_a_session_that_is_never_acknowledged) {
  inject(to_alice("INVITE", ""));
  respond(alice, 200);
  network.run(33s);
  EXPECT_EQ(sent(alice, "200"), 11);
  EXPECT_EQ(sent(alice, "BYE"), 1);
  ASSERT_THAT(alice.told<DialogEnded>(), SizeIs(1));
  EXPECT_EQ(alice.told<DialogEnded>()[0].why, Why::no_ack);
  expect_nothing_left();
}

// RFC 3261 15: no BYE from the callee before the ACK.
TEST_F(UserAgentDialogTest, waits_for_the_ack_with_its_bye_and_every_other_request) {
  inject(to_alice("INVITE", ""));
  const auto dialog = respond(alice, 200);
  const auto tag = tag_of(last_from(alice).header(Name::to));
  request_in(alice, *dialog, Message::request("INFO", {}));
  EXPECT_EQ(sent(alice, "INFO"), 0);
  bye(alice, *dialog);
  EXPECT_EQ(sent(alice, "BYE"), 0);

  inject(to_alice("ACK", tag));
  EXPECT_EQ(sent(alice, "BYE"), 1);
  EXPECT_THAT(alice.told<Acknowledged>(), IsEmpty());
  expect_nothing_left();
  EXPECT_THAT(alice.finals(), ElementsAre(481));
}

TEST_F(UserAgentDialogTest, needs_no_bye_when_the_peer_says_it_first) {
  inject(to_alice("INVITE", ""));
  const auto dialog = respond(alice, 200);
  const auto tag = tag_of(last_from(alice).header(Name::to));
  bye(alice, *dialog);
  auto theirs = to_alice("BYE", tag);
  theirs.set(Name::cseq, "2 BYE");
  inject(theirs);
  EXPECT_EQ(alice.agent.dialogs(), 0U);
  EXPECT_EQ(sent(alice, "BYE"), 0);
  EXPECT_THAT(alice.told<DialogEnded>(), IsEmpty());
  expect_nothing_left();
}

TEST_F(UserAgentDialogTest, says_why_it_ends_also_when_no_ack_comes) {
  inject(to_alice("INVITE", ""));
  bye(alice, *respond(alice, 200));
  network.run(33s);
  EXPECT_EQ(last_from(alice).method(), "BYE");
  EXPECT_TRUE(last_from(alice).has(Name::reason));
  EXPECT_THAT(alice.told<DialogEnded>(), IsEmpty());
  expect_nothing_left();
}

TEST_F(UserAgentDialogTest, sends_what_waited_for_the_ack) {
  inject(to_alice("INVITE", ""));
  const auto dialog = respond(alice, 200);
  const auto tag = tag_of(last_from(alice).header(Name::to));
  request_in(alice, *dialog, Message::request("INFO", {}));
  inject(to_alice("ACK", tag));
  EXPECT_EQ(sent(alice, "INFO"), 1);
}

// RFC 3261 12.2.1.2
TEST_F(UserAgentDialogTest, ends_a_dialog_that_the_peer_has_forgotten) {
  const auto [hers, his] = call();
  bob.agent.forget(his);
  request_in(alice, hers, Message::request("INFO", {}));
  network.run(1s);
  EXPECT_THAT(alice.finals(), ElementsAre(200, 481));
  ASSERT_THAT(alice.told<DialogEnded>(), SizeIs(1));
  EXPECT_EQ(alice.told<DialogEnded>()[0].why, Why::refused);
  expect_nothing_left();
}

TEST_F(UserAgentDialogTest, answers_a_bye_that_crosses_its_own) {
  const auto [hers, his] = call();
  bye(alice, hers);
  bye(bob, his);
  network.run(1s);
  EXPECT_THAT(alice.told<DialogEnded>(), IsEmpty());
  EXPECT_THAT(bob.told<DialogEnded>(), IsEmpty());
  expect_nothing_left();
}

// RFC 3261 15.1.2: what was still asked in the dialog gets 487.
TEST_F(UserAgentDialogTest, ends_a_pending_invite_with_the_bye) {
  const auto [hers, his] = call();
  bob.answers.clear();
  auto again = Message::request("INVITE", {});
  again.set_body("application/sdp", "v=0\r\n");
  request_in(alice, hers, std::move(again));
  network.run(1s);
  bye(alice, hers);
  network.run(1s);
  EXPECT_EQ(sent(bob, "487"), 1);
  EXPECT_THAT(alice.finals(), ElementsAre(200, 487));
  expect_nothing_left();
}

TEST_F(UserAgentDialogTest, leaves_a_bye_to_its_user_when_asked_to) {
  auto settings = network.settings("192.0.2.3");
  settings.hold_bye = true;
  auto& carol = network.add(std::move(settings));
  carol.answers["INVITE"] = 200;
  request(request_to("INVITE", alice, carol));
  network.run(1s);
  bye(alice, *alice.told<ResponseReceived>().back().dialog);
  network.run(1s);

  EXPECT_EQ(carol.told<RequestReceived>().back().request.method(), "BYE");
  EXPECT_THAT(carol.told<DialogEnded>(), IsEmpty());
  EXPECT_EQ(carol.agent.dialogs(), 1U);
  respond(carol, 200, {{Name::message_uid, "42"}});
  EXPECT_EQ(carol.agent.dialogs(), 0U);
  expect_nothing_left();
}

// RFC 3261 12.2.2, RFC 3311, RFC 3840 7
TEST_F(UserAgentDialogTest, answers_an_update_without_body_and_tells_the_new_contact) {
  const auto [hers, his] = call();
  auto update = Message::request("UPDATE", {});
  update.add(Name::contact, "<sip:192.0.2.1>;+g.new");
  request_in(alice, hers, std::move(update));
  network.run(1s);
  EXPECT_THAT(alice.finals(), ElementsAre(200, 200));
  EXPECT_THAT(bob.told<RequestReceived>(), SizeIs(1));
  ASSERT_THAT(bob.told<PeerRefreshed>(), SizeIs(1));
  EXPECT_TRUE(bob.told<PeerRefreshed>()[0].contact.params.has("+g.new"));
  EXPECT_TRUE(bob.agent.dialog(his)->remote_contact.params.has("+g.new"));
}

// RFC 6665 4.1: a SUBSCRIBE's 2xx makes a dialog.
TEST_F(UserAgentDialogTest, subscribes_and_is_notified) {
  bob.answers["SUBSCRIBE"] = 200;
  alice.answers["NOTIFY"] = 200;
  auto subscribe = request_to("SUBSCRIBE", alice, bob);
  subscribe.add(Name::event, "conference");
  request(std::move(subscribe));
  network.run(1s);
  const auto hers = *alice.told<ResponseReceived>()[0].dialog;

  auto notify = Message::request("NOTIFY", {});
  notify.add(Name::event, "conference");
  notify.add(Name::subscription_state, "active;expires=3600");
  request_in(bob, bob.accepted[0], std::move(notify));
  network.run(1s);
  EXPECT_EQ(alice.told<RequestReceived>()[0].dialog, hers);
  EXPECT_THAT(bob.finals(), ElementsAre(200));

  alice.agent.forget(hers);
  bob.agent.forget(bob.accepted[0]);
  expect_nothing_left();
}

// RFC 6665 4.4.1: the NOTIFY may overtake the 2xx.
TEST_F(UserAgentDialogTest, takes_a_notify_before_the_answer_to_its_subscribe) {
  auto subscribe = request_to("SUBSCRIBE", alice, bob);
  subscribe.add(Name::event, "conference");
  subscribe.add(Name::call_id, "call-9");
  const auto id = request(std::move(subscribe));
  const auto tag = tag_of(last_from(alice).header(Name::from));
  auto notify = to_alice("NOTIFY", tag);
  notify.add(Name::event, "conference");
  notify.add(Name::subscription_state, "active;expires=3600");

  inject(notify);
  ASSERT_THAT(alice.told<RequestReceived>(), SizeIs(1));
  const auto dialog = alice.told<RequestReceived>()[0].dialog;
  ASSERT_TRUE(dialog);
  EXPECT_EQ(alice.agent.dialog(*dialog)->made_by, id);

  answer_alice(200, "n1");
  EXPECT_EQ(alice.told<ResponseReceived>()[0].dialog, dialog);
  EXPECT_EQ(alice.agent.dialogs(), 1U);

  auto other_fork = notify;
  other_fork.set(Name::from, "<sip:192.0.2.2>;tag=n2");
  other_fork.set(Name::via, "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bKother;rport");
  inject(other_fork);
  EXPECT_EQ(last_from(alice).status(), 481);
}

TEST_F(UserAgentDialogTest, forgets_the_dialog_of_a_notify_when_the_subscribe_is_refused) {
  auto subscribe = request_to("SUBSCRIBE", alice, bob);
  subscribe.add(Name::event, "conference");
  subscribe.add(Name::call_id, "call-9");
  request(std::move(subscribe));
  const auto tag = tag_of(last_from(alice).header(Name::from));
  const auto subscribe_sent = last_from(alice);
  auto notify = to_alice("NOTIFY", tag);
  notify.add(Name::event, "conference");
  notify.add(Name::subscription_state, "terminated;reason=rejected");
  inject(notify);
  EXPECT_EQ(alice.agent.dialogs(), 1U);

  inject(make_response(subscribe_sent, 403, "n1"));
  EXPECT_EQ(alice.agent.dialogs(), 0U);
}

}  // namespace
}  // namespace convene::sip
