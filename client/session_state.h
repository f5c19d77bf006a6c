#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "client/client.h"
#include "client/file_session.h"
#include "conference/conference_info.h"
#include "cpim/message.h"
#include "cpm/ids.h"
#include "cpm/msrp_media.h"
#include "cpm/session_offer.h"
#include "msrp/endpoint.h"
#include "sip/user_agent.h"

namespace convene::client {

// An invitation that waits for the user's word. CPM 7.3.2
struct Invitation {
  sip::ServerTransactionId transaction;
  sip::Message request;
  cpm::ChatDescription offer;
  TimePoint give_up;                // R2.5c
  std::optional<GroupId> replaces;  // the one-to-one session of its Session-Replaces
};

// Participant information about one group. CPM 7.3.10, RFC 4575
struct Subscription {
  std::string call_id;
  std::optional<sip::DialogId> dialog;
  std::optional<conference::ConferenceInfo> known;
  TimePoint last_sent{};
  Deadline refresh;  // a SUBSCRIBE is due: in the dialog, or a new one
  Deadline forget;   // after the session's end: no NOTIFY will come any more
};

// What an INVITE of ours for a session asks for.
enum class GroupInvite {
  between_two,  // of the other user
  creation,     // of the factory, with a list
  joining,      // of the focus
  restart,      // of the factory, with the list and the ids of a group that the focus forgot
};

struct GroupSession {
  SessionState state = SessionState::creating;
  bool is_group = true;
  std::string focus;  // the Group Session Identity: their Contact. R2.6a
  std::string peer;   // between two: the other user's address
  std::string subject;
  cpm::Ids ids;
  std::vector<std::string> members;  // whom we invited; then who is in it, without ourselves
  cpm::Capabilities capabilities;    // of the other side's Contact

  std::optional<sip::RequestId> invite;  // set while creating
  Deadline give_up;                      // set while creating: nobody answers
  Deadline idle;                         // between two: nothing is said. Conversation 5
  GroupInvite invite_kind = GroupInvite::creation;
  bool was_given_up = false;             // that INVITE was cancelled by us
  std::optional<Invitation> invitation;  // set while invited
  std::optional<GroupId> replaces;       // set while accepting
  std::optional<GroupId> extends;        // ours: the session between two that it shall replace
  std::optional<GroupId> replaced_by;    // between two: that group of ours
  std::optional<sip::DialogId> dialog;   // set while accepting and active

  cpm::DescriptionId description_id;
  cpm::MsrpMedia ours;
  std::optional<cpm::MsrpMedia> theirs;
  std::string description;  // what our SDP said, for repetition
  std::optional<msrp::SessionKey> media;
  bool is_bound = false;

  std::optional<Subscription> subscription;
  std::vector<TransferId> waiting_files;  // until the session is up. R4.8
  bool may_rejoin = false;  // it was lost, or the focus released it: EndReason; and not up since
};

// One MSRP session to be opened.
struct MediaPlan {
  const cpm::MsrpMedia& ours;
  const cpm::MsrpMedia& theirs;
  msrp::Setup setup = msrp::Setup::active;
  msrp::Receive receive = {};
  bool hold_answers = false;
  std::uint64_t max_chunk = 65'536;
};

// SHA-1, name, type and size of a file of ours.
sdp::FileSelector selector_of(const FileToSend& file);

inline cpm::Refusal refusal(int status, std::string why) {
  return {.status = status, .warning = {}, .detail = std::move(why)};
}

// Whose a request, a dialog, an INVITE, an MSRP session is.
struct OfRegistration {};
struct OfSubscription {
  GroupId group;
};
struct OfReport {};
struct OfReferral {
  GroupId group;
  Referred::How how = Referred::How::added;
  std::vector<std::string> addresses;
};
struct OfPage {  // a standalone message in pager mode
  std::string imdn_id;
};
using RequestOwner = std::variant<OfRegistration, GroupId, OfSubscription, FileSessionId, OfReport,
                                  OfPage, OfReferral, MessageId>;
using DialogOwner = std::variant<GroupId, OfSubscription, FileSessionId, MessageId>;
using OfferOwner = std::variant<GroupId, FileSessionId, MessageId>;
using MediaOwner = std::variant<GroupId, TransferId, MessageId>;

// A message of somebody's that asked for a display report, without its body.
struct Unread {
  GroupId group;
  std::string id;
  cpim::Message message;
  std::string conversation;
};

// How a message came.
struct Origin {
  std::string conversation;
  std::string asserted = {};  // by SIP MESSAGE: who sent it, an address; in a session: empty
};

// A nickname that was asked for.
struct Nickname {
  GroupId group;
  std::string nickname;
};

// A message of ours under way.
struct Reported {
  std::string id;
  GroupId group;
};

inline constexpr std::string_view allowed_methods =
    "INVITE, ACK, CANCEL, BYE, UPDATE, MESSAGE, NOTIFY, OPTIONS";
inline constexpr std::string_view call_completed = "SIP;cause=200;text=\"Call completed\"";  // R6.4
inline constexpr std::size_t max_known_files = 256;  // ids that a file transfer session remembers
inline constexpr std::size_t session_id_length = 22;
inline constexpr std::size_t max_subject_octets = 1'024;
inline constexpr std::size_t max_unread = 1'000;
inline constexpr std::size_t max_reported = 5'000;
inline constexpr std::size_t max_seen = 2'000;

}  // namespace convene::client
