#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "client/settings.h"
#include "io/runner.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace convene::apps {

// What every command of `convene` may be told: who we are, where the server is, what we can do.
struct ClientOptions {
  std::string server = "127.0.0.1:5060";
  std::string transport = "tcp";
  std::string user;
  std::string password;
  std::string password_file;  // its first line
  std::string name;           // shown to others
  std::string domain = "ims.example";
  std::string factory;  // empty: sip:conference-factory@<domain>
  std::string profile = "strict";
  bool is_anonymous = false;
  bool chat_only = false;
  bool no_tags = false;
  bool no_thumbnails = false;
  bool no_store_and_forward = false;
  std::uint64_t max_file_megabytes = 4'096;
  std::string relay;                // host:port or msrps://host:port; empty: none
  std::string msrp_tls = "accept";  // off, accept, require
  bool is_json = false;
  std::string trace;  // file
  std::string log;    // file
  std::string authorities;
  bool trusts_any_server = false;
};

void add_options(CLI::App& app, ClientOptions& options);

// "bob" is sip:bob@<domain>; a whole URI stays.
std::string address_of(const ClientOptions& options, const std::string& who);
std::vector<std::string> addresses_of(const ClientOptions& options,
                                      const std::vector<std::string>& names);

// --list a,b,c: several at once, in no session. `list` outlives the parsing.
CLI::Option* add_list_option(CLI::App& app, std::vector<std::string>& list);

// Fault::malformed in words for the user, when the options make no sense.
Result<client::Settings> client_settings(const ClientOptions& options);
Result<io::RunnerSettings> runner_settings(const ClientOptions& options);

}  // namespace convene::apps
