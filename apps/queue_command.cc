// convene queue: what waits in a server's state for users who are away, and for the message store.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "apps/commands.h"
#include "apps/exit_status.h"
#include "base/text.h"
#include "io/database.h"
#include "io/deferral_repository.h"
#include "io/outbox_repository.h"

namespace convene::apps {

namespace {

struct QueueCommand {
  std::string state;
  std::string user;
};

Result<> list_queue(const QueueCommand& c) {
  auto database = TRY(io::Sqlite::open(io::database_in(c.state), io::Sqlite::Access::read));
  const auto deferred = TRY(io::list_deferred(database));
  for (const auto& one : deferred) {
    if (!c.user.empty() && one.user != c.user) continue;
    std::printf("deferred  %llu  for %s  until %s  %llu octets  %s  %s  from %s\n",
                static_cast<unsigned long long>(one.id.value), printable(one.user).c_str(),
                to_rfc3339(one.expires).c_str(), static_cast<unsigned long long>(one.octets),
                printable(one.message_id).c_str(), std::string{name_of(one.kind)}.c_str(),
                printable(one.sender).c_str());
  }
  const auto writes = TRY(io::list_outbox(database));
  for (const auto& one : writes) {
    if (!c.user.empty() && one.account != c.user) continue;
    std::printf("outbox  %lld  for %s  %s  %llu octets\n", static_cast<long long>(one.id.value),
                printable(one.account).c_str(), printable(to_text(one.folder)).c_str(),
                static_cast<unsigned long long>(one.octets));
  }
  return {};
}

}  // namespace

RunCommand add_queue_command(CLI::App& app) {
  auto options = std::make_shared<QueueCommand>();
  app.add_option("--state", options->state, "the directory of the server's state")->required();
  app.add_option("--user", options->user,
                 "only for this one: an address for deferred messages, an account for the store");
  return [options] { return exit_status_of(list_queue(*options)); };
}

}  // namespace convene::apps
