#include "apps/run_command.h"

#include <cstdio>

#include "apps/exit_status.h"
#include "base/text.h"

namespace convene::apps {

namespace {

int complain(const std::string& what, int status) {
  std::fprintf(stderr, "convene: %s\n", printable(what).c_str());
  return status;
}

}  // namespace

int run_command(const ClientOptions& options, Command& command,
                const std::function<void(client::Settings&)>& adjust, const std::string& spool) {
  auto settings = client_settings(options);
  if (!settings) return complain(settings.error().detail, exit_status::bad_usage);
  auto runner = runner_settings(options);
  if (!runner) return complain(runner.error().detail, exit_status::bad_usage);
  if (adjust) adjust(*settings);
  try {
    ConsoleClient client{options, *std::move(settings), *std::move(runner), spool};
    return client.run(command);
  } catch (const std::runtime_error& error) {
    return complain(error.what(), exit_status::cannot_start);
  }
}

}  // namespace convene::apps
