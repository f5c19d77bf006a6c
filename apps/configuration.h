#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace convene::apps {

// What convened is told: one TOML file. Every key, its meaning, default and range stands in
// configuration_keys.cc; sizes are octets, times seconds. Plain values: each role's own settings
// are filled from them.
struct Configuration {
  struct Listen {
    std::vector<std::string> udp{"127.0.0.1:5060"};
    std::vector<std::string> tcp{"127.0.0.1:5060"};
    std::vector<std::string> tls;
    std::string msrp = "127.0.0.1:2855";
    std::string msrps;  // empty: none
    std::string participating_msrp = "127.0.0.1:2857";
    std::string participating_msrps;        // empty: none
    std::string public_sip;                 // empty: as bound
    std::string public_msrp;                // empty: as bound
    std::string public_msrps;               // empty: as bound
    std::string public_participating_msrp;  // empty: as bound
    std::string public_participating_msrps;
  };
  struct Tls {
    std::string certificate;
    std::string private_key;
    std::string authorities;
    bool require_client_certificate = false;
  };
  struct Sip {
    std::string domain = "ims.example";
    std::vector<std::string> trusted_peers;
    std::string outbound_proxy;
    std::uint64_t max_header_octets = 65'536;
    std::uint64_t max_body_octets = 1'048'576;
    std::uint64_t max_transactions = 100'000;
    std::uint64_t max_dialogs = 100'000;
    std::chrono::seconds min_se{90};
    std::chrono::seconds retry_after{5};
  };
  struct User {
    std::string address;  // sip:alice@ims.example
    std::string password;
    std::string display;
    bool operator==(const User&) const = default;
  };
  struct Registrar {
    bool enabled = false;
    bool open = false;
    std::string realm;  // empty: the domain
    std::chrono::seconds min_expires{60};
    std::chrono::seconds default_expires{3'600};
    std::chrono::seconds max_expires{86'400};
    std::chrono::seconds nonce_age{300};
    std::uint64_t failures_per_source = 10;
    std::vector<User> users;
  };

  struct Group {
    std::string factory = "sip:conference-factory@{domain}";
    std::string closed_factory;
    std::string focus_host = "cf.{domain}";
    std::string focus_parameters;
    std::uint64_t max_participants = 50;
    std::uint64_t max_groups = 100'000;
    std::uint64_t max_devices = 4;
    bool require_ids = false;
    bool strangers_may_join = false;
    bool wait_for_first_joiner = false;
    std::chrono::seconds session_expires{1'800};
    std::chrono::seconds invitation_timeout{180};
    std::vector<std::string> administrators;
    bool creator_may_remove = true;
    std::uint64_t invitations_by_refer = 5;
    std::chrono::seconds refer_period{600};
    std::uint64_t max_referrals = 50;
    bool allow_anonymity = false;
    bool recipient_list_history = false;
    std::string interworking;
    std::vector<std::uint64_t> not_cpm_statuses{404, 405, 415, 420, 488, 606};
    bool release_when_creator_leaves = false;
    std::uint64_t min_joined = 1;
    std::uint64_t min_members = 2;
    std::chrono::seconds idle{7'200};
    std::chrono::seconds longest{0};
    bool long_lived = true;
    std::chrono::seconds keep_state{2'592'000};
    bool decline_603_leaves = false;
    std::chrono::seconds lost_leg_grace{30};
    bool nicknames = true;
    bool private_messages = false;
    bool echo_to_own_devices = false;
    std::vector<std::string> wrapped_types{"*"};
    std::uint64_t max_reported_messages = 1'000;
    std::uint64_t max_waiting_reports = 200;
    std::chrono::seconds notify_interval{5};
    std::chrono::seconds subscription_expires{3'600};
    std::uint64_t max_subscriptions_per_member = 50;
  };

  struct PredefinedGroups {
    std::vector<std::string> hosts{"groups.{domain}"};
    std::string directory;
    std::string xcap;
    std::chrono::seconds xcap_timeout{5};
    std::chrono::seconds fresh{60};
    std::chrono::seconds usable{86'400};
    std::chrono::seconds absent{10};
    std::uint64_t max_document_octets = 262'144;
    std::uint64_t max_members = 1'000;
    std::uint64_t max_cached = 10'000;
    std::uint64_t max_waiting = 100;
  };

  struct Message {
    std::uint64_t max_pager_octets = 1'300;
    std::uint64_t max_large_octets = 1'048'576;
    bool recipient_list_history = true;
    std::uint64_t max_watched = 10'000;
  };

  enum class Delivery { refuse, defer };
  struct Participating {
    bool enabled = false;
    std::string uri;
    std::vector<std::string> domains{"{domain}"};
    std::uint64_t max_calls = 100'000;
    std::uint64_t max_forks = 32;
    std::chrono::seconds invitation_timeout{200};
    std::chrono::seconds idle_dialog{86'400};
    std::string preferences_directory;
    bool offline_storage = false;
    Delivery delivery = Delivery::defer;
    std::chrono::seconds history_timeout{2};
    std::uint64_t max_sessions_of_user = 50;
    std::uint64_t max_sessions = 100'000;
    std::uint64_t max_waiting_records = 10'000;
    std::uint64_t max_media = 20'000;
    std::uint64_t max_stored_file = 104'857'600;
    std::chrono::seconds deferral_ttl{604'800};
    std::uint64_t deferral_max_messages = 1'000;
    std::uint64_t deferral_quota = 100u << 20;
    std::uint64_t deferral_max_file = 10u << 20;
    std::uint64_t deferral_max_sessions = 1'000;
    std::uint64_t deferral_max_total = 1'000'000;
    std::chrono::seconds deferral_retry{600};
    std::string core_route;
    std::string delivery_route;
  };

  enum class UnknownParticipants { skip, invite };
  enum class OriginatorAnswer { first_acceptance, immediate };
  enum class SeveralFiles { first, refuse };
  struct FileTransfer {
    bool enabled = true;
    std::vector<std::string> services{"ft", "ftthumb", "ftstandfw"};
    std::uint64_t max_size = 104'857'600;
    bool aim_at_device = true;
    UnknownParticipants unknown_participants = UnknownParticipants::skip;
    bool unknown_new_contribution = false;
    std::uint64_t max_per_participant = 4;
    std::uint64_t queue_per_participant = 16;
    std::uint64_t max_transfers = 1'000;
    OriginatorAnswer originator_answer = OriginatorAnswer::first_acceptance;
    std::chrono::seconds answer_timeout{60};
    std::chrono::seconds begin_timeout{120};
    std::chrono::seconds late_join{30};
    std::chrono::seconds originator_bye_timeout{30};
    std::chrono::seconds longest{3'600};
    SeveralFiles several_files = SeveralFiles::first;
    bool removal_ends_files = true;
    bool keep_wrapper = false;
    std::uint64_t max_kept_files = 100;
    std::uint64_t max_kept_octets = 1'073'741'824;
    std::chrono::seconds keep_files{600};
    std::uint64_t receiver_retries = 1;
    std::chrono::seconds receiver_retry_delay{2};
    std::string spool_directory;
    std::uint64_t spool_quota = 8'589'934'592;
    std::uint64_t free_space_floor = 268'435'456;
  };

  struct Interworking {
    bool stub = false;
    std::string listen = "127.0.0.1:5090";
    std::vector<std::string> routes{"tel:=sms", "sip:+=sms"};
    std::uint64_t max_sessions = 100;
    std::uint64_t max_kept = 1'000;
  };

  enum class PathMatch { strict, session_id };
  enum class MediaSecurity { off, accept, require };
  struct Msrp {
    std::uint64_t max_chunk = 65'536;
    std::uint64_t relay_max_chunk = 10'000;
    std::uint64_t chat_max_octets = 65'536;
    PathMatch path_match = PathMatch::strict;
    bool address_may_differ = false;
    MediaSecurity tls = MediaSecurity::accept;
    std::chrono::seconds bind_timeout{30};
    std::chrono::seconds transaction_timeout{30};
    std::chrono::seconds header_timeout{10};
    std::chrono::seconds stall_timeout{300};
    std::uint64_t floor_octets = 32'768;
    std::chrono::seconds floor_time{30};
    std::chrono::seconds keep_alive{0};
    std::chrono::seconds incomplete_timeout{540};
    std::uint64_t backlog_octets = 1'048'576;
    std::uint64_t backlog_messages = 1'000;
    std::uint64_t max_outstanding = 256;
    std::uint64_t max_incoming_messages = 8;
    std::uint64_t max_unbound = 1'000;
    std::uint64_t max_unbound_per_source = 128;
  };
  struct State {
    bool enabled = true;
    std::string directory;  // empty: see state_directory()
    std::chrono::seconds answer_timeout{2};
    std::chrono::seconds retry_interval{5};
  };
  enum class StoreKind { none, embedded, imap };
  enum class StoreAccess { shared, per_user };
  enum class StoreNaming { conversation_id, other_party };
  struct Store {
    StoreKind kind = StoreKind::none;
    std::string account = "{user}";
    std::string root = "Default";
    StoreNaming one_to_one = StoreNaming::conversation_id;
    std::string imap = "127.0.0.1:143";
    bool tls = false;
    std::string authorities;
    std::string login;
    std::string password;
    std::string password_file;
    StoreAccess access = StoreAccess::shared;
    std::string prefix = "user/{account}/";
    std::uint64_t max_connections = 16;
    std::uint64_t max_waiting = 10'000;
    std::chrono::seconds answer_timeout{60};
    std::chrono::seconds retry_interval{1};
    std::chrono::seconds refused_interval{60};
    std::chrono::seconds retention{0};
    std::uint64_t outbox_max_writes = 1'000'000;
    std::uint64_t outbox_quota = 16ull << 30;
  };
  struct Trace {
    std::string file;
  };
  enum class LogLevel { debug, info, warning, error };
  enum class LogFormat { text, json };
  struct Log {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;
  };

  Listen listen;
  Tls tls;
  Sip sip;
  Registrar registrar;
  Group group;
  PredefinedGroups predefined_groups;
  Message message;
  FileTransfer file_transfer;
  Interworking interworking;
  Participating participating;
  Msrp msrp;
  State state;
  Store store;
  Trace trace;
  Log log;
};

// What the text of a configuration file says; what it does not say has its default. Every mistake
// is one line of the error: "convened.toml:7:1: [group] has no key 'max_participant'; did you mean
// 'max_participants'?".
Result<Configuration> parse_configuration(std::string_view text, std::string_view file_name);

// One key from the command line or the environment, over what the file said:
// "group.max_participants", "20". The value is TOML; where that is a string, the quotes may be
// missing.
Result<> set_key(Configuration& configuration, std::string_view key, std::string_view value);

// What no single key can say: a listener for TLS without certificate, an open registrar that the
// network can reach... One mistake to a line. To be asked once everything is set.
Result<> check(const Configuration& configuration);

// `text` with [sip] domain in place of {domain}: for [group] factory, closed_factory and
// focus_host, and for [predefined_groups] hosts.
std::string with_domain(const Configuration& configuration, std::string_view text);

// The whole configuration as a documented file. Of Configuration{}: examples/convened.toml.
std::string to_toml(const Configuration& configuration);

// docs/configuration.md: every key with type, range, default and meaning.
std::string configuration_reference();

}  // namespace convene::apps
