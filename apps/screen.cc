#include "apps/screen.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.h"

namespace convene::apps {

namespace {

constexpr std::size_t bar_width = 30;

std::string number(const char* format, double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

// Columns on a terminal: one for each character that is not a UTF-8 continuation.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t width) {
  std::string cell{text};
  const auto own = width_of(text);
  if (own < width) cell.append(width - own, ' ');
  return cell;
}

}  // namespace

std::string decimal(double value, int digits) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

std::string megabytes(std::uint64_t octets) {
  if (octets < 1'000) return std::to_string(octets) + " B";
  if (octets < 1'000'000) return number("%.0f kB", static_cast<double>(octets) / 1e3);
  return number("%.1f MB", static_cast<double>(octets) / 1e6);
}

std::string bar_line(const Bar& bar, std::size_t name_width, bool has_colour) {
  const double share =
      bar.total == 0
          ? 0
          : std::min(1.0, static_cast<double>(bar.done) / static_cast<double>(bar.total));
  const auto full = static_cast<std::size_t>(share * static_cast<double>(bar_width));
  std::string line = "  " + padded(bar.name, name_width) + "  ";
  if (has_colour) line += bar.is_over ? "\x1B[32m" : "\x1B[36m";
  for (std::size_t i = 0; i < bar_width; ++i) line += i < full ? "█" : "░";
  if (has_colour) line += "\x1B[0m";
  line +=
      number(" %3.0f %%", share * 100) + "  " + megabytes(bar.done) + " of " + megabytes(bar.total);
  if (bar.seconds > 0.001)
    line += number("  %.0f MB/s", static_cast<double>(bar.done) / 1e6 / bar.seconds);
  return line;
}

std::string table_text(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], width_of(printable(row[i])));
  }
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line = " ";
    for (std::size_t i = 0; i < rows[r].size(); ++i)
      line += " " + padded(printable(rows[r][i]), widths[i]) + " ";
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
    if (r > 0) continue;
    text += "  ";
    for (std::size_t i = 0; i < widths.size(); ++i) {
      for (std::size_t k = 0; k < widths[i]; ++k) text += "─";
      if (i + 1 < widths.size()) text += "  ";
    }
    text += "\n";
  }
  return text;
}

Screen::Screen(std::FILE* out)
    : out_{out},
      is_terminal_{isatty(fileno(out)) == 1},
      has_colour_{is_terminal_ && std::getenv("NO_COLOR") == nullptr} {}

void Screen::put(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), out_);
  std::fflush(out_);
}

void Screen::heading(std::string_view text) {
  end_bars();
  const std::string shown = printable(text);
  put(has_colour_ ? "\n\x1B[1m" + shown + "\x1B[0m\n" : "\n" + shown + "\n");
}

void Screen::line(std::string_view text) {
  end_bars();
  put("  " + printable(text) + "\n");
}

void Screen::said(std::string_view who, std::string_view text) {
  end_bars();
  const auto name = printable(who) + ": ";
  put(has_colour_ ? "  \x1B[35m" + name + "\x1B[0m" + printable(text) + "\n"
                  : "  " + name + printable(text) + "\n");
}

void Screen::bars(const std::vector<Bar>& bars) {
  std::size_t name_width = 0;
  for (const auto& bar : bars) name_width = std::max(name_width, width_of(bar.name));
  if (!is_terminal_) {
    for (const auto& bar : bars) {
      if (!bar.is_over || std::ranges::find(printed_, bar.name) != printed_.end()) continue;
      printed_.push_back(bar.name);
      put(bar_line(bar, name_width, false) + "\n");
    }
    return;
  }
  std::string text;
  if (drawn_ > 0) text = "\x1B[" + std::to_string(drawn_) + "A";
  for (const auto& bar : bars) text += "\x1B[2K" + bar_line(bar, name_width, has_colour_) + "\n";
  drawn_ = bars.size();
  put(text);
}

void Screen::end_bars() {
  drawn_ = 0;
  printed_.clear();
}

void Screen::table(const std::vector<std::vector<std::string>>& rows) {
  end_bars();
  put(table_text(rows));
}

}  // namespace convene::apps
