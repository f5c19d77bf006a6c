#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "cpm/capabilities.h"
#include "cpm/media_security.h"
#include "cpm/msrp_media.h"
#include "msrp/endpoint.h"
#include "sip/hop.h"
#include "sip/timers.h"
#include "sip/transaction_layer.h"
#include "sip/user_agent.h"

namespace convene::client {

// strict: the letter of the change request. deployed: the habit of RCS clients (A7, A19).
enum class Profile { strict, deployed };

// Where the client can be reached: what its Via, Contact and a=path say.
struct Addresses {
  sip::LocalAddresses sip;
  sip::HostPort msrp;  // port 9: it does not listen, and is always the active side
  std::optional<msrp::SecureAddress> msrps = {};  // the same over TLS; nothing: it speaks none
};

// Who the client is, where its server is, and what it lets happen by itself.
struct Settings {
  std::string address;                          // the user's CPM address: sip:alice@example.com
  std::string display_name;                     // R2.7b; empty: none
  std::optional<sip::Credentials> credentials;  // nothing: never answers a challenge
  std::string instance;                         // +sip.instance, with its <>; empty: none
  std::string device_secret;                    // keys the Contribution-IDs; empty: drawn at start

  std::optional<sip::Destination> outbound;        // registrar and proxy; nothing: by Route or URI
  std::string route;                               // Route of requests outside dialogs; empty: none
  sip::Transport transport = sip::Transport::tcp;  // said in our Contact
  std::string registrar;                           // Request-URI of REGISTER; empty: sip:<domain>
  std::chrono::seconds registration_expires{3'600};  // asked for
  std::string conference_factory;                    // sip:conference-factory@example.com

  bool is_anonymous = false;  // Privacy: id in all that would say who we are. RFC 3325 9.3
  cpm::Services services{true, true, true};  // R2.8: said in every Contact
  bool chat_only = false;                    // R2.9: said when there is no file transfer
  Profile profile = Profile::strict;

  std::uint64_t max_file_size = 104'857'600;     // R4.1f, and of what is received
  std::size_t max_sessions = 50;                 // R2.1: invitations count
  std::size_t max_transfers = 50;                // files, offers count
  std::size_t max_files_per_offer = 16;          // m-lines of one file transfer session
  bool reuses_file_sessions = true;              // R4.2b: for further files to one user
  std::size_t max_begun_files = 8;               // kept to go on with. 0: none
  Duration keep_begun_files{3'600'000};          // for so long
  std::size_t max_messages = 50;                 // in large message mode, both ways
  std::uint64_t max_message_octets = 1'048'576;  // of one, both ways
  std::size_t max_ended_sessions = 100;          // remembered for joining again
  Duration invitation_timeout{60'000};           // R2.5c: of an invitation and of a file offer
  std::optional<int> decline_status;             // R2.5a; nothing: 480 strict, 603 deployed
  std::chrono::seconds session_expires{1'800};   // RFC 4028; 0: no session timer
  Duration answer_timeout{180'000};  // of our INVITE for a session, however long it rings: CANCEL
  Duration idle_timeout{0};          // a session between two without a message: BYE. 0: never
  std::chrono::seconds subscription_expires{3'600};  // of participant information

  std::vector<std::string> wrapped_types{"text/plain", "message/imdn+xml",
                                         "application/im-iscomposing+xml"};  // in CPIM, of a chat

  bool accept_invitations = false;    // by itself
  bool accept_files = false;          // by itself, up to max_file_size
  bool send_delivery_reports = true;  // when asked for

  bool offers_actpass = false;             // RFC 6135 4.2; only if it listens for MSRP
  std::uint64_t max_chunk = 65'536;        // of a file
  std::uint64_t max_chat_octets = 65'536;  // a CPIM message, in or out
  cpm::AddressRule address_rule = cpm::AddressRule::must_match;  // G-22
  msrp::PathMatch path_match = msrp::PathMatch::strict;          // G-22
  cpm::MediaSecurity security = cpm::MediaSecurity::accept;      // RFC 4975 14.4: TLS
  std::optional<msrp::RelaySettings> relay;  // everything goes through it. RFC 4976; nothing: none
  Duration bye_patience{30'000};  // a file is complete and its sender does not hang up: then we do

  std::string product;  // User-Agent and Server; empty: none
  sip::Timers timers;
  msrp::EndpointSettings media;
};

}  // namespace convene::client
