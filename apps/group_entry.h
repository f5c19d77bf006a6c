#pragma once

#include <string>
#include <vector>

#include "apps/console_client.h"

namespace convene::apps {

// Which group a command is about: a new one, or one that exists.
struct GroupOptions {
  std::vector<std::string> members;  // --to
  std::string focus;                 // --join
  std::string peer;                  // --with: no group, but a session between two
  std::string subject;
  int patience_seconds = 20;  // for the members' answers
};

void add_options(CLI::App& app, GroupOptions& options);
// --with, beside those.
void add_peer_option(CLI::App& app, GroupOptions& options);

// Creates or joins it. Nothing: it could not even be begun, and the user was told.
std::optional<client::GroupId> enter_group(ConsoleClient& client, const ClientOptions& who,
                                           const GroupOptions& options);

// Whether every participant has answered, one way or the other.
bool all_have_answered(const std::vector<client::Participant>& roster);
bool somebody_else_joined(const std::vector<client::Participant>& roster);

}  // namespace convene::apps
