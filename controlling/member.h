#pragma once

#include <optional>
#include <string>

#include "conference/conference_info.h"

namespace convene::controlling {

// How a member stands while it has no leg, and how it came and went: conversation 7.
struct Standing {
  conference::Status status = conference::Status::pending;
  std::optional<conference::DisconnectionMethod> left_by = {};
  std::string reason = {};  // SIP;cause=603;text="Decline"
  std::string when = {};    // RFC 3339
  std::string by = {};      // who did it, as the others see them; empty: nobody else
  bool operator==(const Standing&) const = default;
};

// Somebody who belongs to the group, in the session or not.
struct Member {
  std::string address;  // CPM address, normalised: what tables are keyed by
  std::string display = {};
  std::string nickname = {};          // RFC 7701
  std::string pseudonym = {};         // shown instead of the address; empty: not anonymous (G-36)
  std::string request_uri = {};       // where to invite: the address, or a GRUU
  std::string session_replaces = {};  // for the first INVITE
  bool is_creator = false;
  bool is_cpm_user = false;   // has joined with a device of its own: no ISF any more (A6)
  bool has_answered = false;  // joined or declined once: it has said whether it is to be known
  Standing standing = {};

  bool operator==(const Member&) const = default;

  // Who the others see. R1.19
  const std::string& shown_address() const { return pseudonym.empty() ? address : pseudonym; }
  std::string shown_display() const { return pseudonym.empty() ? display : std::string{}; }
};

}  // namespace convene::controlling
