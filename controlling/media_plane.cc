#include <algorithm>

#include "base/text.h"
#include "controlling/cpim_from.h"
#include "controlling/group_session.h"
#include "cpm/content_types.h"
#include "cpm/identity.h"
#include "cpm/report.h"

namespace convene::controlling {

namespace {

// Answers to a SEND. RFC 4975 10, RFC 7701 6.3
constexpr int ok = 200;
constexpr int unintelligible = 400;
constexpr int not_allowed = 403;
constexpr int no_such_recipient = 404;
constexpr int type_not_understood = 415;
constexpr int no_private_messages = 428;

bool takes_private_messages(const ParticipantLeg& leg) {
  return leg.theirs.chatroom && std::ranges::any_of(*leg.theirs.chatroom, [](const auto& token) {
           return iequals(token, "private-messages");
         });
}

}  // namespace

// CPM 9.2.12 Media Plane Handling; conversation 12. The sender's SEND is answered for us alone:
// what the receivers answer is not its business (RFC 7701 6.3).
void GroupSession::message_received(Turn& turn, LegId id, const msrp::MessageReceived& message) {
  const auto* from = leg(id);
  if (!from) return;
  const int status = relay(turn, *from, message);
  turn.media.answer(message.message, status, turn.now, turn.msrp);
}

int GroupSession::relay(Turn& turn, const ParticipantLeg& from,
                        const msrp::MessageReceived& received) {
  if (received.octets.empty() && received.content_type.empty()) return ok;
  if (!cpm::is_cpim(received.content_type)) return type_not_understood;
  auto message = cpim::parse_message(received.octets);
  if (!message) return unintelligible;

  const auto* sender = member(from.participant);
  if (!sender) return not_allowed;
  if (claims_to_be_somebody_else(*message, *sender, from.contact)) {
    turn.world.log.warning("controlling", "9.2.12 refused: CPIM From of somebody else",
                           {{"contribution", id_text()}, {"who", masked(from.participant)}});
    return not_allowed;
  }
  if (cpm::is_report(*message)) return relay_report(turn, *sender, *std::move(message));

  if (turn.policy.group.idle.count() > 0) idle_until_ = turn.now + turn.policy.group.idle;
  const ReportKey key{.sender = sender->address, .message_id = cpim::imdn_message_id(*message)};
  ledger_.remember(sender->address, *message, turn.policy.media.max_reported_messages);
  // R1.19, RFC 5438 8: reports on what an anonymous member says find it through us only.
  if (!sender->pseudonym.empty() && cpim::disposition_notification(*message).any())
    cpim::add_imdn_record_route(*message, {.uri = profile_.focus});
  cpim::set_from(*message, shown_sender(*sender));

  // To the focus or to nobody: to all. To somebody: a private message. RFC 7701 6.2
  const auto to = cpim::to_of(*message);
  const auto address = to ? sip::address_of_record(to->uri) : std::string{};
  if (!to || cpm::is_anonymous(to->uri) || address == sip::address_of_record(profile_.focus)) {
    relay_to_all(turn, from, *message, key);
    return ok;
  }
  const auto* receiver = shown_member(address);
  if (!receiver) return no_such_recipient;
  return relay_private(turn, from, *receiver, *message, key);
}

// Conversation 12 (4): a copy for every other leg.
void GroupSession::relay_to_all(Turn& turn, const ParticipantLeg& from,
                                const cpim::Message& message, const ReportKey& key) {
  const bool is_composing = cpim::content_type_of(message) == cpm::composing_type;
  const cpim::TextForMany text{message};
  for (auto& [id, leg] : legs_) {
    if (id == from.id) continue;
    if (leg.state == LegState::joined && !leg.session) {  // G-26: its connection is lost
      ledger_.copy_begins(key, leg.participant);
      report_failure(turn, key, leg.participant);
    }
    if (!leg.takes_chat()) continue;
    // (5) isComposing only to legs that list the type.
    if (is_composing &&
        !sdp::type_is_accepted(leg.theirs.accept_wrapped_types, cpm::composing_type)) {
      continue;
    }
    // (6) The sender's other devices, by policy.
    const bool is_own = leg.participant == from.participant;
    if (is_own && !turn.policy.media.echo_to_own_devices) continue;
    send_copy(turn, leg, text, Kind::to_all, key);
  }
}

// RFC 7701 6.2: only to those who said that they take private messages.
int GroupSession::relay_private(Turn& turn, const ParticipantLeg& from, const Member& to,
                                const cpim::Message& message, const ReportKey& key) {
  if (!turn.policy.media.private_messages) return no_private_messages;
  const cpim::TextForMany text{message};
  int status = no_such_recipient;
  for (const auto id : legs_.of(to.address)) {
    auto& leg = legs_.at(id);
    if (!leg.takes_chat() || id == from.id) continue;
    if (!takes_private_messages(leg)) {
      if (status == no_such_recipient) status = no_private_messages;
      continue;
    }
    send_copy(turn, leg, text, Kind::to_one, key);
    status = ok;
  }
  return status;
}

// Conversation 12 (2), G-20: a leg that knows chat rooms reads any other To as a private message;
// the others expect their own address there.
msrp::OutgoingId GroupSession::send_text(Turn& turn, const ParticipantLeg& to,
                                         const cpim::TextForMany& text, Kind kind) {
  const bool keeps_room = to.theirs.chatroom.has_value() && kind == Kind::to_all;
  auto octets = text.to({.uri = keeps_room ? profile_.focus : to.participant});
  const auto total = octets.size();
  return turn.media.send(*to.session,
                         {.message_id = {},
                          .content_type = std::string{cpm::cpim_type},
                          .prefix = {},
                          .octets = std::move(octets),
                          .body = {},
                          .total = total},
                         turn.now, turn.msrp);
}

void GroupSession::send_copy(Turn& turn, ParticipantLeg& to, const cpim::TextForMany& text,
                             Kind kind, const ReportKey& key) {
  const auto copy = send_text(turn, to, text, kind);
  if (!ledger_.copy_begins(key, to.participant)) return;
  to.copies.emplace(copy, key);
}

// G-26: the peer may come back with new media until the grace is over.
void GroupSession::media_failed(Turn& turn, LegId id, std::string_view why) {
  auto* leg = find_leg(id);
  if (!leg) return;
  turn.world.log.info(
      "controlling", "9.2.12 MSRP session lost",
      {{"contribution", id_text()}, {"who", masked(leg->participant)}, {"why", why}});
  give_up_copies(turn, *leg);
  close_session(turn, leg->session);
  leg->media_lost_until = turn.now + turn.policy.media.lost_leg_grace;
}

}  // namespace convene::controlling
