#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "controlling/group_record.h"
#include "controlling/identifiers.h"
#include "cpm/session_offer.h"
#include "sip/message.h"
#include "sip/transaction_layer.h"
#include "sip/user_agent.h"

namespace convene::controlling {

// What is still to be done with an INVITE that creates, joins or rejoins, once that is durable.
struct Admission {
  LegId leg;
  cpm::ChatDescription offer;
  bool is_creation = false;
  bool invites = false;  // who has no leg
};

// What is still to be done with a REFER once what it changes is durable: its 202, what its sender
// is told (RFC 3515 2.4.4), the invitations, and the BYEs (CPM 9.2.11).
struct AcceptedRefer {
  bool is_silent = false;               // nobody is told. RFC 4488
  std::optional<sip::DialogId> dialog;  // that it came in; nothing: it makes its own
  std::string inviter;                  // as the others see them
  std::vector<std::string> to_invite;   // members' addresses
  std::vector<std::string> to_remove;   // ...
};

// An answer that may not leave before the change that it acknowledges is durable. CPM 9.2.7 (5)
struct WaitingAnswer {
  sip::ServerTransactionId transaction;
  sip::Message request;
  std::variant<sip::Message, Admission, AcceptedRefer>
      answer;                           // a final response; or how to make it
  std::vector<std::string> added = {};  // members by this request: struck if it cannot be kept

  std::uint64_t revision = 0;  // of the record that has to be stored; 0: not known yet
  TimePoint until = {};        // 503 then
};

// How far the record of one group is durable, and who waits for it. At most one record of a group
// is on its way to the disk; what changes meanwhile goes with the next.
struct DurableState {
  std::optional<GroupRecord> stored;   // is durable
  std::optional<GroupRecord> storing;  // on its way, as `revision`
  std::uint64_t stored_revision = 0;
  std::uint64_t revision = 0;  // the last that was given to be stored
  Deadline again;              // after a failure
  Deadline answers_by;         // of members: kept by then, with what comes meanwhile
  std::vector<WaitingAnswer> waiting;

  Deadline deadline() const {
    auto next = earliest(again, answers_by);
    for (const auto& one : waiting) next = earliest(next, one.until);
    return next;
  }
};

}  // namespace convene::controlling
