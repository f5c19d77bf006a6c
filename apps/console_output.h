#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "apps/delivery_table.h"
#include "apps/screen.h"
#include "base/time.h"
#include "client/event.h"

namespace convene::apps {

// Shows what happens to a client: lines and bars for people, or JSON lines for programs.
class ConsoleOutput {
 public:
  explicit ConsoleOutput(bool is_json) : is_json_{is_json}, screen_{stdout} {}

  void tell(const client::Event& event, TimePoint now);
  void names(client::TransferId transfer, std::string_view name);  // of a file that we send
  void saved(client::TransferId transfer, std::string_view path);
  void table(const std::vector<DeliveryRow>& rows);
  void note(std::string_view text);           // for people
  void problem(std::string_view text);        // on standard error
  void prompt_with(std::string_view prompt);  // before each word of the user, on a terminal
  void prompt_was_answered();                 // with a whole line
  void prompt_no_more();                      // the user is not asked any more

 private:
  struct Progress {
    std::string name;
    TimePoint begin;
    bool has_begun = false;
  };

  void print(std::string_view line);
  void draw(client::TransferId transfer, std::uint64_t done, std::uint64_t size, TimePoint now);

  bool is_json_;
  Screen screen_;
  std::string prompt_;  // that stands there; empty: none
  bool is_over_ = false;
  std::map<client::TransferId, Progress> files_;
};

}  // namespace convene::apps
