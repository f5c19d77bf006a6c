#pragma once

#include <functional>

#include "apps/console_client.h"

namespace convene::apps {

// Makes the client of a command and runs it; complains about options that make no sense. `adjust`
// changes the settings that the options give.
int run_command(const ClientOptions& options, Command& command,
                const std::function<void(client::Settings&)>& adjust = {},
                const std::string& spool = {});

}  // namespace convene::apps
