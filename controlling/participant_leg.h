#pragma once

#include <map>
#include <optional>
#include <string>

#include "controlling/identifiers.h"
#include "controlling/report_ledger.h"
#include "controlling/snapshot.h"
#include "controlling/turn.h"
#include "cpm/capabilities.h"
#include "cpm/session_offer.h"
#include "msrp/endpoint.h"
#include "sip/user_agent.h"

namespace convene::controlling {

// One device of a participant in the session: its dialog, its MSRP session, and what its Contact
// says (G-39).
struct ParticipantLeg {
  LegId id;
  GroupId group;
  std::string participant;  // the member's address
  LegState state = LegState::inviting;
  bool dialed_in = false;  // it called us

  std::string contact;             // its device
  cpm::Capabilities capabilities;  // R1.21; of the newest INVITE, 2xx or target refresh (A20, G-40)

  std::optional<sip::RequestId> invite;  // while inviting
  Deadline invited_until;                // while inviting: CANCEL then
  std::string inviter;                   // Referred-By, if it is not who made the session
  std::optional<sip::DialogId> dialog;   // from the 2xx on
  std::optional<msrp::SessionKey> session;
  bool went_to_interworking = false;  // R1.16: once

  cpm::DescriptionId description;  // of our SDP
  cpm::MsrpMedia ours, theirs;
  std::map<msrp::OutgoingId, ReportKey> copies;       // under way, of messages that ask for reports
  std::map<msrp::OutgoingId, std::uint64_t> reports;  // under way, by their number in the group
  Deadline media_lost_until;  // BYE then, unless the peer brings new media (G-26)

  // CPM 9.2.12, R1.23: chat goes to those who are in, and do not only send.
  bool takes_chat() const {
    return state == LegState::joined && session &&
           (theirs.direction == sdp::Direction::sendrecv ||
            theirs.direction == sdp::Direction::recvonly);
  }
};

// What our SDP says for an MSRP session of ours, and for a chat with `wrapped_types`; a new
// session-id each time. RFC 4975 14.1, RFC 7701 8
enum class Security { plain, tls };
cpm::MsrpMedia msrp_media(Turn& turn, Security security);
cpm::MsrpMedia chat_media(Turn& turn, const sdp::TypeList& wrapped_types, Security security);
Security security_of(const cpm::MsrpMedia& media);
// Of an offer to who has not said anything yet; and what an offer of a peer's is measured by.
Security usual_security(const Turn& turn);
cpm::SecurityTerms security_terms(const Turn& turn);
cpm::DescriptionId new_description(Turn& turn);

// Of an MSRP session between ours and theirs.
msrp::SessionSettings session_settings(const Turn& turn, const cpm::MsrpMedia& ours,
                                       const cpm::MsrpMedia& theirs, msrp::Setup setup);

// What is under way to the leg does not arrive any more.
void give_up_copies(Turn& turn, ParticipantLeg& leg);

// Opens the leg's MSRP session, once both sides' SDP is known. An old one is closed.
void open_media(Turn& turn, GroupId group, ParticipantLeg& leg, msrp::Setup setup);

// Ends what the leg still has: CANCEL, BYE, the MSRP session.
void end_leg(Turn& turn, ParticipantLeg& leg, std::string_view reason);

}  // namespace convene::controlling
