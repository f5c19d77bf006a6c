#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "cpm/file_transfer_offer.h"
#include "msrp/endpoint.h"
#include "sip/message.h"
#include "sip/user_agent.h"

namespace convene::client {

// A standalone message in large message mode: one CPIM message over an MSRP session of its own.
// CPM 7.2.1.2
struct LargeMessage {
  bool is_ours = true;                   // we send it
  std::string imdn_id;                   // sending
  std::string octets;                    // sending: the CPIM, until it leaves
  std::optional<sip::RequestId> invite;  // sending: set until it is answered
  std::optional<sip::Message> request;   // receiving: the INVITE, until its message is here

  cpm::FileMedia ours;
  std::optional<cpm::MsrpMedia> theirs;
  std::string description;  // what our SDP said, for repetition
  std::optional<sip::DialogId> dialog;
  std::optional<msrp::SessionKey> media;
  Deadline give_up;  // nobody answers, or no message comes, or its sender does not hang up
};

}  // namespace convene::client
