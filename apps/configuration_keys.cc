#include "apps/configuration_keys.h"

#include <utility>

#include "apps/configuration_sections.h"
#include "apps/text_rules.h"

namespace convene::apps {
namespace {

Section listen_section(Configuration::Listen& c) {
  return {
      "listen",
      "Where the server listens. A port of 0 lets the system choose.",
      {
          {"udp", Texts{&c.udp, host_port}, "SIP over UDP."},
          {"tcp", Texts{&c.tcp, host_port}, "SIP over TCP."},
          {"tls", Texts{&c.tls, host_port}, "SIP over TLS; needs [tls]."},
          {"msrp", Text{&c.msrp, host_port}, "MSRP over TCP: chat and files."},
          {"msrps", Text{&c.msrps, host_port_or_nothing},
           "MSRP over TLS; empty: none. Its certificate is that of [tls], or one that is made "
           "at the start: SDP tells its fingerprint."},
          {"participating_msrp", Text{&c.participating_msrp, host_port_or_nothing},
           "MSRP over TCP that passes through the Participating Function, which records it: of "
           "users whose history is kept, if there is a [store]. Empty: none passes, and their "
           "history has no chat messages and no files."},
          {"participating_msrps", Text{&c.participating_msrps, host_port_or_nothing},
           "The same over TLS, with the certificate of msrps. Empty: what is over TLS passes by, "
           "and is not recorded."},
          {"public_sip", Text{&c.public_sip, host_port_or_nothing},
           "What Via and Contact say instead, behind an address translator."},
          {"public_msrp", Text{&c.public_msrp, host_port_or_nothing},
           "What a=path says instead, behind an address translator."},
          {"public_msrps", Text{&c.public_msrps, host_port_or_nothing},
           "The same of MSRP over TLS."},
          {"public_participating_msrp", Text{&c.public_participating_msrp, host_port_or_nothing},
           "The same of the Participating Function."},
          {"public_participating_msrps", Text{&c.public_participating_msrps, host_port_or_nothing},
           "The same of the Participating Function, over TLS."},
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
          {"tls", choice(c.tls, {"off", "accept", "require"}),
           "MSRP over TLS (RFC 4975 14.4): with nobody; with those who offer it, and those who "
           "take nothing else; with everybody. Each member for itself: one group has both."},
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
          participating_section(configuration.participating),
          msrp_section(configuration.msrp),
          state_section(configuration.state),
          store_section(configuration.store),
          trace_section(configuration.trace),
          log_section(configuration.log)};
}

}  // namespace convene::apps
