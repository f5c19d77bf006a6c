#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace convene::trace {

using Moment = std::chrono::sys_time<std::chrono::microseconds>;

enum class Protocol { sip, msrp };
enum class Direction { in, out };

// One SIP message or MSRP frame as it passed the edge of a node. docs/trace-format.md.
struct Record {
  Moment time;
  Protocol protocol = Protocol::sip;
  std::string transport = "udp";  // udp, tcp, tls
  std::string local;              // "127.0.0.1:5060"
  Direction direction = Direction::in;
  std::string remote;
  std::string node;            // who wrote the record: "focus"
  std::uint64_t left_out = 0;  // octets of an MSRP body that are not in `octets`
  std::string octets;
  bool operator==(const Record&) const = default;
};

// The record as the file has it. Blanks in its names become "_", an empty name "-".
std::string to_text(const Record& record);

// A record without its octets would be a line of this at most.
constexpr std::size_t max_record_line_octets = 1'024;

// Takes the first record off `file`. Fault::malformed names what is wrong; `file` is then as it
// was.
Result<Record> take_record(std::string_view& file);

// All records of a file. One that was cut off at the end, by a crash say, is left out.
Result<std::vector<Record>> parse_trace(std::string_view file);

// 2026-11-22T10:02:11.123456Z
std::string to_rfc3339(Moment time);
Result<Moment> parse_rfc3339(std::string_view text);

}  // namespace convene::trace
