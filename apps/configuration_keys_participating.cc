#include "apps/configuration_sections.h"
#include "apps/text_rules.h"

namespace convene::apps {

Section participating_section(Configuration::Participating& c) {
  return {
      "participating",
      "The Participating Function: between a user's client and everybody else (CPM 8.3). With "
      "[registrar] it serves its users; else whom a SIP/IP core routes to it.",
      {
          {"enabled", &c.enabled, "Whether this server has one."},
          {"uri", Text{&c.uri, sip_uri_or_nothing},
           "What its Route and Record-Route say, without lr; empty: sip:pf@ and our address. "
           "No other URI of ours may look so."},
          {"domains", Texts{&c.domains, any_text}, "Whose users it serves. From all others: 403."},
          {"max_calls", Number{&c.max_calls, 10, 10'000'000},
           "Dialogs and requests at one time; beyond: 503."},
          {"max_forks", Number{&c.max_forks, 1, 1'000},
           "Answers to one request that make a dialog each; further ones get lost."},
          {"invitation_timeout", Seconds{&c.invitation_timeout, 10, 3'600},
           "An INVITE without a final answer is cancelled then."},
          {"idle_dialog", Seconds{&c.idle_dialog, 600, year},
           "A dialog without session timer is ended after so long without a word."},
          {"preferences_directory", Text{&c.preferences_directory, any_text},
           "Of the users' preferences: *.xml, read at the start and at SIGHUP; empty: none."},
          {"offline_storage", &c.offline_storage,
           "Whether history is kept for users who do not say (<allow-offline-storage>)."},
          {"delivery", choice(c.delivery, {"refuse", "defer"}),
           "What becomes of messages for users who are away and do not say (<delivery>). Nothing "
           "is deferred unless [state] is enabled."},
          {"deferral_ttl", Seconds{&c.deferral_ttl, 1, year},
           "How long a deferred message or file waits; one that says less (Expires, "
           "Message-Expires) waits less."},
          {"deferral_max_messages", Number{&c.deferral_max_messages, 1, 1'000'000},
           "Deferred for one user; beyond: 480."},
          {"deferral_quota", Number{&c.deferral_quota, 1'000, any_size},
           "Octets deferred for one user, with files; beyond: 480."},
          {"deferral_max_file", Number{&c.deferral_max_file, 0, any_size},
           "Octets of a file or large message that is deferred; a larger one is refused as if it "
           "were not. 0: none are. Needs [listen] participating_msrp."},
          {"deferral_max_sessions", Number{&c.deferral_max_sessions, 1, 100'000},
           "Files and large messages that are taken for users who are away, at one time; as many "
           "are pushed. What is beyond is not deferred, or pushed later."},
          {"deferral_max_total", Number{&c.deferral_max_total, 1, 1'000'000'000},
           "Messages deferred for all; beyond: 503."},
          {"deferral_retry", Seconds{&c.deferral_retry, 1, 86'400},
           "When a registered user who could not be reached, or who sent a message, is tried "
           "again."},
          {"core_route", Text{&c.core_route, sip_uri_or_nothing},
           "The SIP/IP core by which reports on deferred messages leave, and these themselves, "
           "without lr; empty: the way by which a message came. With [registrar] it is that."},
          {"delivery_route", Text{&c.delivery_route, sip_uri_or_nothing},
           "Another one for the messages: to the user's clients and past this server, whose "
           "services they have had. Without lr; empty: core_route."},
          {"history_timeout", Seconds{&c.history_timeout, 0, 20},
           "A BYE or MESSAGE is answered then, even if the store has not told a Message-UID."},
          {"max_media", Number{&c.max_media, 1, 1'000'000},
           "MSRP m-lines at one time that pass through it to be recorded; those of further calls "
           "pass by, and are not."},
          {"max_stored_file", Number{&c.max_stored_file, 0, any_size},
           "A larger file is only described in the history."},
          {"max_sessions_of_user", Number{&c.max_sessions_of_user, 1, 10'000},
           "Sessions that are remembered of each user, to know the files sent in them."},
          {"max_sessions", Number{&c.max_sessions, 10, 10'000'000}, "The same, of all users."},
          {"max_waiting_records", Number{&c.max_waiting_records, 1, 1'000'000},
           "Records that the store has not kept and that are in memory; further ones are lost."},
      }};
}

}  // namespace convene::apps
