#pragma once

#include <string>
#include <string_view>

#include "msrp/byte_range.h"
#include "msrp/failure_report.h"
#include "msrp/transaction_ids.h"

namespace convene::msrp {

// A session's paths as our requests have them: the peer's whole path, and our URI.
struct SessionPaths {
  std::string to;
  std::string from;
};

// What a response to a request needs to know of it.
struct Reply {
  std::string transaction_id;
  std::string to_uri;  // the leftmost of its From-Path: responses go one hop. RFC 4975 7.2
  std::string from_uri;
  FailureReport failure_report = FailureReport::yes;

  bool wants(int status) const { return wants_answer(failure_report, status); }
};

// The REPORT about octets of a message. It goes the whole path and is never answered. RFC
// 4975 7.1.3.
struct Report {
  std::string_view message_id;
  ByteRange range;
  int status = 200;
};
std::string report(const SessionPaths& paths, TransactionIds& ids, const Report& about);

// The status that answers for a fault of a peer's, or of our store's.
int status_for(Fault fault);

}  // namespace convene::msrp
