#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <filesystem>
#include <memory>

#include "apps/command_log.h"
#include "apps/commands.h"
#include "apps/exit_status.h"
#include "apps/last_words.h"
#include "apps/load_output.h"
#include "apps/load_stage.h"
#include "apps/small_files.h"

namespace convene::apps {

namespace {

using namespace std::chrono_literals;

constexpr Duration last_patience{5'000};
constexpr std::uint64_t mega = 1'000'000;

struct LoadOptions {
  ClientOptions who;
  load::Plan plan;
  double seconds = 10;
  double file_megabytes = 0;
  double file_every_seconds = 0;
  std::size_t slow = 0;
  double slow_megabytes = 1;
};

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// The crowd on its loop, from the first REGISTER to the last un-REGISTER.
class LoadRun {
 public:
  LoadRun(const LoadOptions& options, const load::Plan& plan)
      : options_{options}, plan_{plan}, log_{options.who.log}, output_{options.who.is_json} {}

  int run(const std::string& folder) {
    auto stage =
        LoadStage::open({.common = options_.who,
                         .crowd = plan_.crowd(),
                         .members = plan_.members,
                         .file_octets = plan_.files > 0 ? plan_.file_octets : 0,
                         .slow = options_.slow,
                         .slow_rate = static_cast<std::uint64_t>(options_.slow_megabytes * mega),
                         .folder = folder},
                        loop_, log_.log(), [this](std::size_t member, const client::Event& event) {
                          crowd_->told(member, event, load::Instant::clock::now());
                        });
    if (!stage) {
      output_.problem(stage.error().detail);
      return stage.error().fault == Fault::malformed ? exit_status::bad_usage
                                                     : exit_status::cannot_start;
    }
    crowd_.emplace(plan_, **stage);
    const auto processor = work();
    output_.ended(*crowd_, plan_, load::Instant::clock::now(), processor);
    take_leave(**stage);
    if (!crowd_->problem().empty()) return exit_status::not_joined;
    if (crowd_->figures().errors() > 0) return exit_status::not_sent;
    return is_interrupted_ ? exit_status::interrupted : exit_status::fine;
  }

 private:
  // The share of a processor that we used while the crowd worked.
  double work() {
    const io::Signals signals{loop_, {SIGINT, SIGTERM}, [this](int) {
                                is_interrupted_ = true;
                                crowd_->end(load::Instant::clock::now());
                              }};
    crowd_->begin(load::Instant::clock::now());
    io::Timer timer{loop_};
    io::Timer second{loop_};
    show_every_second(second);
    double before = processor_seconds();
    auto began = load::Instant::clock::now();
    while (crowd_->phase() != load::Crowd::Phase::over) {
      const auto phase = crowd_->phase();
      set(timer);
      loop_.run_until([&] { return crowd_->phase() != phase || std::exchange(is_due_, false); },
                      24h);
      const auto now = load::Instant::clock::now();
      crowd_->advance(now);
      if (phase < load::Crowd::Phase::working) {
        before = processor_seconds();
        began = now;
      }
    }
    const auto worked = load::Instant::clock::now() - began;
    return (processor_seconds() - before) / std::chrono::duration<double>{worked}.count();
  }

  void set(io::Timer& timer) {
    const auto next = crowd_->deadline();
    if (!next) return;
    timer.at(std::chrono::ceil<Duration>(*next), [this] { is_due_ = true; });
  }

  void show_every_second(io::Timer& timer) {
    timer.at(loop_.now() + 1s, [this, &timer] {
      output_.progress(*crowd_, load::Instant::clock::now());
      show_every_second(timer);
    });
  }

  void take_leave(LoadStage& stage) {
    for (std::size_t member = 0; member < plan_.crowd(); ++member)
      stage.perform(member, [](client::Client& c, TimePoint now, client::Output& out) {
        end_everything(c, now, out);
      });
    const auto are_idle = [&] {
      for (std::size_t member = 0; member < plan_.crowd(); ++member)
        if (!stage.client(member).is_idle()) return false;
      return true;
    };
    loop_.run_until(are_idle, last_patience);
    auto running = plan_.crowd();
    stage.stop([&] { --running; });
    loop_.run_until([&] { return running == 0; }, last_patience);
  }

  const LoadOptions& options_;
  const load::Plan& plan_;
  io::Loop loop_;
  CommandLog log_;
  LoadOutput output_;
  std::optional<load::Crowd> crowd_;
  bool is_due_ = false;
  bool is_interrupted_ = false;
};

load::Span span_of(double seconds) {
  return std::chrono::duration_cast<load::Span>(std::chrono::duration<double>{seconds});
}

int run(const LoadOptions& options) {
  auto plan = options.plan;
  plan.time = span_of(options.seconds);
  plan.file_every = span_of(options.file_every_seconds);
  plan.file_octets = static_cast<std::uint64_t>(options.file_megabytes * mega);
  auto makes_sense = load::check(plan);
  if (makes_sense && options.slow >= plan.members)
    makes_sense = fail(Fault::malformed, "the first of each group is not slow");
  if (!makes_sense) {
    std::fprintf(stderr, "%s\n", makes_sense.error().detail.c_str());
    return exit_status::bad_usage;
  }
  const auto folder = make_temporary_folder();
  const auto status = LoadRun{options, plan}.run(folder.string());
  std::filesystem::remove_all(folder);
  return status;
}

}  // namespace

RunCommand add_load_command(CLI::App& app) {
  auto options = std::make_shared<LoadOptions>();
  auto& plan = options->plan;
  add_options(app, options->who);
  options->who.user = "load";
  app.get_option("--user")
      ->required(false)
      ->description("what the users' names begin with")
      ->capture_default_str();
  app.add_option("--groups", plan.groups, "how many groups")->capture_default_str();
  app.add_option("--members", plan.members, "of each group, its creator among them")
      ->capture_default_str();
  app.add_option("--seconds", options->seconds, "how long they talk and send")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  auto* rate = app.add_option("--chat-rate", plan.chat_rate, "messages a second, in each group")
                   ->check(CLI::PositiveNumber);
  app.add_option("--chat-window", plan.chat_window,
                 "messages under way in each group: the next when all have one")
      ->excludes(rate);
  app.add_option("--chat-octets", plan.chat_octets, "of each message")->capture_default_str();
  app.add_option("--files", plan.files, "in each group, one after the other");
  app.add_option("--file-size", options->file_megabytes, "of each file, in MB")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--file-every", options->file_every_seconds,
                 "seconds from one file to the next; default: at its end")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--slow", options->slow, "so many of each group read slowly");
  app.add_option("--slow-rate", options->slow_megabytes, "how slowly, in MB/s")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--churn", plan.churn_rate,
                 "members of all groups that leave, and come back, a second")
      ->check(CLI::PositiveNumber);
  return [options] { return run(*options); };
}

}  // namespace convene::apps
