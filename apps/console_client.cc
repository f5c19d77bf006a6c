#include "apps/console_client.h"

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <utility>
#include <variant>

#include "apps/exit_status.h"
#include "apps/last_words.h"

namespace convene::apps {

namespace {

constexpr Duration registering_patience{40'000};
constexpr Duration last_patience{3'000};  // for answers to our last words
constexpr Duration look_again{50};

std::unique_ptr<io::TraceWriter> trace_of(const ClientOptions& options) {
  if (options.trace.empty()) return nullptr;
  auto trace = io::TraceWriter::open(options.trace, "convene");
  if (!trace) throw std::runtime_error{options.trace + ": " + trace.error().detail};
  return *std::move(trace);
}

std::string temporary_spool() {
  return (std::filesystem::temp_directory_path() / ("convene-" + std::to_string(::getuid())))
      .string();
}

}  // namespace

void Command::interrupted(ConsoleClient& client) { client.finish(exit_status::interrupted); }

ConsoleClient::ConsoleClient(const ClientOptions& options, client::Settings settings,
                             io::RunnerSettings runner_settings, const std::string& spool)
    : settings_{settings},
      log_{options.log},
      bodies_{spool.empty() ? temporary_spool() : spool},
      node_{std::move(settings),
            {},
            {.random = random_, .log = log_.log(), .calendar = calendar_},
            bodies_},
      trace_{trace_of(options)},
      runner_{loop_, node_, &bodies_, log_.log(), std::move(runner_settings)},
      timer_{loop_},
      end_timer_{loop_},
      output_{options.is_json} {
  if (trace_) runner_.trace(trace_.get());
  runner_.after_turn([this] { take_events(); });
}

int ConsoleClient::run(Command& command) {
  command_ = &command;
  if (const auto started = runner_.start(); !started) {
    output_.problem(started.error().detail);
    return exit_status::cannot_start;
  }
  const io::Signals signals{loop_, {SIGINT, SIGTERM}, [this](int) {
                              if (status_) return loop_.stop();
                              command_->interrupted(*this);
                            }};
  end_timer_.at(loop_.now() + registering_patience, [this] {
    output_.problem("the registrar does not answer");
    finish(exit_status::not_registered);
  });
  with([](client::Client& c, TimePoint now, client::Output& o) { c.register_user(now, o); });
  loop_.run();
  command.ended();
  return status_.value_or(exit_status::fine);
}

void ConsoleClient::after(Duration time, io::Task task) {
  timer_.at(loop_.now() + time, std::move(task));
}

// A command that acts on one event may bring about others: they come after it.
void ConsoleClient::take_events() {
  if (is_taking_) return;
  is_taking_ = true;
  for (const auto& event : node_.take_events()) {
    output_.tell(event, loop_.now());
    heed(event);
  }
  is_taking_ = false;
}

void ConsoleClient::heed(const client::Event& event) {
  if (!has_begun_ && std::holds_alternative<client::RegistrationFailed>(event) && !status_) {
    return finish(exit_status::not_registered);
  }
  const auto* lost = std::get_if<client::RelayLost>(&event);
  if (!has_begun_ && lost != nullptr && !status_) return finish(exit_status::not_registered);
  if (!has_begun_ && std::holds_alternative<client::Registered>(event) && !status_) {
    has_begun_ = true;
    end_timer_.cancel();
    return command_->begin(*this);
  }
  if (has_begun_ && !status_) command_->told(*this, event);
}

void ConsoleClient::finish(int status) {
  if (status_) return;
  status_ = status;
  output_.prompt_no_more();
  timer_.cancel();
  end_timer_.cancel();
  with([](client::Client& c, TimePoint now, client::Output& o) { end_everything(c, now, o); });
  after(last_patience, [this] { stop(); });
  go_when_idle();
}

void ConsoleClient::go_when_idle() {
  if (client().is_idle()) return stop();
  end_timer_.at(loop_.now() + look_again, [this] { go_when_idle(); });
}

void ConsoleClient::stop() {
  timer_.cancel();
  end_timer_.cancel();
  runner_.stop([this] { loop_.stop(); });
}

}  // namespace convene::apps
