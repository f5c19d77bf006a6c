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
#include "cpm/standalone_message.h"
#include "groups/group_document.h"
#include "sip/uri.h"

namespace convene::controlling {

// Whether members may be added after the creation. Conversation 6.9.
enum class GroupType { open, closed };

// A conference-factory URI, and what kind of group it makes (G-27).
struct Factory {
  std::string uri = "sip:conference-factory@example.com";
  GroupType type = GroupType::open;
};

// Where the focus lives, and the groups it makes.
struct GroupPolicy {
  std::vector<Factory> factories{Factory{}};
  std::string focus_host =
      "cf.example.com";           // host[:port] of every focus URI, and the agent in Warnings
  std::string focus_params = {};  // of every focus URI: ";transport=tcp"

  std::size_t max_participants = 50;  // members of one group, the creator among them; beyond: 403
  std::size_t max_list_entries = 1'000;  // of a recipient list as sent, duplicates too; beyond: 403
  std::vector<std::string> member_domains = {};  // whom a list may name; empty: anybody
  std::size_t max_groups = 100'000;              // known, active or not; beyond: 503
  std::size_t max_devices = 4;                   // legs of one member; the oldest goes
  // Hosts whose every address is a pre-defined group (conversation 6.2): host[:port].
  std::vector<std::string> group_hosts = {};
  bool require_ids =
      false;  // 400 without Conversation-ID or Contribution-ID; else they are made. Conversation 17
  bool strangers_may_join = false;     // an open group admits who was not invited. Conversation 6.3
  bool wait_for_first_joiner = false;  // 200 to the creator only then. Conversation 6.1

  Duration invitation_patience{180'000};  // an invitee that only rings: CANCEL then

  // REFER, conversation 6.5, 6.6
  std::vector<std::string> administrators = {};  // addresses that may remove members
  bool creator_may_remove = true;
  std::size_t max_invitations_by_refer = 5;  // of one address within the period; beyond: 403
  Duration refer_period = std::chrono::minutes{10};
  std::size_t max_referrals = 50;  // of one group, whose senders are told the outcome; beyond: 503

  std::chrono::seconds session_expires{1800};  // 9.2.10 (6); 0: no Session-Expires
  bool allow_anonymity = false;         // 9.2.10, <allow-anonymity> of an ad-hoc group; R1.18
  bool recipient_list_history = false;  // RFC 5366 5: SHOULD; the flows leave it out
  std::optional<std::string> interworking_uri = {};  // ISF. 9.2.10, 6.5; nothing: none
  std::vector<int> not_cpm_statuses{488, 404, 405,
                                    415, 420, 606};  // R1.16, A6: these lead to the ISF

  // Release, conversation 6.8 (9.2.7 (4)). Zero: never.
  bool release_when_creator_leaves = false;
  std::size_t min_joined = 1;             // released when fewer are joined
  std::size_t min_members = 2;            // forgotten when fewer are left: BYE says 410 Gone
  Duration idle = std::chrono::hours{2};  // without chat
  Duration longest{0};
  bool long_lived = true;  // 9.2.7 (5): keeps the group state of a released session
  Duration keep_state = std::chrono::hours{24 * 30};
  Duration keep_dissolved = std::chrono::hours{1};  // for reports on files that outlive the group
  bool decline_603_leaves = false;                  // conversation 6.7
};

// CPM 9.2.12: chat.
struct MediaPolicy {
  std::vector<std::string> wrapped_types{
      "*"};               // what the focus lets through; "*": all that the creator lists
  bool nicknames = true;  // RFC 7701 7
  std::vector<std::string> reserved_nicknames{"anonymous", "all",       "everybody",
                                              "focus",     "moderator", "administrator"};  // 425
  bool private_messages = false;              // RFC 7701 6
  bool echo_to_own_devices = false;           // conversation 12 (6)
  std::uint64_t max_message_octets = 65'536;  // a CPIM message; beyond: 413
  std::size_t max_reported_messages =
      1'000;  // of one group, that disposition notifications may still come about; the newest
  std::size_t max_waiting_reports = 200;  // of one group, for members that cannot be reached now
  Duration lost_leg_grace{30'000};        // MSRP lost: BYE after this (G-26)
  cpm::AddressRule address_rule = cpm::AddressRule::must_match;  // G-22
  msrp::PathMatch path_match = msrp::PathMatch::strict;          // G-22
  std::uint64_t max_chunk = 65'536;                              // of what we send
  cpm::MediaSecurity security = cpm::MediaSecurity::accept;      // RFC 4975 14.4: TLS
};

// CPM 9.2.14: participant information.
struct InformationPolicy {
  std::chrono::seconds expires{3600};  // RFC 4575 3.3
  Duration at_most_every{5'000};       // RFC 4575 3.9, but for the first and the last NOTIFY (G-38)
  std::size_t max_subscriptions_per_member = 50;
  bool display_text = false;    // the flows show addresses only
  bool joining_method = false;  // dialed-in, dialed-out
};

// The service provider's choices that CPM 9.3.1 leaves open.
struct FileTransferPolicy {
  cpm::Services services{true, true,
                         true};  // R1.3: what our Contact says. No file transfer: none in groups
  bool aim_at_device = true;     // (1) R3.4: Accept-Contact with the leg's +sip.instance
  bool invite_not_indicated = false;            // (3) b rather than (3) a
  bool unknown_new_contribution = false;        // (3) b: a Contribution-ID of its own (G-14)
  std::size_t max_running_per_participant = 4;  // (5)
  std::size_t max_queued_per_participant = 16;  // (5) then the participant is left out (G-24)
  std::size_t max_transfers = 1'000;            // of this focus; beyond: 486

  std::uint64_t max_size =
      10'485'760;  // of a file; beyond: 403 "133 Size exceeded". Our a=max-size
  enum class SeveralFiles { first_only, refuse };
  SeveralFiles several_files = SeveralFiles::first_only;  // A24, conversation 17
  bool removal_ends_files = true;  // who is removed gets no more of a file, and sends none (G-07)
  bool keep_wrapper = false;       // also towards participants without store and forward (G-15)

  enum class AnswerSender { at_first_acceptance, at_once };
  AnswerSender answer_sender = AnswerSender::at_first_acceptance;  // G-08
  Duration acceptance_patience{60'000};  // G-08: nobody accepted until then
  Duration begin_patience{120'000};      // answered, and no octet of the file until then: aborted
  Duration late_join{30'000};            // G-06: who joins until then gets the file too
  Duration sender_bye_patience{30'000};  // all have it and the sender does not hang up: then we do
  Duration bye_overtakes{2'000};         // the sender's BYE may come before its last octets
  Duration longest{3'600'000};  // of a transfer, whatever happens: the spool's life is bounded

  // Files that broke off, and may go on: G-29
  std::size_t max_kept_files = 100;               // in this focus; the oldest goes. 0: none is kept
  std::uint64_t max_kept_octets = 1'073'741'824;  // of all of them
  Duration keep_files{600'000};                   // so long the rest may be sent, or asked for
  std::size_t receiver_retries = 1;  // a receiver's connection broke: it is invited again so often
  Duration receiver_retry_delay{2'000};
};

// What of the groups that live long outlives the server. CPM 9.2.7 (5), R6.8
struct StatePolicy {
  bool is_durable = false;   // acknowledged only when stored; else kept in memory alone
  Duration patience{2'000};  // of who waits for that; then 503
  Duration retry{5'000};     // after a failure; a request that needs it tries at once
  Duration answers{1'000};   // who has joined or declined is stored together, within this time
};

// CPM 9.1: standalone messages, to a list or to a pre-defined group.
struct MessagePolicy {
  std::size_t max_pager_octets = cpm::max_pager_octets;  // its CPIM; beyond: 413
  std::uint64_t max_large_octets = 1'048'576;            // large message mode; beyond: 413
  std::size_t max_watched = 10'000;    // whose failing copies are reported; beyond: not reported
  bool recipient_list_history = true;  // RFC 5365 7.2, RFC 5366 5: copies say who else gets it
};

// The documents of pre-defined groups. Conversation 6.2, RFC 4825
struct DocumentPolicy {
  std::string uri_template = {};     // of XCAP GET, with {group}; empty: only what was loaded
  Duration patience{5'000};          // for the XDM server; then the old document, or 503
  Duration fresh_for{60'000};        // a document serves so long before it is looked for again
  Duration usable_for{86'400'000};   // ... and so long while its server cannot be reached
  Duration absent_for{10'000};       // that there is none is believed so long
  std::size_t max_octets = 262'144;  // of a document
  std::size_t max_cached = 10'000;   // documents; the oldest goes
  std::size_t max_waiting = 100;     // requests for one document under way; beyond: 503
  groups::GroupDocumentLimits limits = {};
};

// Every choice the texts leave open, with its default.
struct Policy {
  GroupPolicy group = {};
  MessagePolicy message = {};
  DocumentPolicy document = {};
  MediaPolicy media = {};
  InformationPolicy information = {};
  FileTransferPolicy file_transfer = {};
  StatePolicy state = {};
  std::chrono::seconds retry_after{5};  // said with 503
};

}  // namespace convene::controlling
