#pragma once

#include <string>

#include "client/event.h"
#include "scenario/player.h"
#include "scenario/script.h"

namespace convene::apps {

// Shows how scenarios go on standard output: lines for people, or JSON lines for programs.
class ScenarioOutput {
 public:
  explicit ScenarioOutput(bool is_json) : is_json_{is_json} {}

  void begins(const std::string& file) const;
  void mistakes(
      const std::string& what) const;  // of a file, one a line; on standard error for people
  void played(const scenario::Played& step) const;
  void told(const std::string& client, const client::Event& event) const;  // programs only
  void ended(const std::string& file, std::size_t steps, const std::string& why) const;

 private:
  bool is_json_;
};

}  // namespace convene::apps
