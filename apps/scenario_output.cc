#include "apps/scenario_output.h"

#include <cstdio>

#include "apps/event_text.h"
#include "apps/json_line.h"
#include "base/text.h"

namespace convene::apps {

namespace {

constexpr int text_width = 70;

void print(const std::string& line) {
  std::fputs((line + '\n').c_str(), stdout);
  std::fflush(stdout);
}

}  // namespace

void ScenarioOutput::begins(const std::string& file) const {
  if (is_json_) {
    print(JsonLine{"scenario"}.add("file", file).text());
  } else {
    print(printable(file));
  }
}

void ScenarioOutput::mistakes(const std::string& what) const {
  std::string_view rest = what;
  while (!rest.empty()) {
    const auto line = take_line(rest);
    if (is_json_) {
      print(JsonLine{"mistake"}.add("text", line).text());
    } else {
      std::fprintf(stderr, "%s\n", printable(line).c_str());
    }
  }
}

void ScenarioOutput::played(const scenario::Played& step) const {
  if (is_json_) {
    return print(JsonLine{"step"}
                     .add("line", std::uint64_t{step.line})
                     .add("text", step.text)
                     .add_flag("is_fine", step.is_fine)
                     .add("milliseconds", static_cast<std::uint64_t>(step.took.count()))
                     .add_unless_empty("why", step.why)
                     .text());
  }
  const auto seconds = static_cast<double>(step.took.count()) / 1'000;
  std::printf("%5zu  %-*s %7.2f s%s\n", step.line, text_width, printable(step.text).c_str(),
              seconds, step.is_fine ? "" : "  FAILED");
  std::string_view why = step.why;
  while (!why.empty()) print("         " + printable(take_line(why)));
  std::fflush(stdout);
}

void ScenarioOutput::told(const std::string& client, const client::Event& event) const {
  if (is_json_)
    print(JsonLine{"told"}.add("client", client).add_raw("what", json_of(event)).text());
}

void ScenarioOutput::ended(const std::string& file, std::size_t steps,
                           const std::string& why) const {
  if (is_json_) {
    return print(JsonLine{"scenario_ended"}
                     .add("file", file)
                     .add_flag("is_fine", why.empty())
                     .add("steps", std::uint64_t{steps})
                     .add_unless_empty("why", why)
                     .text());
  }
  print(printable(file) + ": " +
        (why.empty() ? std::to_string(steps) + " steps, all as they have to be"
                     : "FAILED: " + printable(why)));
}

}  // namespace convene::apps
