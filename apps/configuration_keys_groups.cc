#include "apps/configuration_sections.h"
#include "apps/text_rules.h"

// What concerns groups, and what goes to many without one.
namespace convene::apps {

namespace {

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

}  // namespace

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
              {"max_kept_files", Number{&c.max_kept_files, 0, 100'000},
               "Files whose transfer broke off, and that may go on; the oldest goes. 0: none."},
              {"max_kept_octets", Number{&c.max_kept_octets, 0, any_size}, "Of all of them."},
              {"keep_files", Seconds{&c.keep_files, 0, 604'800},
               "So long the rest of such a file may be sent, or asked for."},
              {"receiver_retries", Number{&c.receiver_retries, 0, 100},
               "How often a receiver whose connection broke is invited again, for what it lacks."},
              {"receiver_retry_delay", Seconds{&c.receiver_retry_delay, 0, 3'600},
               "... so long after it broke."},
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

}  // namespace convene::apps
