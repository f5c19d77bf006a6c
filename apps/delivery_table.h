#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "client/client.h"

namespace convene::apps {

// What became of something that we sent, at one of its recipients.
struct DeliveryRow {
  std::string what;       // a file's name; empty: the only message
  std::string id;         // its imdn.Message-ID
  std::string recipient;  // an address
  std::string
      state;  // displayed, delivered, failed, forbidden, error, stored, processed; empty: none
  std::optional<Duration> after;  // when that was reported, from its sending on
  bool operator==(const DeliveryRow&) const = default;
};

// What `--report` tells at the end: each recipient of each file or message, with the last thing
// that was reported. R4.1h
class DeliveryTable {
 public:
  void sent(std::string id, std::string what, TimePoint since);
  void told(const client::DeliveryReport& report, TimePoint now);

  // Those that were expected, and those that reported besides; in the order of sending.
  std::vector<DeliveryRow> rows(const client::Client& client) const;
  // Whether nobody who is expected owes the word whether it arrived.
  bool is_complete(const client::Client& client) const;

 private:
  struct Sent {
    std::string id, what;
    TimePoint since;
  };
  std::vector<Sent> sent_;
  std::map<std::pair<std::string, std::string>, TimePoint> told_;  // by id and recipient: the last
};

// For people: aligned, one line each, the words of others made printable.
std::vector<std::string> text_of(const std::vector<DeliveryRow>& rows);
std::string json_of(const DeliveryRow& row);

}  // namespace convene::apps
