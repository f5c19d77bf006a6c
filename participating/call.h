#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "participating/anchoring.h"
#include "participating/recording.h"
#include "participating/served_user.h"
#include "participating/side.h"
#include "sip/message.h"
#include "sip/transaction_layer.h"
#include "store/requests.h"

namespace convene::participating {

// One dialog with the caller and one with the callee, which are one to both of them. Several when
// the request forked behind us: RFC 3261 13.2.2.4.
struct Pairing {
  std::string tag_to_caller;  // ours
  std::string callee_tag;
  std::vector<std::string> callee_routes;  // RFC 3261 12.1.2, without ours
  std::string callee_contact;              // where requests go: a URI; empty: not known yet
  bool is_confirmed = false;               // by a 2xx; before, it is early
};

// Everything that belongs to one first request, whatever its method: two sides with Call-IDs, tags
// and route sets of their own. CSeq numbers are those of the peers: nothing is asked twice.
struct Call {
  ServedUser served;
  std::string method;
  std::string target;    // address of record of the Request-URI
  std::string from, to;  // as the caller wrote them

  std::string caller_call_id, caller_tag;  // the caller's dialog; our tag there: its pairing
  std::string callee_call_id, tag_to_callee;
  std::vector<std::string> caller_routes;
  std::string caller_contact;
  std::vector<std::string> record_routes;  // of answers to the first request; ours is the first

  std::vector<Pairing> pairings;
  bool is_beginning = true;  // its first request has no final response yet

  // The highest numbers of each side's requests, for a BYE of our own.
  std::uint32_t caller_sequence = 0, callee_sequence = 0;

  std::optional<Recording> recording;           // of a session or a file transfer
  std::optional<store::RequestId> record = {};  // by which its end is stored

  bool is_anchored = false;                   // its MSRP passes through us
  AnchoredLines lines = {};                   // as agreed on
  std::optional<Proposal> proposal = {};      // the latest offer with its answer
  sip::ServerTransactionId proposed_in = {};  // by the request with that, or by its response

  Pairing* pairing_at(Side side, std::string_view tag);  // the tag of our dialog at that side that
                                                         // differs: ours to the caller, or theirs
  bool makes_dialogs() const;
  Side served_side() const;
};

// A request on its way from one side to the other.
struct Exchange {
  CallId call;
  Side from = Side::caller;
  bool is_first = false;       // it began the call
  bool is_answered = false;    // an INVITE whose 2xx may come again
  bool is_late = false;        // an INVITE that we have cancelled because nobody answered
  bool is_deferrable = false;  // and is taken on behalf of the user if he cannot be reached
  std::string tag_to_caller;   // else: in which pairing
  sip::Message request;        // as it came: answers are made from it
  sip::ClientTransactionId sent;
};

}  // namespace convene::participating
