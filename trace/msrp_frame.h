#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "msrp/byte_range.h"
#include "trace/msrp_tap.h"

namespace convene::trace {

// A frame of the trace, by name. Its texts are valid as long as the octets it was read from.
struct FrameHead {
  std::string_view transaction_id;
  std::string_view method;  // empty: a response
  int status = 0;           // 0: a request
  std::string_view comment;
  std::string_view to_path;
  std::string_view from_path;
  std::string_view message_id;
  std::string_view content_type;
  std::string_view report_status;  // Status: 000 200 OK
  std::string_view nickname;
  std::optional<msrp::ByteRange> range;
  bool has_body = false;
  std::string_view body;  // what the trace kept of it
  char flag = '$';
};

Result<FrameHead> parse_frame(std::string_view octets);

// The session-id of the first URI of a path: msrp://host:port/session-id;tcp. Empty when it has
// none.
std::string_view session_id_of(std::string_view path);

}  // namespace convene::trace
