#include "apps/configuration_sections.h"
#include "apps/text_rules.h"

namespace convene::apps {

namespace {

std::vector<Key> imap_keys(Configuration::Store& c) {
  return {
      {"imap", Text{&c.imap, host_port}, "The IMAP server."},
      {"tls", &c.tls,
       "Whether it is reached in TLS; without, a secret is only said to this machine."},
      {"authorities", Text{&c.authorities, any_text},
       "Whose certificates are believed (PEM); empty: those of the system."},
      {"login", Text{&c.login, any_text}, "Our service account there."},
      {"password", Text{&c.password, any_text}, "Its secret; or see password_file."},
      {"password_file", Text{&c.password_file, any_text}, "A file whose first line is the secret."},
      {"access", choice(c.access, {"shared", "per_user"}),
       "One login that may write to all accounts, or one for each, acting for it (RFC 4616)."},
      {"prefix", Text{&c.prefix, any_text},
       "Where an account's folders are, seen by the shared login."},
      {"max_connections", Number{&c.max_connections, 1, 10'000},
       "At one time, when there is a login for each account."},
      {"max_waiting", Number{&c.max_waiting, 1, 10'000'000},
       "Requests that wait for one connection; beyond, they are refused."},
      {"answer_timeout", Seconds{&c.answer_timeout, 1, 3'600},
       "How long the server may say nothing."},
      {"retry_interval", Seconds{&c.retry_interval, 1, 3'600},
       "The first pause after a server that is down; doubles up to 5 s."},
      {"refused_interval", Seconds{&c.refused_interval, 1, 86'400},
       "The first pause after a secret that was refused; doubles up to an hour."},
      {"outbox_max_writes", Number{&c.outbox_max_writes, 1, 1'000'000'000},
       "Writes that wait on our disk for the server; beyond, they are refused."},
      {"outbox_quota", Number{&c.outbox_quota, 1, any_size},
       "Octets of these, with their files; beyond, they are refused."},
  };
}

}  // namespace

Section store_section(Configuration::Store& c) {
  auto keys = std::vector<Key>{
      {"kind", choice(c.kind, {"none", "embedded", "imap"}),
       "The message store: none, in the server's own state, or an IMAP server. What is for an IMAP "
       "server waits in [state], if that is enabled, until it is there. It is opened at the start; "
       "convene store reads it. What passes is recorded in it by [participating]."},
      {"account", Text{&c.account, any_text},
       "What a user's account is called there: {user} or {msisdn}, {host}, {address}."},
      {"root", Text{&c.root, any_text}, "The folder above all others."},
      {"retention", Seconds{&c.retention, 0, 100 * year},
       "What the embedded store has had for longer is removed; 0: nothing. An IMAP server has "
       "means of its own."},
      {"one_to_one", choice(c.one_to_one, {"conversation_id", "other_party"}),
       "After what the folder of a conversation between two is named."},
  };
  for (auto& key : imap_keys(c)) keys.push_back(std::move(key));
  return {"store", "The message store: what is kept of conversations, for their users.",
          std::move(keys)};
}

}  // namespace convene::apps
