#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "client/ids.h"
#include "imdn/notification.h"

namespace convene::client {

// What is known about a message or file of ours at one of its recipients. Nothing: nothing yet.
struct Delivery {
  std::string recipient;
  std::optional<imdn::Status> delivery = {};    // delivered, failed, forbidden, error
  std::optional<imdn::Status> display = {};     // displayed, forbidden, error
  std::optional<imdn::Status> processing = {};  // processed, stored, forbidden, error
  bool operator==(const Delivery&) const = default;
};

// Our messages and files that reports were asked for, with what became of them. RFC 5438
class DeliveryStates {
 public:
  struct Sent {
    std::string id;  // imdn.Message-ID
    GroupId group;
    std::vector<Delivery> recipients;  // who was there, and who has reported besides
    std::string sent_to = {};          // outside a session: an address of record; empty: a list
  };

  // The oldest beyond `most` is forgotten.
  void remember(Sent sent, std::size_t most);
  const Sent* find(std::string_view id) const;

  // Whether the report is news: of each kind one per recipient, but a delivery may follow a
  // failure.
  bool take(std::string_view id, const std::string& recipient, const imdn::Notification& report);

 private:
  std::deque<Sent> sent_;
};

// The messages that came lately, so that none is told or reported on twice. Reliability: once
class SeenMessages {
 public:
  // Whether this id of this sender is new; the oldest beyond `most` are forgotten.
  bool knows(std::string_view sender, std::string_view id) const;
  bool is_new(std::string_view sender, std::string_view id, std::size_t most);

 private:
  std::unordered_set<std::string> seen_;  // sender and id, as one text
  std::deque<const std::string*> in_order_;
};

}  // namespace convene::client
