#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace convene::apps {

// The commands of `convene`, one file each. Adds its options to `app`; the returned function runs
// it once they are read, and gives the exit status.
using RunCommand = std::function<int()>;

RunCommand add_register_command(CLI::App& app);
RunCommand add_group_command(CLI::App& app);
RunCommand add_chat_command(CLI::App& app);
RunCommand add_message_command(CLI::App& app);
RunCommand add_send_command(CLI::App& app);
RunCommand add_receive_command(CLI::App& app);
RunCommand add_load_command(CLI::App& app);
RunCommand add_scenario_command(CLI::App& app);
RunCommand add_fetch_command(CLI::App& app);
RunCommand add_share_command(CLI::App& app);
RunCommand add_queue_command(CLI::App& app);
RunCommand add_store_command(CLI::App& app);
RunCommand add_user_command(CLI::App& app);
RunCommand add_trace_command(CLI::App& app);

}  // namespace convene::apps
