#include "msrp/reports.h"

#include "msrp/frame_writer.h"

namespace convene::msrp {

std::string report(const SessionPaths& paths, TransactionIds& ids, const Report& about) {
  const TransactionId transaction{ids.draw()};
  Head head;
  head.transaction_id = transaction.text();
  head.method = "REPORT";
  head.to_path = paths.to;
  head.from_path = paths.from;
  head.message_id = about.message_id;
  head.byte_range = about.range;
  head.report_status = about.status;
  return bodiless(head);
}

// RFC 4975 10
int status_for(Fault fault) {
  switch (fault) {
    case Fault::malformed:
    case Fault::out_of_order: return 400;
    case Fault::too_large:
    case Fault::closed: return 413;
    case Fault::unsupported: return 415;
    case Fault::not_found: return 481;
    case Fault::timed_out: return 408;
  }
  return 400;
}

}  // namespace convene::msrp
