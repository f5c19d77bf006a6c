#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "msrp/body_store.h"

namespace convene::cpm {

// What is here of a file whose transfer broke off, and what its sender goes on with. G-29
struct FileRest {
  msrp::BodyId body;
  std::uint64_t octets = 0;  // of the file, from its first one on
  std::string content_type;
  std::uint64_t from = 0;                     // the sender's message begins behind this octet
  std::map<std::string, std::uint64_t> held;  // receivers who had accepted: octets they confirmed
};

}  // namespace convene::cpm
