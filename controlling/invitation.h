#pragma once

#include <string>
#include <vector>

#include "cpm/ids.h"
#include "sip/message.h"
#include "sip/name_addr.h"

namespace convene::controlling {

// What an incoming CPM Session Invitation (or file transfer) says that the INVITEs it leads to
// repeat. CPM 9.2.10
struct Invitation {
  sip::NameAddr inviter;  // authenticated originator's CPM address; no parameters
  std::vector<std::string> accept_contacts;  // each as received
  bool has_session_icsi = false;             // one of them holds the CPM session's
  bool wants_anonymity = false;              // Privacy: id
  std::string service;                       // P-Asserted-Service; empty: none
  std::string subject;
  std::string message_expires;  // Message-Expires, of what may be deferred; empty: none
  cpm::Ids ids;
};

Invitation invitation_of(const sip::Message& request, const sip::NameAddr& originator,
                         const cpm::Ids& ids);

}  // namespace convene::controlling
