#pragma once

#include <string>
#include <vector>

#include "msrp/endpoint.h"
#include "msrp/transaction_ids.h"

namespace convene::msrp {

// Where a session's machines put what they have to say while they handle one input.
struct Outlet {
  std::vector<Event>& events;
  std::string& ending;  // of the chunk that is open on the connection: goes first
  std::string& frames;  // whole requests for the peer: REPORTs and aborts, in order
  TransactionIds& ids;
};

// Message ids carry their session's: `sequence` counts in it.
constexpr int sequence_bits = 28;
constexpr std::uint64_t message_number(SessionKey session, std::uint64_t sequence) {
  return session.value << sequence_bits | (sequence & ((std::uint64_t{1} << sequence_bits) - 1));
}
constexpr SessionKey session_of(std::uint64_t message_number) {
  return {message_number >> sequence_bits};
}

}  // namespace convene::msrp
