#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sip/message.h"
#include "trace/msrp_frame.h"
#include "trace/trace_file.h"

namespace convene::trace {

// One side of a message's way.
struct End {
  std::string address;
  std::string node;  // empty: it wrote no trace
};

// One message on its way between two ends, whether one of them traced it or both.
struct Passage {
  Moment time;
  End from;
  End to;
  std::uint64_t left_out = 0;
  std::string_view octets;              // of the record, which has to outlive it
  std::optional<sip::Message> message;  // either of these, if it can be read
  std::optional<FrameHead> frame;
  Protocol protocol = Protocol::sip;
  std::string transport;
};

// In the order of time. Two records of one message, going out here and coming in there, are one
// passage.
std::vector<Passage> passages_of(std::span<const Record> records);

}  // namespace convene::trace
