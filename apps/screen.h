#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace convene::apps {

// One line of progress: a name, a bar, octets and rate.
struct Bar {
  std::string name;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  double seconds = 0;  // since it began
  bool is_over = false;
  bool operator==(const Bar&) const = default;
};

// "bob    ████████░░░░░░░  53 %   106 / 200 MB   412 MB/s"
std::string bar_line(const Bar& bar, std::size_t name_width, bool has_colour);

// Rows under a heading, columns as wide as their widest cell; the words of others are made
// printable.
std::string table_text(const std::vector<std::vector<std::string>>& rows);

std::string megabytes(std::uint64_t octets);  // "200.0 MB", "312 kB", "65 B"
std::string decimal(double value, int digits);

// Where the tour and the interactive commands show what happens. On a terminal bars are redrawn in
// place; elsewhere each is printed once, when it is over.
class Screen {
 public:
  explicit Screen(std::FILE* out);  // looks whether it is a terminal, and whether NO_COLOR is set

  void heading(std::string_view text);
  void line(std::string_view text);
  void said(std::string_view who, std::string_view text);  // a member's words
  void bars(const std::vector<Bar>& bars);                 // call as often as one likes
  void end_bars();                                         // leaves them where they are
  void table(const std::vector<std::vector<std::string>>& rows);
  bool is_terminal() const { return is_terminal_; }

 private:
  void put(std::string_view text);

  std::FILE* out_;
  bool is_terminal_;
  bool has_colour_;
  std::size_t drawn_ = 0;             // lines of bars that the cursor stands below
  std::vector<std::string> printed_;  // names of bars that were printed where there is no terminal
};

}  // namespace convene::apps
