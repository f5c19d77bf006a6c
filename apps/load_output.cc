#include "apps/load_output.h"

#include <cstdio>

#include "apps/json_line.h"
#include "apps/screen.h"
#include "base/text.h"

namespace convene::apps {

namespace {

constexpr double busy = 0.85;  // of a processor: from here on we may be what is measured

double seconds_of(load::Span span) { return std::chrono::duration<double>{span}.count(); }

std::uint64_t microseconds_of(load::Span span) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(span).count());
}

std::string milliseconds(load::Span span) {
  const auto milliseconds = seconds_of(span) * 1'000;
  return decimal(milliseconds, milliseconds < 10 ? 2 : milliseconds < 100 ? 1 : 0) + " ms";
}

std::string a_second(std::uint64_t count, double seconds) {
  return seconds > 0 ? decimal(static_cast<double>(count) / seconds, 0) + "/s" : "";
}

std::string megabytes_a_second(std::uint64_t octets, double seconds) {
  return seconds > 0 ? decimal(static_cast<double>(octets) / 1e6 / seconds, 1) + " MB/s" : "";
}

std::vector<std::string> row(std::string name, std::uint64_t count, std::string rate,
                             const load::Latencies& took) {
  std::vector<std::string> cells{std::move(name), std::to_string(count), std::move(rate)};
  if (took.count() == 0) return cells;
  for (const auto share : {0.5, 0.99, 1.0}) cells.push_back(milliseconds(took.at(share)));
  return cells;
}

void add(JsonLine& line, const std::string& name, const load::Latencies& took) {
  if (took.count() == 0) return;
  line.add(name + "_p50_us", microseconds_of(took.at(0.5)))
      .add(name + "_p99_us", microseconds_of(took.at(0.99)))
      .add(name + "_max_us", microseconds_of(took.largest()));
}

JsonLine json_of(std::string_view event, const load::Crowd& crowd, load::Instant now) {
  const auto& figures = crowd.figures();
  JsonLine line{event};
  line.add("microseconds", microseconds_of(crowd.worked(now)))
      .add("registered", std::uint64_t{crowd.registered()})
      .add("joined", std::uint64_t{crowd.joined()})
      .add("chat_sent", figures.chat_sent)
      .add("chat_delivered", figures.chat_delivered)
      .add("files_sent", figures.files_sent)
      .add("files_received", figures.files_received)
      .add("file_octets", figures.file_octets)
      .add("left", figures.left)
      .add("returned", figures.returned)
      .add("errors", figures.errors());
  add(line, "chat", figures.chat);
  add(line, "file", figures.files);
  add(line, "return", figures.returns);
  return line;
}

void print(const JsonLine& line) {
  std::puts(line.text().c_str());
  std::fflush(stdout);
}

// "3 lost, 1 refused": what went wrong, or nothing.
std::string errors_text(const load::Figures& figures) {
  std::string text;
  const auto add = [&](std::uint64_t count, std::string_view what) {
    if (count == 0) return;
    if (!text.empty()) text += ", ";
    text += std::to_string(count) + ' ' + std::string{what};
  };
  add(figures.chat_lost, "deliveries of chat lost");
  add(figures.chat_repeated, "deliveries of chat repeated");
  add(figures.chat_failed, "messages refused or not answered");
  add(figures.files_failed, "files failed");
  add(figures.thrown_out, "members thrown out");
  return text.empty() ? "none" : text;
}

}  // namespace

void LoadOutput::progress(const load::Crowd& crowd, load::Instant now) {
  if (is_json_) return print(json_of("load_progress", crowd, now));
  if (!screen_.is_terminal()) return;
  const auto& figures = crowd.figures();
  const auto since = seconds_of(now - last_);
  std::string text = decimal(seconds_of(crowd.worked(now)), 0) + " s   registered " +
                     std::to_string(crowd.registered()) + "   in a group " +
                     std::to_string(crowd.joined());
  if (figures.chat_sent > 0)
    text += "   chat " + a_second(figures.chat_delivered - last_delivered_, since);
  if (figures.file_octets > 0)
    text += "   files " + megabytes_a_second(figures.file_octets - last_octets_, since);
  if (figures.errors() > 0) text += "   errors " + std::to_string(figures.errors());
  std::printf("\r\033[K%s", text.c_str());
  std::fflush(stdout);
  last_ = now;
  last_delivered_ = figures.chat_delivered;
  last_octets_ = figures.file_octets;
}

void LoadOutput::ended(const load::Crowd& crowd, const load::Plan& plan, load::Instant now,
                       double processor) {
  const auto& figures = crowd.figures();
  const auto seconds = seconds_of(crowd.worked(now));
  if (is_json_) {
    auto line = json_of("load_ended", crowd, now);
    line.add("chat_lost", figures.chat_lost)
        .add("chat_repeated", figures.chat_repeated)
        .add("chat_failed", figures.chat_failed)
        .add("files_failed", figures.files_failed)
        .add("thrown_out", figures.thrown_out)
        .add("own_processor_percent", static_cast<std::uint64_t>(processor * 100))
        .add_unless_empty("problem", crowd.problem());
    return print(line);
  }
  if (screen_.is_terminal()) std::printf("\r\033[K");
  if (!crowd.problem().empty()) return problem(crowd.problem());
  screen_.line("groups: " + std::to_string(plan.groups) + " of " + std::to_string(plan.members) +
               " members, " + decimal(seconds, 1) + " s");
  std::vector<std::vector<std::string>> rows{{"", "count", "rate", "half within", "99 %", "all"}};
  if (figures.chat_sent > 0) {
    rows.push_back(
        row("messages said", figures.chat_sent, a_second(figures.chat_sent, seconds), {}));
    rows.push_back(row("  delivered", figures.chat_delivered,
                       a_second(figures.chat_delivered, seconds), figures.chat));
  }
  if (plan.files > 0) {
    rows.push_back(row("files sent", figures.files_sent, {}, {}));
    rows.push_back(row("  received", figures.files_received,
                       megabytes_a_second(figures.file_octets, seconds), figures.files));
  }
  if (plan.churn_rate > 0) {
    rows.push_back(row("left", figures.left, a_second(figures.left, seconds), {}));
    rows.push_back(row("  came back", figures.returned, {}, figures.returns));
  }
  if (rows.size() > 1) screen_.table(rows);
  screen_.line("errors: " + errors_text(figures));
  screen_.line("this process used " + decimal(processor * 100, 0) + " % of one processor" +
               (processor > busy ? ": it may be slower than the server; use more of them" : ""));
}

void LoadOutput::problem(const std::string& text) const {
  std::fprintf(stderr, "%s\n", printable(text).c_str());
}

}  // namespace convene::apps
