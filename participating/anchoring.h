#pragma once

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "base/random.h"
#include "cpm/msrp_media.h"
#include "participating/media_relay.h"
#include "participating/side.h"
#include "sip/hop.h"
#include "sip/message.h"

namespace convene::participating {

// An m-line as one side has it: our URI in what we said to it, and its own description.
struct LineEnd {
  msrp::Uri local = {};
  std::optional<cpm::MsrpMedia> peer = {};
  std::optional<msrp::Setup> setup = {};  // ours, once both have spoken
};
struct AnchoredLine {
  Carries carries = Carries::chat;
  std::array<LineEnd, 2> ends = {};   // by Side
  std::optional<RelayId> relay = {};  // once it is agreed on
};
using AnchoredLines = std::vector<std::optional<AnchoredLine>>;  // by index of the m-line

// An offer on its way, and then what it was answered. RFC 3264
struct Proposal {
  Side offerer = Side::caller;
  AnchoredLines lines = {};
  std::string offered = {};  // the body as we sent it on
  bool is_agreed = false;
};

// Where our endpoint listens, and chance for the session-ids.
struct AnchorAddress {
  const sip::HostPort& listener;
  const std::optional<msrp::SecureAddress>& secure;  // for lines in TLS, which stay so
  Random& random;
};

// Puts our own path in place of the offerer's in every m-line of MSRP that we have an address for,
// and remembers both; everything else of the description stays. A line that is as it was, and whose
// relay is_alive, keeps its paths. Nothing: no such line.
std::optional<Proposal> anchor_offer(sip::Message& message, Side offerer, Carries carries,
                                     const AnchoredLines& current,
                                     const std::function<bool(RelayId)>& is_alive,
                                     const AnchorAddress& at);

// The same with the answer. What it refuses, or what is no answer, is anchored no more.
void anchor_answer(sip::Message& message, Proposal& proposal, const AnchorAddress& at);

// A path of ours for one more session, at that listener. RFC 4975 14.1
msrp::Uri new_uri(const AnchorAddress& at, bool is_secure);

// How an end's MSRP session is opened. After the answer.
msrp::SessionSettings session_settings(const LineEnd& end);

}  // namespace convene::participating
