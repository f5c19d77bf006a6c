#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/surroundings.h"
#include "controlling/addresses.h"
#include "controlling/group_documents.h"
#include "controlling/group_record.h"
#include "controlling/identifiers.h"
#include "controlling/policy.h"
#include "controlling/report_ledger.h"
#include "controlling/transfer_queue.h"
#include "cpm/refusal.h"
#include "msrp/endpoint.h"
#include "sip/user_agent.h"

namespace convene::controlling {

// Whose a request, a dialog or an MSRP session is.
struct OfParticipant {
  GroupId group;
  LegId leg;
};
struct OfSubscription {
  GroupId group;
};
struct OfReferral {  // the dialog that a REFER made. RFC 3515 2.4.4
  GroupId group;
};
struct OfFileSender {
  TransferId transfer;
};
struct OfFileReceiver {
  TransferId transfer;
  LegId leg;
};
struct OfReport {
  GroupId group;
};
struct OfMessageCopy {
  MessageId message;
};
struct OfHeldRequest {  // waits for a group document
  DocumentId document;
};
using Owner = std::variant<OfParticipant, OfSubscription, OfReferral, OfFileSender, OfFileReceiver,
                           OfReport, OfMessageCopy, OfHeldRequest>;

// From the ids of the protocol machines to ours.
struct Tables {
  std::map<sip::RequestId, Owner>
      requests;  // of ours without a final response that somebody waits for
  std::map<sip::ServerTransactionId, Owner>
      invites;  // INVITEs of peers that we have not answered yet
  std::map<sip::DialogId, Owner> dialogs;
  std::map<msrp::SessionKey, Owner> sessions;
  std::map<sip::DialogId, msrp::SessionKey> closing;  // until our BYE is answered
  std::uint64_t last_id = 0;                          // of groups, transfers and legs

  std::size_t size() const {
    return requests.size() + invites.size() + dialogs.size() + sessions.size() + closing.size();
  }
};

// What a group session lets the file transfers know, and they it.
struct ParticipantJoined {
  GroupId group;
  LegId leg;
};
struct SessionReleased {
  GroupId group;
};
struct ParticipantRemoved {  // booted
  GroupId group;
  std::string address;
};
// What became of one copy of a message or file that asks for reports.
struct CopyNews {
  enum class Fate { begins, arrived, failed };
  GroupId group;
  ReportKey key;
  std::string recipient;
  Fate fate = Fate::begins;
};
// The MSRP session that a report was on its way in is no more, and nobody knows whether it arrived.
struct ReportLost {
  GroupId group;
  std::uint64_t report = 0;  // its number in the group
};
using Notice =
    std::variant<ParticipantJoined, SessionReleased, ParticipantRemoved, CopyNews, ReportLost>;

class KeptFiles;

// What every procedure of the focus works with, for the time of one input; never kept.
struct Turn {
  const Policy& policy;
  const Surroundings& world;
  const Addresses& addresses;
  sip::UserAgent& agent;
  msrp::Endpoint& media;
  msrp::BodyStore& bodies;
  Tables& tables;
  TransferQueue& queue;
  KeptFiles& kept_files;
  TimePoint now;
  sip::UserAgentOutput& sip;
  msrp::Output& msrp;
  std::vector<Notice>& notices;
  std::vector<Store>& stores;
  std::vector<FetchDocument>& fetches;

  std::uint64_t next_id() { return ++tables.last_id; }
  std::string date_time() const { return to_rfc3339(world.calendar.at(now)); }
};

// What the focus understands; it subscribes to nothing.
inline constexpr std::string_view allowed_methods =
    "INVITE, ACK, CANCEL, BYE, UPDATE, MESSAGE, REFER, SUBSCRIBE, OPTIONS";

// Requests and answers that enter the tables with their owner.
void send_invite(Turn& turn, sip::Message invite, Owner owner,
                 std::optional<sip::RequestId>& request);
std::optional<sip::DialogId> accept(Turn& turn, sip::ServerTransactionId transaction,
                                    sip::Message response, Owner owner);
// The refusal's detail is its line in the log: with the section, and why.
void refuse(Turn& turn, sip::ServerTransactionId transaction, const sip::Message& request,
            const cpm::Refusal& refusal);
cpm::Refusal within(std::string_view section, cpm::Refusal refusal);

// Opens an MSRP session and enters it into the tables.
msrp::SessionKey open_session(Turn& turn, msrp::SessionSettings settings, Owner owner);

// Each forgets what it ends, and does nothing where there is nothing.
void close_session(Turn& turn, std::optional<msrp::SessionKey>& session);
void hang_up(Turn& turn, std::optional<sip::DialogId>& dialog,
             std::string_view reason);  // BYE; reason: a Reason value or empty
void cancel_invite(Turn& turn, std::optional<sip::RequestId>& request);

// BYE, and the MSRP session goes when that is over: its peer hears of the end by SIP, and does not
// take it for a lost connection.
void hang_up_and_close(Turn& turn, std::optional<sip::DialogId>& dialog,
                       std::optional<msrp::SessionKey>& session, std::string_view reason);
void hung_up(Turn& turn, sip::DialogId dialog);  // that BYE is over

}  // namespace convene::controlling
