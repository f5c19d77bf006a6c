#include "apps/console_output.h"

#include <chrono>
#include <utility>
#include <variant>

#include "apps/event_text.h"
#include "apps/json_line.h"
#include "base/text.h"

namespace convene::apps {

namespace {

void print_line(std::FILE* file, std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), file);
  std::fputc('\n', file);
  std::fflush(file);
}

}  // namespace

void ConsoleOutput::tell(const client::Event& event, TimePoint now) {
  if (is_json_) return print_line(stdout, json_of(event));

  if (const auto* offered = std::get_if<client::FileOffered>(&event)) {
    names(offered->transfer, offered->name);
  }
  if (const auto* progress = std::get_if<client::FileProgress>(&event)) {
    return draw(progress->transfer, progress->octets, progress->size, now);
  }
  if (const auto line = text_of(event); !line.empty()) print(line);
}

void ConsoleOutput::names(client::TransferId transfer, std::string_view name) {
  files_[transfer].name = name;
}

void ConsoleOutput::saved(client::TransferId transfer, std::string_view path) {
  if (is_json_) {
    return print_line(
        stdout, JsonLine{"file_saved"}.add("transfer", transfer.value).add("path", path).text());
  }
  print("saved as " + std::string{path});
}

void ConsoleOutput::table(const std::vector<DeliveryRow>& rows) {
  if (!is_json_) {
    for (const auto& line : text_of(rows)) print(line);
    return;
  }
  for (const auto& row : rows) print_line(stdout, json_of(row));
}

void ConsoleOutput::note(std::string_view text) {
  if (!is_json_) print(text);
}

void ConsoleOutput::problem(std::string_view text) {
  print_line(stderr, "convene: " + printable(text));
}

void ConsoleOutput::prompt_with(std::string_view prompt) {
  if (is_json_ || is_over_ || !screen_.is_terminal()) return;
  prompt_ = prompt;
  std::fputs(prompt_.c_str(), stdout);
  std::fflush(stdout);
}

void ConsoleOutput::prompt_was_answered() { prompt_.clear(); }

void ConsoleOutput::prompt_no_more() {
  is_over_ = true;
  if (!std::exchange(prompt_, {}).empty()) std::fputs("\r\x1B[K", stdout);
  std::fflush(stdout);
}

void ConsoleOutput::print(std::string_view line) {
  if (!prompt_.empty()) std::fputs("\r\x1B[K", stdout);
  screen_.line(line);
  if (!prompt_.empty()) std::fputs(prompt_.c_str(), stdout);
  std::fflush(stdout);
}

// Between the user's own words a bar would only be in the way.
void ConsoleOutput::draw(client::TransferId transfer, std::uint64_t done, std::uint64_t size,
                         TimePoint now) {
  auto& file = files_[transfer];
  if (!file.has_begun) file.begin = now;
  file.has_begun = true;
  if (!prompt_.empty()) return;
  const std::chrono::duration<double> passed = now - file.begin;
  screen_.bars({Bar{.name = printable(file.name),
                    .done = done,
                    .total = size,
                    .seconds = passed.count(),
                    .is_over = done == size}});
}

}  // namespace convene::apps
