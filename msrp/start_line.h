#pragma once

#include <string_view>

#include "base/result.h"

namespace convene::msrp {

struct StartLine {
  std::string_view transaction_id;
  std::string_view method;  // empty: a response
  int status = 0;           // 0: a request
  std::string_view comment;
  bool operator==(const StartLine&) const = default;
};

// "MSRP" SP transact-id SP ( method / status-code [SP comment] ). RFC 4975 9. Without its CRLF.
Result<StartLine> parse_start_line(std::string_view line);

}  // namespace convene::msrp
