#pragma once

#include "apps/screen.h"
#include "load/crowd.h"

namespace convene::apps {

// What a load does to a server, for people and, as lines of JSON, for programs.
class LoadOutput {
 public:
  explicit LoadOutput(bool is_json) : is_json_{is_json}, screen_{stdout} {}

  // Once a second: what happened since the last time.
  void progress(const load::Crowd& crowd, load::Instant now);
  // `processor`: the share of one that this process used while the crowd worked.
  void ended(const load::Crowd& crowd, const load::Plan& plan, load::Instant now, double processor);
  void problem(const std::string& text) const;

 private:
  bool is_json_;
  Screen screen_;
  load::Instant last_{};
  std::uint64_t last_delivered_ = 0;
  std::uint64_t last_octets_ = 0;
};

}  // namespace convene::apps
