#pragma once

#include <cstdint>

#include "load/latencies.h"

namespace convene::load {

// What a crowd has done and seen since it was complete.
struct Figures {
  std::uint64_t chat_sent = 0;
  std::uint64_t chat_delivered = 0;  // to one member each
  std::uint64_t chat_lost = 0;       // to one member each: not there within `chat_patience`
  std::uint64_t chat_repeated = 0;   // to one member each: for the second time
  std::uint64_t chat_failed = 0;     // messages that the server refused, or never answered
  Latencies chat;                    // from the verb to each member's event

  std::uint64_t files_sent = 0;
  std::uint64_t files_received = 0;  // by one member each
  std::uint64_t files_failed = 0;    // sent or received
  std::uint64_t file_octets = 0;     // received, also of files that are under way
  Latencies files;                   // from the verb to each member's last octet

  std::uint64_t left = 0;
  std::uint64_t returned = 0;
  std::uint64_t thrown_out = 0;  // a session that ended and was not to end
  Latencies returns;             // from the verb to Joined

  std::uint64_t errors() const {
    return chat_lost + chat_repeated + chat_failed + files_failed + thrown_out;
  }
};

}  // namespace convene::load
