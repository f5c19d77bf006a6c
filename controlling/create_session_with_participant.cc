#include "controlling/create_session_with_participant.h"

#include "controlling/sip_request.h"
#include "cpm/capabilities.h"
#include "cpm/service.h"
#include "sip/fields.h"

namespace convene::controlling {

using sip::Name;

std::string focus_contact(std::string_view focus, std::string_view icsi, const Policy& policy) {
  const auto& services = policy.file_transfer.services;
  return cpm::contact_with_tags(focus,
                                {.icsi = icsi,
                                 .services = services.file_transfer ? services : cpm::Services{},
                                 .is_focus = true});
}

std::string plain_address(std::string_view uri) { return "<" + sip::address_of_record(uri) + ">"; }

// CPM 9.2.10 Create Session with a Participant
sip::Message create_session_with_participant(const InvitedTo& group, const Invitation& invitation,
                                             const Invitee& invitee,
                                             const sdp::SessionDescription& offer,
                                             std::string_view call_id, const Policy& policy) {
  // (1) A fresh initial INVITE. (11) Request-URI: the participant. R1.1, R1.11
  auto invite = begin_request("INVITE", invitee.request_uri, "<" + group.focus + ">",
                              plain_address(invitee.request_uri), call_id);

  // (3) The IARI tags of our file transfer services. (5) The Group Session Identity, the session's
  // ICSI, isfocus. R1.3, R1.5
  invite.add(Name::contact, focus_contact(group.focus, cpm::icsi::session, policy));

  // (4) Every Accept-Contact received. R1.4
  for (const auto& value : invitation.accept_contacts) invite.add(Name::accept_contact, value);

  // (2) The session's ICSI, if some were received and none holds it. R1.2
  if (!invitation.accept_contacts.empty() && !invitation.has_session_icsi) {
    invite.add(Name::accept_contact, cpm::accept_contact(cpm::icsi::session));
  }

  // (10) a, b: the session's identity, or the pre-defined group's, is who asks. R1.10a
  invite.add(Name::p_asserted_identity, group.asserted);

  // (12) Who invited. R1.12
  invite.add(Name::referred_by, sip::to_text(sip::NameAddr{
                                    .display = {}, .uri = invitation.inviter.uri, .params = {}}));

  // (8) Anonymity that was asked for is asked for again. R1.8
  if (invitation.wants_anonymity) invite.add(Name::privacy, "id");

  // The ".group" variant is passed on to those who know it (G-42).
  const bool is_session = cpm::service_of_icsi(invitation.service) == cpm::Service::session;
  invite.add(Name::p_asserted_service, is_session ? invitation.service : cpm::icsi::session);

  // (13) The ids. R1.13
  cpm::write_ids(invite, invitation.ids);
  if (!invitee.session_replaces.empty()) {
    invite.add(Name::session_replaces, invitee.session_replaces);
  }

  // (14) The group's Subject wins; an ad-hoc group passes on what it received (A17). R1.14
  const auto& subject = group.group_subject.value_or(invitation.subject);
  if (!subject.empty()) invite.add(Name::subject, subject);

  // (7), (6) Session timers, which the participant shall refresh. R1.6, R1.7
  invite.add(Name::supported, "timer");
  if (policy.group.session_expires.count() > 0) {
    invite.add(Name::session_expires,
               sip::to_text(sip::SessionExpires{.interval = policy.group.session_expires,
                                                .refresher = sip::Refresher::uas}));
  }
  invite.add(Name::allow, allowed_methods);

  // (9) Our own offer. R1.9
  invite.set_body("application/sdp", sdp::to_text(offer));
  return invite;
}

}  // namespace convene::controlling
