#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>

#include "apps/commands.h"
#include "apps/exit_status.h"
#include "base/text.h"
#include "trace/ladder.h"
#include "trace/packet_capture.h"

namespace convene::apps {

namespace {

struct TraceOptions {
  std::string file;
  std::string svg;
  std::string pcap;
  trace::Filter filter;
};

int complain(std::string_view file, std::string_view what, int status) {
  std::fprintf(stderr, "convene: %s: %s\n", printable(file).c_str(), printable(what).c_str());
  return status;
}

int export_packets(const std::string& path, const std::vector<trace::Record>& records) {
  std::ofstream capture{path, std::ios::binary};
  capture << trace::to_pcapng(records);
  capture.close();
  if (!capture) return complain(path, "cannot be written", exit_status::cannot_start);
  std::printf("%s: %zu records as packets\n", printable(path).c_str(), records.size());
  return exit_status::fine;
}

// Draws what a trace file has, on the terminal or into a picture.
int draw(const TraceOptions& options) {
  std::ifstream file{options.file, std::ios::binary};
  if (!file) return complain(options.file, "cannot be read", exit_status::cannot_start);
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto records = trace::parse_trace(text);
  if (!records) return complain(options.file, records.error().detail, exit_status::bad_usage);

  if (!options.pcap.empty()) return export_packets(options.pcap, *records);
  const auto ladder = trace::make_ladder(*records, options.filter);
  if (options.svg.empty()) {
    std::fputs(to_text(ladder).c_str(), stdout);
    return exit_status::fine;
  }
  std::ofstream picture{options.svg, std::ios::binary};
  picture << to_svg(ladder);
  picture.close();
  if (!picture) return complain(options.svg, "cannot be written", exit_status::cannot_start);
  std::printf("%s: %zu arrows between %zu participants\n", printable(options.svg).c_str(),
              ladder.arrows.size(), ladder.participants.size());
  return exit_status::fine;
}

}  // namespace

RunCommand add_trace_command(CLI::App& app) {
  auto options = std::make_shared<TraceOptions>();
  app.add_option("file", options->file, "a trace file: [trace] file of the server")->required();
  app.add_option("--svg", options->svg, "draw a picture into this file, not on the terminal");
  app.add_option("--pcap", options->pcap,
                 "write packets for Wireshark into this file (pcapng), all that the trace has")
      ->excludes("--svg");
  app.add_option("--conversation", options->filter.conversation, "only this Conversation-ID");
  app.add_option("--call", options->filter.call_id, "only this Call-ID");
  app.add_option("--user", options->filter.user, "only what this participant sends and receives");
  return [options] { return draw(*options); };
}

}  // namespace convene::apps
