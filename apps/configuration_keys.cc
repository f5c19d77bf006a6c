#include "apps/configuration_keys.h"

#include <utility>

#include "apps/text_rules.h"

namespace convene::apps {
namespace {

constexpr std::uint64_t any_size = 1ull << 40;
constexpr std::uint64_t year = 31'536'000;

template <class Enum>
Choice choice(Enum& value, std::vector<std::string_view> words) {
  return {std::move(words), [&value] { return static_cast<std::size_t>(value); },
          [&value](std::size_t index) { value = static_cast<Enum>(index); }};
}

Section listen_section(Configuration::Listen& c) {
  return {"listen",
          "Where the server listens. A port of 0 lets the system choose.",
          {
              {"udp", Texts{&c.udp, host_port}, "SIP over UDP."},
              {"tcp", Texts{&c.tcp, host_port}, "SIP over TCP."},
              {"tls", Texts{&c.tls, host_port}, "SIP over TLS; needs [tls]."},
              {"msrp", Text{&c.msrp, host_port}, "MSRP over TCP: chat and files."},
              {"public_sip", Text{&c.public_sip, host_port_or_nothing},
               "What Via and Contact say instead, behind an address translator."},
              {"public_msrp", Text{&c.public_msrp, host_port_or_nothing},
               "What a=path says instead, behind an address translator."},
          }};
}

Section tls_section(Configuration::Tls& c) {
  return {"tls",
          "Files in PEM form.",
          {
              {"certificate", Text{&c.certificate, any_text}, "Our certificate and its chain."},
              {"private_key", Text{&c.private_key, any_text}, "Its key."},
              {"authorities", Text{&c.authorities, any_text},
               "Whose certificates we believe; empty: those of the system."},
              {"require_client_certificate", &c.require_client_certificate,
               "Whether a peer that connects has to show one."},
          }};
}

Section sip_section(Configuration::Sip& c) {
  return {"sip",
          "Signalling.",
          {
              {"domain", Text{&c.domain, host}, "The domain of our users and services."},
              {"trusted_peers", Texts{&c.trusted_peers, network},
               "Addresses and networks whose P-Asserted-Identity counts (RFC 3325). From all "
               "others it is "
               "removed."},
              {"outbound_proxy", Text{&c.outbound_proxy, sip_uri_or_nothing},
               "Where requests outside a dialog go; empty: where their URI says."},
              {"max_header_octets", Number{&c.max_header_octets, 4'096, 1'048'576},
               "Of the start line and all headers of a message."},
              {"max_body_octets", Number{&c.max_body_octets, 4'096, 16'777'216},
               "Of a message's body."},
              {"max_transactions", Number{&c.max_transactions, 10, 10'000'000},
               "At one time; beyond: 503, before any state is made."},
              {"max_dialogs", Number{&c.max_dialogs, 10, 10'000'000}, "At one time."},
              {"min_se", Seconds{&c.min_se, 90, year},
               "Shortest session interval that is accepted; below: 422 (RFC 4028)."},
              {"retry_after", Seconds{&c.retry_after, 1, 3'600}, "Said with 503."},
          }};
}

Section registrar_section(Configuration::Registrar& c) {
  return {
      "registrar",
      "A stand-in for the SIP/IP core: registration, digest, asserted identity, routing to the "
      "users. Off behind "
      "an IMS.",
      {
          {"enabled", &c.enabled, "Whether this server is also the registrar of its domain."},
          {"open", &c.open,
           "Whoever comes from this machine is who it says it is. Only with listeners on loopback "
           "addresses."},
          {"realm", Text{&c.realm, any_text}, "Of the digest challenges; empty: the domain."},
          {"min_expires", Seconds{&c.min_expires, 1, year}, "Shorter registrations get 423."},
          {"default_expires", Seconds{&c.default_expires, 1, year},
           "Of a registration that does not say."},
          {"max_expires", Seconds{&c.max_expires, 1, year}, "Longer registrations are shortened."},
          {"nonce_age", Seconds{&c.nonce_age, 10, 86'400}, "How long a nonce can be used."},
          {"failures_per_source", Number{&c.failures_per_source, 1, 10'000},
           "Wrong passwords a minute from one address; then 403."},
          {"users", Users{&c.users}, "Who may register, besides those of an open registrar."},
      }};
}

// How a session ends, and what is left of it.
std::vector<Key> release_keys(Configuration::Group& c) {
  return {
      {"release_when_creator_leaves", &c.release_when_creator_leaves,
       "Whether the session ends when its creator leaves."},
      {"min_joined", Number{&c.min_joined, 0, 10'000},
       "The session ends when fewer are joined; members may come back."},
      {"min_members", Number{&c.min_members, 0, 10'000},
       "The group is forgotten when it has fewer members: BYE with 410 Gone."},
      {"idle", Seconds{&c.idle, 0, year}, "The session ends without chat for so long."},
      {"longest", Seconds{&c.longest, 0, 10u * year}, "The session ends after so long."},
      {"long_lived", &c.long_lived,
       "Whether the group outlives its session, so that members can rejoin (CPM 9.2.7 (5))."},
      {"keep_state", Seconds{&c.keep_state, 0, 10u * year}, "How long it does."},
      {"decline_603_leaves", &c.decline_603_leaves,
       "Whether a member that declines an invitation has left the group."},
      {"lost_leg_grace", Seconds{&c.lost_leg_grace, 0, 3'600},
       "From the loss of a member's MSRP connection to our BYE."},
  };
}

// Members that are added and removed. Conversation 6.5, 6.6
std::vector<Key> refer_keys(Configuration::Group& c) {
  return {
      {"invitation_timeout", Seconds{&c.invitation_timeout, 10, 3'600},
       "A device that only rings so long is given up."},
      {"administrators", Texts{&c.administrators, sip_uri},
       "Who may remove members of any group and end its session, if they are in it."},
      {"creator_may_remove", &c.creator_may_remove, "Whether a group's creator may, too."},
      {"invitations_by_refer", Number{&c.invitations_by_refer, 1, 1'000},
       "So often within refer_period members may have one and the same user invited; beyond: 403."},
      {"refer_period", Seconds{&c.refer_period, 1, year}, "See invitations_by_refer."},
      {"max_referrals", Number{&c.max_referrals, 1, 10'000},
       "REFERs of one group whose senders are being told the outcome (RFC 3515); beyond: 503."},
  };
}

std::vector<Key> chat_keys(Configuration::Group& c) {
  return {
      {"nicknames", &c.nicknames, "Whether NICKNAME is offered (RFC 7701 7)."},
      {"private_messages", &c.private_messages,
       "Whether private messages are offered (RFC 7701 6)."},
      {"echo_to_own_devices", &c.echo_to_own_devices,
       "Whether a sender's other devices get a copy."},
      {"wrapped_types", Texts{&c.wrapped_types, content_type},
       "What may be in a chat message; \"*\": all that the creator lists."},
      {"max_reported_messages", Number{&c.max_reported_messages, 0, 1'000'000},
       "Of one group: the newest messages and files that disposition notifications may be about."},
      {"max_waiting_reports", Number{&c.max_waiting_reports, 0, 100'000},
       "Of one group: disposition notifications kept for members that cannot be reached now."},
      {"notify_interval", Seconds{&c.notify_interval, 0, 3'600},
       "Between two NOTIFYs to one subscriber (RFC 4575 3.9), but for the first and the last."},
      {"subscription_expires", Seconds{&c.subscription_expires, 60, 86'400},
       "Of a conference subscription that does not say, and the most one gets."},
      {"max_subscriptions_per_member", Number{&c.max_subscriptions_per_member, 1, 10'000},
       "Beyond: 403."},
  };
}

Section group_section(Configuration::Group& c) {
  Section section{
      "group",
      "The Controlling Function: group sessions. A time of 0 means never.",
      {
          {"factory", Text{&c.factory, sip_uri},
           "The conference-factory URI: an INVITE to it creates an open group. {domain} stands for "
           "[sip] domain."},
          {"closed_factory", Text{&c.closed_factory, sip_uri_or_nothing},
           "The same for closed groups, to which nobody can be added; empty: none."},
          {"focus_host", Text{&c.focus_host, any_text},
           "host or host:port of every focus URI, and the agent of Warning headers."},
          {"focus_parameters", Text{&c.focus_parameters, any_text},
           "Parameters of every focus URI, such as \";transport=tcp\"."},
          {"max_participants", Number{&c.max_participants, 2, 10'000},
           "Members of one group, its creator among them; beyond: 403."},
          {"max_groups", Number{&c.max_groups, 1, 10'000'000},
           "Known, active or not; beyond: 503."},
          {"max_devices", Number{&c.max_devices, 1, 100},
           "Of one member in a session; the oldest has to go."},
          {"require_ids", &c.require_ids,
           "Without Conversation-ID or Contribution-ID an INVITE gets 400; else they are made."},
          {"strangers_may_join", &c.strangers_may_join,
           "Whether an open group admits who was not invited."},
          {"wait_for_first_joiner", &c.wait_for_first_joiner,
           "Whether the creator's 200 waits until somebody joined."},
          {"session_expires", Seconds{&c.session_expires, 0, year},
           "Session-Expires of our INVITEs (CPM 9.2.10 (6)); at least 90."},
          {"allow_anonymity", &c.allow_anonymity,
           "Whether members of an ad-hoc group may be anonymous; else they are removed."},
          {"recipient_list_history", &c.recipient_list_history,
           "Whether the members' INVITEs say who else is invited (RFC 5366 5)."},
          {"interworking", Text{&c.interworking, sip_uri_or_nothing},
           "The Interworking Selection Function, for members who are no CPM users; empty: none."},
          {"not_cpm_statuses", Numbers{&c.not_cpm_statuses, 400, 699},
           "Answers to an INVITE that mean so."},
      }};
  for (auto& keys : {refer_keys(c), release_keys(c), chat_keys(c)}) {
    section.keys.insert(section.keys.end(), keys.begin(), keys.end());
  }
  return section;
}

Section file_transfer_section(Configuration::FileTransfer& c) {
  return {"file_transfer",
          "Files in a group session (CPM 9.3.1).",
          {
              {"enabled", &c.enabled, "Whether the focus takes files at all."},
              {"services", Texts{&c.services, file_transfer_service},
               "What the focus says it supports: ft, ftthumb (thumbnails), ftstandfw (store and "
               "forward)."},
              {"max_size", Number{&c.max_size, 1, any_size},
               "Of a file; beyond: 403 \"133 Size exceeded\"."},
              {"aim_at_device", &c.aim_at_device,
               "Whether only the device in the session is invited ((1) of 9.3.1)."},
              {"unknown_participants", choice(c.unknown_participants, {"skip", "invite"}),
               "Who did not say whether it takes files: not invited, or invited as to a 1-1 "
               "transfer ((3) a, b)."},
              {"unknown_new_contribution", &c.unknown_new_contribution,
               "Whether that 1-1 transfer has a Contribution-ID of its own."},
              {"max_per_participant", Number{&c.max_per_participant, 1, 1'000},
               "Transfers to one participant at one time ((5))."},
              {"queue_per_participant", Number{&c.queue_per_participant, 0, 10'000},
               "Transfers that wait for one participant; beyond it is left out."},
              {"max_transfers", Number{&c.max_transfers, 1, 1'000'000},
               "At one time in this server; beyond: 486."},
              {"originator_answer", choice(c.originator_answer, {"first_acceptance", "immediate"}),
               "When the sender gets its 200."},
              {"answer_timeout", Seconds{&c.answer_timeout, 1, 3'600},
               "How long a participant may take to accept."},
              {"begin_timeout", Seconds{&c.begin_timeout, 1, 3'600},
               "Of a sender whose file does not begin; then the transfer is aborted."},
              {"late_join", Seconds{&c.late_join, 0, 3'600},
               "Who joins the session so long after the beginning gets the file too."},
              {"originator_bye_timeout", Seconds{&c.originator_bye_timeout, 1, 3'600},
               "All have the file and the sender does not hang up: then we do."},
              {"longest", Seconds{&c.longest, 1, 604'800}, "Of a transfer, whatever happens."},
              {"several_files", choice(c.several_files, {"first", "refuse"}),
               "An offer with several files: take the first, or 488."},
              {"removal_ends_files", &c.removal_ends_files,
               "Whether who is removed from the group is removed from its running files."},
              {"keep_wrapper", &c.keep_wrapper,
               "Whether the IMDN wrapper also goes to participants without store and forward."},
              {"spool_directory", Text{&c.spool_directory, any_text},
               "Where files are kept while they are passed on; empty: the system's temporary "
               "directory."},
              {"spool_quota", Number{&c.spool_quota, 1'048'576, any_size},
               "All files together; beyond, new ones are refused."},
              {"free_space_floor", Number{&c.free_space_floor, 0, any_size},
               "What is to stay free on that disk."},
          }};
}

Section interworking_section(Configuration::Interworking& c) {
  return {"interworking",
          "A stub of an Interworking Selection Function, for a lab: answers in the place of users "
          "who are no CPM users, and keeps what it would send on.",
          {
              {"stub", &c.stub,
               "Whether it runs beside this server; [group] interworking is then its address, "
               "unless it says another."},
              {"listen", Text{&c.listen, any_text}, "Its SIP address, TCP."},
              {"routes", Texts{&c.routes, any_text},
               "ADDRESSES=SERVICE: the beginning of an address or an @domain, and sms, mms or "
               "email."},
              {"max_sessions", Number{&c.max_sessions, 1, 100'000}, "Beyond: 480."},
              {"max_kept", Number{&c.max_kept, 0, 1'000'000}, "Messages; the oldest go."},
          }};
}

Section msrp_section(Configuration::Msrp& c) {
  return {
      "msrp",
      "The media plane.",
      {
          {"max_chunk", Number{&c.max_chunk, 2'048, 67'108'864}, "Of the chunks we send."},
          {"relay_max_chunk", Number{&c.relay_max_chunk, 2'048, 67'108'864},
           "The same towards members behind a relay (RFC 4976); some relays take no more."},
          {"chat_max_octets", Number{&c.chat_max_octets, 1'024, 16'777'216},
           "Of a chat message with its CPIM headers; beyond: 413."},
          {"path_match", choice(c.path_match, {"strict", "session-id"}),
           "How To-Path and From-Path are compared; session-id where a border controller rewrites "
           "addresses."},
          {"address_may_differ", &c.address_may_differ,
           "Whether c= and m= may differ from a=path without msrp-cema (RFC 6714 4.3)."},
          {"bind_timeout", Seconds{&c.bind_timeout, 1, 3'600},
           "A session or connection without its peer."},
          {"transaction_timeout", Seconds{&c.transaction_timeout, 1, 3'600},
           "From a chunk's last octet to its response (RFC 4975 7.1.1: 30)."},
          {"header_timeout", Seconds{&c.header_timeout, 1, 3'600},
           "For a header block that has begun."},
          {"stall_timeout", Seconds{&c.stall_timeout, 1, 86'400},
           "A message under way without an octet of progress."},
          {"floor_octets", Number{&c.floor_octets, 1, 16'777'216},
           "Within a chunk so many octets have to come in floor_time; who crawls is closed."},
          {"floor_time", Seconds{&c.floor_time, 1, 3'600}, "See floor_octets."},
          {"keep_alive", Seconds{&c.keep_alive, 0, 3'600},
           "A quiet connection that we opened says an empty SEND; 0: never."},
          {"incomplete_timeout", Seconds{&c.incomplete_timeout, 1, 86'400},
           "Between two chunks of a chat message (RFC 7701 6.1)."},
          {"backlog_octets", Number{&c.backlog_octets, 65'536, 1'073'741'824},
           "Chat that waits for one slow reader."},
          {"backlog_messages", Number{&c.backlog_messages, 1, 1'000'000}, "The same in messages."},
          {"max_outstanding", Number{&c.max_outstanding, 1, 65'536},
           "Chunks without response in one session; then we wait."},
          {"max_incoming_messages", Number{&c.max_incoming_messages, 1, 1'000},
           "Under way in one session."},
          {"max_unbound", Number{&c.max_unbound, 1, 1'000'000},
           "Connections that no session has claimed."},
          {"max_unbound_per_source", Number{&c.max_unbound_per_source, 1, 1'000'000},
           "The same from one address."},
      }};
}

Section state_section(Configuration::State& c) {
  return {"state",
          "What outlives the server: groups, and who belongs to them.",
          {
              {"enabled", &c.enabled,
               "Whether it is on the disk before it is acknowledged; otherwise it ends with the "
               "process."},
              {"directory", Text{&c.directory, any_text},
               "Where, for one server at a time; empty: $STATE_DIRECTORY, or /var/lib/convened for "
               "root, or ~/.local/state/convened."},
              {"answer_timeout", Seconds{&c.answer_timeout, 1, 30},
               "How long a request waits for the disk; then 503 with Retry-After."},
              {"retry_interval", Seconds{&c.retry_interval, 1, 3'600},
               "When a failed disk is tried again, if nobody needs it earlier."},
          }};
}

Section predefined_groups_section(Configuration::PredefinedGroups& c) {
  return {
      "predefined_groups",
      "Groups that have an address, and a document that says who belongs to them (OMA Shared "
      "Group, RFC 4745).",
      {
          {"hosts", Texts{&c.hosts, any_text},
           "host or host:port: every address there is a group's. {domain} stands for [sip] "
           "domain."},
          {"directory", Text{&c.directory, any_text},
           "Documents (*.xml) that are read at the start and at SIGHUP; empty: none."},
          {"xcap", Text{&c.xcap, group_template_or_nothing},
           "Where documents that are not in the directory are fetched, by HTTP GET; {group} "
           "stands for the group's address, percent-encoded. Empty: nowhere."},
          {"xcap_timeout", Seconds{&c.xcap_timeout, 1, 60},
           "How long that may take; then the old document, or 503."},
          {"fresh", Seconds{&c.fresh, 0, year},
           "A document serves so long before it is looked for again (If-None-Match)."},
          {"usable", Seconds{&c.usable, 0, year},
           "... and so long while its server cannot be reached."},
          {"absent", Seconds{&c.absent, 0, year}, "That there is none is believed so long."},
          {"max_document_octets", Number{&c.max_document_octets, 1'024, 262'144}, "Of a document."},
          {"max_members", Number{&c.max_members, 1, 10'000}, "In a document."},
          {"max_cached", Number{&c.max_cached, 1, 1'000'000},
           "Fetched documents that are kept; the oldest goes."},
          {"max_waiting", Number{&c.max_waiting, 1, 10'000},
           "Requests that wait for one document; beyond: 503."},
      }};
}

Section message_section(Configuration::Message& c) {
  return {"message",
          "Standalone messages, to a list or to a pre-defined group.",
          {
              {"max_pager_octets", Number{&c.max_pager_octets, 200, 65'536},
               "Of the CPIM in a SIP MESSAGE; beyond: 413."},
              {"max_large_octets", Number{&c.max_large_octets, 1'024, 1'073'741'824},
               "Of a message in large message mode; beyond: 413."},
              {"recipient_list_history", &c.recipient_list_history,
               "Whether copies say who else gets them (RFC 5365 7.2)."},
              {"max_watched", Number{&c.max_watched, 0, 1'000'000},
               "Messages whose sender is told of copies that fail, at one time."},
          }};
}

Section trace_section(Configuration::Trace& c) {
  return {"trace",
          "What passes on the wire, for `convene trace`.",
          {
              {"file", Text{&c.file, any_text},
               "Appended to; empty: no trace. It has what people write to each other."},
          }};
}

Section log_section(Configuration::Log& c) {
  return {"log",
          "Decisions, one to a line, on standard error.",
          {
              {"level", choice(c.level, {"debug", "info", "warning", "error"}),
               "The least that is said."},
              {"format", choice(c.format, {"text", "json"}), "For people, or for machines."},
          }};
}

}  // namespace

std::vector<Section> sections_of(Configuration& configuration) {
  return {listen_section(configuration.listen),
          tls_section(configuration.tls),
          sip_section(configuration.sip),
          registrar_section(configuration.registrar),
          group_section(configuration.group),
          predefined_groups_section(configuration.predefined_groups),
          message_section(configuration.message),
          file_transfer_section(configuration.file_transfer),
          interworking_section(configuration.interworking),
          msrp_section(configuration.msrp),
          state_section(configuration.state),
          trace_section(configuration.trace),
          log_section(configuration.log)};
}

}  // namespace convene::apps
