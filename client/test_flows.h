#pragma once

#include <fstream>
#include <iterator>
#include <string>

#include "base/test_tree.h"
#include "sip/message.h"

namespace convene::client {

// A message of tests/flows, as it is on the wire.
inline std::string flow(const std::string& name) {
  std::ifstream file{test_tree() / "tests/flows" / name, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

// A message without what differs from call to call and from leg to leg: branches, tags, Call-IDs,
// boundaries, description and session ids, and what a Participating Function puts in between. What
// a client prefers is what its server asserts (RFC 3325).
std::string essence(std::string text);

// Its lines sorted: for messages whose headers come in another order.
std::string in_any_order(const std::string& essence);
inline std::string essence(const sip::Message& message) { return essence(sip::to_text(message)); }

}  // namespace convene::client
