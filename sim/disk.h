#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "controlling/group_record.h"
#include "participating/deferral_queue.h"

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
  std::map<participating::DeferralId, participating::DeferredMessage> deferred;
  std::map<participating::DeferralId, std::string> deferred_contents;

  std::vector<controlling::GroupRecord> records() const {
    std::vector<controlling::GroupRecord> all;
    all.reserve(groups.size());
    for (const auto& [focus, record] : groups) all.push_back(record);
    return all;
  }
  std::vector<participating::DeferredEntry> deferred_entries() const {
    std::vector<participating::DeferredEntry> all;
    for (const auto& [id, message] : deferred)
      all.push_back({.id = id,
                     .user = message.user,
                     .message_id = message.message_id,
                     .expires = message.expires,
                     .octets = message.octets(),
                     .kind = message.kind,
                     .sender = message.sender});
    return all;
  }
};

}  // namespace convene::sim
