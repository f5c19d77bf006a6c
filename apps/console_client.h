#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "apps/client_options.h"
#include "apps/command_log.h"
#include "apps/console_output.h"
#include "client/client.h"
#include "io/file_body_store.h"
#include "io/kernel_random.h"
#include "io/loop.h"
#include "io/runner.h"
#include "io/trace_writer.h"
#include "node/client_node.h"

namespace convene::apps {

class ConsoleClient;

// What one command does with a client that is registered.
class Command {
 public:
  virtual ~Command() = default;
  virtual void begin(ConsoleClient& client) = 0;
  virtual void told(ConsoleClient& client, const client::Event& event) = 0;  // it was shown already
  virtual void interrupted(ConsoleClient& client);  // Ctrl-C, once; the second ends at once
  virtual void ended() {}  // the loop is about to go: let go of what hangs on it
};

// One client on this machine for the time of one command: registers, lets the command do its work,
// and goes as one should.
class ConsoleClient {
 public:
  // `spool` is a directory for file bodies under way; empty: a temporary one. Throws
  // std::runtime_error when it, the log or the trace cannot be made.
  ConsoleClient(const ClientOptions& options, client::Settings settings,
                io::RunnerSettings runner_settings, const std::string& spool = {});

  // Until the command calls finish(). The exit status.
  int run(Command& command);

  // Leaves nothing open behind: disconnects, unregisters, and ends run() with this status.
  void finish(int status);

  // f(client::Client&, TimePoint now, client::Output&)
  template <class F>
  auto with(F f) {
    using Answer =
        decltype(f(std::declval<client::Client&>(), TimePoint{}, std::declval<client::Output&>()));
    std::conditional_t<std::is_void_v<Answer>, char, std::optional<Answer>> answer{};
    runner_.perform([&](node::Node&, TimePoint now, node::Effects& out) {
      node_.perform(
          [&](client::Client& c, client::Output& o) {
            if constexpr (std::is_void_v<Answer>) {
              f(c, now, o);
            } else {
              answer.emplace(f(c, now, o));
            }
          },
          now, out);
    });
    loop_.post([this] { take_events(); });
    if constexpr (!std::is_void_v<Answer>) return *std::move(answer);
  }

  const client::Client& client() const { return node_.client(); }
  const client::Settings& settings() const { return settings_; }
  io::FileBodyStore& bodies() { return bodies_; }
  ConsoleOutput& output() { return output_; }
  io::Loop& loop() { return loop_; }
  void after(Duration time, io::Task task);  // one at a time; instead of the one before
  void not_after_all() { timer_.cancel(); }

 private:
  void take_events();
  void heed(const client::Event& event);
  void go_when_idle();
  void stop();

  client::Settings settings_;
  io::Loop loop_;
  Calendar calendar_ = io::make_calendar();
  CommandLog log_;
  io::KernelRandom random_;
  io::FileBodyStore bodies_;
  node::ClientNode node_;
  std::unique_ptr<io::TraceWriter> trace_;
  io::Runner runner_;
  io::Timer timer_;      // the command's
  io::Timer end_timer_;  // of registering and of finishing
  ConsoleOutput output_;
  Command* command_ = nullptr;  // while run()
  bool has_begun_ = false;
  bool is_taking_ = false;
  std::optional<int> status_;  // set by finish()
};

}  // namespace convene::apps
