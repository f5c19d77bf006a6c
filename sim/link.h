#pragma once

#include <cstdint>

#include "base/time.h"

namespace convene::sim {

// What happens between two nodes, the same in both directions. Probabilities are between 0 and 1.
struct Link {
  Duration delay{1};
  Duration jitter{0};  // a datagram takes up to so much longer
  double loss = 0;     // of a datagram; a segment of a stream is late by a retransmission instead
  double duplication = 0;               // of a datagram
  double reordering = 0;                // of a datagram: late by up to ten delays, at least 10 ms
  std::uint64_t octets_per_second = 0;  // of each stream; 0: no limit
  bool is_cut = false;                  // datagrams are lost, streams stand still
};

}  // namespace convene::sim
