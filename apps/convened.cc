// convened: the server. One file of settings, or a lab that needs none.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "apps/host.h"
#include "apps/lab_configuration.h"
#include "apps/tour.h"
#include "base/text.h"

namespace convene::apps {
namespace {

constexpr int bad_configuration = 2;
constexpr int cannot_start = 1;

struct Arguments {
  std::string config;
  std::vector<std::string> set;  // "group.max_participants=20"
  bool is_tour = false;
  TourSettings tour;
  std::uint64_t big_file_megabytes = 200;
};

int complain(std::string_view what, int status) {
  std::fprintf(stderr, "convened: %s\n", printable(what).c_str());
  return status;
}

// Each mistake on its own line.
int complain_lines(std::string_view what, int status) {
  while (!what.empty()) complain(take_line(what), status);
  return status;
}

Result<Configuration> read_configuration(const Arguments& arguments, Configuration base) {
  auto configuration = std::move(base);
  if (!arguments.config.empty()) {
    std::ifstream file{arguments.config, std::ios::binary};
    if (!file) return fail(Fault::not_found, arguments.config + ": cannot be read");
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    configuration = TRY(parse_configuration(text, arguments.config));
  }
  for (const auto& one : arguments.set) {
    const auto equals = one.find('=');
    if (equals == one.npos)
      return fail(Fault::malformed, "--set wants key=value, not '" + one + "'");
    TRY(set_key(configuration, one.substr(0, equals), one.substr(equals + 1)));
  }
  TRY(check(configuration));
  return configuration;
}

std::unique_ptr<Log> make_log(const Configuration::Log& settings, io::LogFile& file) {
  const auto least = static_cast<Level>(settings.level);
  if (settings.format == Configuration::LogFormat::json)
    return std::make_unique<io::JsonLog>(least, file);
  return std::make_unique<io::TextLog>(least, file);
}

void say_what_to_try(const Configuration& lab, const Host& host) {
  const auto tcp = host.addresses().sip.tcp ? to_text(*host.addresses().sip.tcp) : std::string{};
  const auto& domain = lab.sip.domain;
  std::printf(
      "\n  The lab is up: users of %s may register from this machine with any name, and without a "
      "password.\n"
      "  registrar and outbound proxy  sip:%s;transport=tcp\n"
      "  conference factory            %s\n\n"
      "  In two other terminals:\n"
      "    convene receive --server %s --user bob\n"
      "    convene send --server %s --user alice --to bob examples/media/fjord.jpg\n\n"
      "  Ctrl-C ends it.\n",
      domain.c_str(), tcp.c_str(), with_domain(lab, lab.group.factory).c_str(), tcp.c_str(),
      tcp.c_str());
  std::fflush(stdout);
}

// Serves until a signal says to stop.
int serve(const Configuration& configuration, bool is_lab) {
  io::Loop loop;
  auto file = io::LogFile::standard_error();
  const auto log = make_log(configuration.log, file);
  const auto calendar = io::make_calendar();

  auto host = Host::make(configuration, loop, *log, calendar);
  if (!host) return complain_lines(host.error().detail, bad_configuration);
  if (const auto started = (*host)->start(); !started)
    return complain(started.error().detail, cannot_start);

  std::printf("%s\n", (*host)->ready_line().c_str());
  std::fflush(stdout);
  if (is_lab) say_what_to_try(configuration, **host);

  bool is_stopping = false;
  const io::Signals signals{
      loop, {SIGINT, SIGTERM, SIGHUP}, [&](int signal) {
        if (signal == SIGHUP) {
          const auto reloaded = (*host)->reload_tls();
          log->info("convened", reloaded ? "TLS files read again" : reloaded.error().detail);
          const auto groups = (*host)->load_groups();
          if (!groups) log->warning("convened", groups.error().detail);
          const auto preferences = (*host)->load_preferences();
          if (!preferences) log->warning("convened", preferences.error().detail);
        } else if (is_stopping) {
          loop.stop();
        } else {
          is_stopping = true;
          (*host)->stop([&] { loop.stop(); });
        }
      }};
  loop.run();
  return 0;
}

int check_configuration(const Arguments& arguments) {
  const auto configuration = read_configuration(arguments, {});
  if (!configuration) return complain_lines(configuration.error().detail, bad_configuration);
  io::Loop loop;
  SilentLog log;
  const auto calendar = io::make_calendar();
  const auto host = Host::make(*configuration, loop, log, calendar);
  if (!host) return complain_lines(host.error().detail, bad_configuration);
  std::printf("%s: fine\n", arguments.config.empty() ? "the defaults" : arguments.config.c_str());
  return 0;
}

int run(int count, char** words) {
  Arguments arguments;
  bool is_checking = false;
  bool is_dumping = false;
  CLI::App app{"A CPM conversation server: group chat, and file transfer inside it."};
  app.name("convened");
  app.set_version_flag("--version", "convened " CONVENE_VERSION);
  app.add_flag("--check-config", is_checking, "look over the configuration of --config, and end");
  app.add_flag("--dump-config", is_dumping,
               "print the whole configuration, with every key explained, and end");
  app.add_option("--config", arguments.config, "the configuration file (TOML)");
  app.add_option("--set", arguments.set,
                 "one key over what the file says: group.max_participants=20");

  auto* lab = app.add_subcommand(
      "lab", "a server for this machine only, without configuration, open to every user");
  lab->add_flag("--tour", arguments.is_tour,
                "play the main job with five members, show it, and end");
  lab->add_option("--big", arguments.big_file_megabytes, "size of the tour's large file, in MB")
      ->check(CLI::Range(1, 100'000));
  lab->add_option("--picture", arguments.tour.picture,
                  "the picture the tour sends, instead of the example's")
      ->check(CLI::ExistingFile);
  lab->add_option("--keep", arguments.tour.keep,
                  "a folder where the tour leaves files, log and trace");
  lab->add_option("--ladder", arguments.tour.ladder,
                  "where the tour draws what went over the wire (SVG)");
  lab->add_option("--set", arguments.set,
                  "one key of the lab's configuration: listen.msrp=127.0.0.1:2900");

  auto* serving = app.add_subcommand("serve", "a server as the configuration file says");
  serving->add_option("--config", arguments.config, "the configuration file (TOML)")->required();
  serving->add_option("--set", arguments.set, "one key over what the file says");
  app.require_subcommand(0, 1);
  CLI11_PARSE(app, count, words);

  if (is_checking) return check_configuration(arguments);
  if (is_dumping) {
    const auto configuration = read_configuration(arguments, {});
    if (!configuration) return complain_lines(configuration.error().detail, bad_configuration);
    std::fputs(to_toml(*configuration).c_str(), stdout);
    return 0;
  }
  if (arguments.is_tour) {
    arguments.tour.big_file_octets = arguments.big_file_megabytes * 1'000'000;
    return play_tour(arguments.tour);
  }
  if (!*lab && !*serving) {
    std::fputs(app.help().c_str(), stdout);
    return bad_configuration;
  }
  const auto configuration =
      read_configuration(arguments, *lab ? lab_configuration() : Configuration{});
  if (!configuration) return complain_lines(configuration.error().detail, bad_configuration);
  return serve(*configuration, lab->parsed());
}

}  // namespace
}  // namespace convene::apps

int main(int count, char** words) {
  try {
    return convene::apps::run(count, words);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "convened: %s\n", error.what());
    return 1;
  }
}
