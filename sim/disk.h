#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "controlling/group_record.h"

namespace convene::sim {

// The durable state of one simulated machine: exactly what was committed, whenever its node dies.
struct Disk {
  enum class Fault {
    none,
    refuses,  // full, read-only, or the database is down: nothing is stored, and that is told
    hangs,    // nothing is stored or told
  };
  Fault fault = Fault::none;
  Duration delay{1};  // from the effect to the commit

  std::map<std::string, controlling::GroupRecord, std::less<>> groups;  // by their focus

  std::vector<controlling::GroupRecord> records() const {
    std::vector<controlling::GroupRecord> all;
    all.reserve(groups.size());
    for (const auto& [focus, record] : groups) all.push_back(record);
    return all;
  }
};

}  // namespace convene::sim
