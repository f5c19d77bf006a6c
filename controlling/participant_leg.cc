#include "controlling/participant_leg.h"

#include "base/random.h"

namespace convene::controlling {

namespace {

constexpr std::size_t session_id_octets = 16;  // 128 bits, RFC 4975 14.1

}  // namespace

std::string_view name_of(LegState state) {
  switch (state) {
    case LegState::inviting: return "inviting";
    case LegState::alerting: return "alerting";
    case LegState::accepted: return "accepted";
    case LegState::joined: return "joined";
  }
  return {};
}

cpm::MsrpMedia chat_media(Turn& turn, const sdp::TypeList& wrapped_types, Security security) {
  std::vector<std::string> chatroom;
  if (turn.policy.media.nicknames) chatroom.emplace_back("nickname");
  if (turn.policy.media.private_messages) chatroom.emplace_back("private-messages");

  auto media = msrp_media(turn, security);
  media.accept_types = {"message/cpim"};
  media.accept_wrapped_types = wrapped_types;
  if (!chatroom.empty()) media.chatroom = std::move(chatroom);
  return media;
}

cpm::MsrpMedia msrp_media(Turn& turn, Security security) {
  const auto& address = turn.addresses.msrp;
  cpm::MsrpMedia media{.host = address.host,
                       .port = address.port,
                       .path = {{.user = {},
                                 .host = address.host,
                                 .port = address.port,
                                 .session_id = random_hex(turn.world.random, session_id_octets),
                                 .parameters = {}}},
                       .setup = sdp::Setup::actpass,
                       .accept_types = {},
                       .accept_wrapped_types = {},
                       .max_size = {},
                       .chatroom = {}};
  if (security == Security::tls && turn.addresses.msrps)
    cpm::make_secure(media, *turn.addresses.msrps);
  return media;
}

// RFC 4975 14.4
Security security_of(const cpm::MsrpMedia& media) {
  return media.is_secure ? Security::tls : Security::plain;
}

Security usual_security(const Turn& turn) {
  return turn.policy.media.security == cpm::MediaSecurity::require ? Security::tls
                                                                   : Security::plain;
}

cpm::SecurityTerms security_terms(const Turn& turn) {
  return cpm::terms_of(turn.policy.media.security, turn.addresses.msrps);
}

// RFC 3264 5: a number that nobody else uses.
cpm::DescriptionId new_description(Turn& turn) {
  return {.session_id = std::to_string(random_below(turn.world.random, 1'000'000'000) + 1)};
}

msrp::SessionSettings session_settings(const Turn& turn, const cpm::MsrpMedia& ours,
                                       const cpm::MsrpMedia& theirs, msrp::Setup setup) {
  msrp::SessionSettings settings{.local = ours.path.front(),
                                 .remote = theirs.path,
                                 .fingerprints = theirs.fingerprints,
                                 .setup = setup,
                                 .connect_to = {},
                                 .receive = {}};
  if (setup == msrp::Setup::active) settings.connect_to = cpm::connect_target(theirs, ours.cema);
  settings.match = turn.policy.media.path_match;
  settings.max_chunk = turn.policy.media.max_chunk;
  return settings;
}

void give_up_copies(Turn& turn, ParticipantLeg& leg) {
  for (auto& [id, key] : leg.copies) {
    turn.notices.emplace_back(CopyNews{.group = leg.group,
                                       .key = std::move(key),
                                       .recipient = leg.participant,
                                       .fate = CopyNews::Fate::failed});
  }
  leg.copies.clear();
  for (const auto& [id, report] : leg.reports)
    turn.notices.emplace_back(ReportLost{.group = leg.group, .report = report});
  leg.reports.clear();
}

void open_media(Turn& turn, GroupId group, ParticipantLeg& leg, msrp::Setup setup) {
  give_up_copies(turn, leg);
  close_session(turn, leg.session);
  auto settings = session_settings(turn, leg.ours, leg.theirs, setup);
  settings.receive = {.into = msrp::Receive::Into::memory,
                      .max_octets = turn.policy.media.max_message_octets,
                      .expected_octets = {}};
  settings.hold_answers = true;  // 9.2.12: CPIM From is checked first
  leg.session = open_session(turn, std::move(settings), OfParticipant{group, leg.id});
  leg.media_lost_until.reset();
}

void end_leg(Turn& turn, ParticipantLeg& leg, std::string_view reason) {
  give_up_copies(turn, leg);
  cancel_invite(turn, leg.invite);
  hang_up_and_close(turn, leg.dialog, leg.session, reason);
}

}  // namespace convene::controlling
