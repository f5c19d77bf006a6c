#include "controlling/group_session.h"
#include "controlling/sip_request.h"
#include "cpm/identity.h"
#include "cpm/service.h"

namespace convene::controlling {

using sip::Name;

// A re-INVITE in the chat's dialog: new tags, and maybe new media (G-40, G-26).
void GroupSession::reinvited(Turn& turn, LegId id, const PeerRequest& request) {
  auto* leg = find_leg(id);
  const auto refuse_with = [&](cpm::Refusal refusal) {
    refusal.detail = "9.2.10 re-INVITE refused: " + refusal.detail;
    refuse(turn, request.transaction, request.message, refusal);
  };
  if (!leg) return refuse_with({.status = 481, .warning = {}, .detail = "no such leg"});

  // RFC 5366 5.1: members are not added by a re-INVITE.
  if (request.message.lists(Name::require, "recipient-list-invite")) {
    turn.world.log.info("controlling", "RFC 5366 5.1 re-INVITE with a recipient list refused",
                        {{"contribution", id_text()}, {"status", "420"}});
    auto response = turn.agent.respond_to(request.message, 420);
    response.add(Name::unsupported, "recipient-list-invite");
    turn.agent.respond(request.transaction, std::move(response), turn.now, turn.sip);
    return;
  }

  // R1.17-R1.19: whoever asks for it later.
  if (cpm::asks_for_anonymity(request.message)) {
    if (!allows_anonymity(turn, leg->participant)) {
      return refuse_with(
          {.status = 403, .warning = "Anonymity not allowed", .detail = "asked for anonymity"});
    }
    if (auto* member = find_member(leg->participant)) hide(turn, *member);
  }

  auto response = begin_ok(turn, request.message);
  response.add(Name::contact, focus_contact(profile_.focus, cpm::icsi::session, turn.policy));
  response.add(Name::allow, allowed_methods);

  if (request.message.body().empty()) {  // an offer is asked for: what we have
    response.set_body(
        "application/sdp",
        sdp::to_text(cpm::describe(leg->description, leg->ours.host, {cpm::chat_line(leg->ours)})));
  } else {
    const auto offer = cpm::read_chat(request.message, turn.policy.media.address_rule);
    if (!offer) return refuse_with(offer.error());
    const auto setup = cpm::setup_for_answer(offer->media, security_terms(turn));
    if (!setup) return refuse_with(setup.error());
    renegotiate(turn, *leg, offer->media, *setup);
    response.set_body("application/sdp",
                      sdp::to_text(cpm::answer_chat(*offer, leg->description, leg->ours)));
  }
  leg->capabilities = cpm::capabilities_of(request.message);
  turn.agent.respond(request.transaction, std::move(response), turn.now, turn.sip);
}

// RFC 3264 8: the same media keep their session; other media get a new one of ours.
void GroupSession::renegotiate(Turn& turn, ParticipantLeg& leg, const cpm::MsrpMedia& theirs,
                               sdp::Setup setup) {
  // RFC 8122 6.1: with another certificate it is another connection.
  const bool is_same = leg.session && theirs.path == leg.theirs.path &&
                       theirs.fingerprints == leg.theirs.fingerprints;
  const auto direction = sdp::reversed(theirs.direction);
  const bool changes = !is_same || direction != leg.ours.direction || setup != leg.ours.setup;
  leg.theirs = theirs;
  if (!is_same) {
    auto fresh = chat_media(turn, {}, security_of(theirs));
    fresh.accept_wrapped_types = std::move(leg.ours.accept_wrapped_types);
    leg.ours = std::move(fresh);
  }
  leg.ours.direction = direction;
  leg.ours.setup = setup;
  if (changes) ++leg.description.version;
  if (!is_same) {
    open_media(turn, id_, leg,
               setup == sdp::Setup::active ? msrp::Setup::active : msrp::Setup::passive);
  }
}

// RFC 3840 7, G-40
void GroupSession::refreshed(Turn& turn, LegId id, const sip::NameAddr& contact) {
  auto* leg = find_leg(id);
  if (!leg) return;
  leg->capabilities = cpm::capabilities_of(contact);
  leg->contact = sip::to_text(contact.uri);
  turn.world.log.info("controlling", "9.2.10 the capabilities of a leg changed",
                      {{"contribution", id_text()},
                       {"who", masked(leg->participant)},
                       {"file transfer", cpm::name_of(leg->capabilities.file_transfer)}});
}

}  // namespace convene::controlling
