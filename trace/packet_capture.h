#pragma once

#include <span>
#include <string>

#include "trace/trace_file.h"

namespace convene::trace {

// The trace as a pcapng file, for Wireshark and its kind: each message in IP and UDP or TCP that
// are made for it, with right lengths, sequence numbers and checksums. What came over TLS is plain
// there. A body that the trace left out is missing, and a comment on the packet says so. Records
// whose addresses are no IP addresses are skipped.
std::string to_pcapng(std::span<const Record> records);

}  // namespace convene::trace
