#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "client/client.h"
#include "client/file_intake.h"
#include "conference/conference_info.h"
#include "cpim/message.h"
#include "cpm/file_transfer_offer.h"
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
  std::vector<std::string> members;  // whom we invited
  cpm::Capabilities capabilities;    // of the other side's Contact

  std::optional<sip::RequestId> invite;  // set while creating
  Deadline give_up;                      // set while creating: nobody answers
  Deadline idle;                         // between two: nothing is said. Conversation 5
  GroupInvite invite_kind = GroupInvite::creation;
  bool was_given_up = false;             // that INVITE was cancelled by us
  std::optional<Invitation> invitation;  // set while invited
  std::optional<GroupId> replaces;       // set while accepting
  std::optional<sip::DialogId> dialog;   // set while accepting and active

  cpm::DescriptionId description_id;
  cpm::MsrpMedia ours;
  std::optional<cpm::MsrpMedia> theirs;
  std::string description;  // what our SDP said, for repetition
  std::optional<msrp::SessionKey> media;
  bool is_bound = false;

  std::optional<Subscription> subscription;
  std::vector<TransferId> waiting_files;  // until the session is up. R4.8
};

// A file offer that waits for the user's word.
struct PendingOffer {
  sip::ServerTransactionId transaction;
  sip::Message request;
  cpm::FileTransferOffer offer;
  std::size_t index = 0;  // of the m-line that we take
  TimePoint give_up;
};

struct FileTransfer {
  TransferDirection direction = TransferDirection::sending;
  TransferState state = TransferState::waiting;
  GroupId group;
  std::string name;
  std::string type;
  std::uint64_t size = 0;
  std::uint64_t octets = 0;
  std::string imdn_id;  // empty: no reports

  // sending
  std::optional<FileToSend> file;
  std::string to;  // the Request-URI
  cpm::Ids ids;
  cpm::FileTransferOffer offer;  // as sent
  std::optional<sip::RequestId> invite;
  std::uint64_t prefix_octets = 0;  // of a CPIM wrapper before the file

  // receiving
  std::optional<PendingOffer> pending;       // set while offered
  std::optional<cpim::Message> wrapper;      // asks for reports. Conversation 14.6
  std::unique_ptr<FileIntake> intake;        // set from accept to the end
  std::optional<msrp::IncomingId> incoming;  // its message, set while octets of it have come
  bool hash_is_known = false;

  cpm::MsrpMedia ours;
  std::optional<cpm::MsrpMedia> theirs;  // set once one of us has accepted
  std::string description;
  std::optional<sip::DialogId> dialog;
  std::optional<msrp::SessionKey> media;
  Deadline hang_up;  // a received file is whole, or was refused: BYE if its sender does not
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

inline cpm::Refusal refusal(int status, std::string why) {
  return {.status = status, .warning = {}, .detail = std::move(why)};
}

// Whose a request, a dialog, an INVITE, an MSRP session is.
struct OfRegistration {};
struct OfSubscription {
  GroupId group;
};
struct OfReport {};
using RequestOwner = std::variant<OfRegistration, GroupId, OfSubscription, TransferId, OfReport>;
using DialogOwner = std::variant<GroupId, OfSubscription, TransferId>;
using OfferOwner = std::variant<GroupId, TransferId>;

// A message of somebody's that asked for a display report, without its body.
struct Unread {
  GroupId group;
  std::string id;
  cpim::Message message;
  std::string conversation;
};

// A nickname that was asked for.
struct Nickname {
  GroupId group;
  std::string nickname;
};

// A message or file of ours that reports may come about.
struct Reported {
  std::string id;
  GroupId group;
};

inline constexpr std::string_view allowed_methods =
    "INVITE, ACK, CANCEL, BYE, UPDATE, MESSAGE, NOTIFY, OPTIONS";
inline constexpr std::string_view call_completed = "SIP;cause=200;text=\"Call completed\"";  // R6.4
inline constexpr std::string_view composing_type = "application/im-iscomposing+xml";  // RFC 3994
inline constexpr std::size_t max_unread = 1'000;
inline constexpr std::size_t max_reported = 5'000;

}  // namespace convene::client
