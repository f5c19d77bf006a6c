#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "controlling/policy.h"
#include "cpm/capabilities.h"

namespace convene::controlling {

// One member of the group as CPM 9.3.1 looks at it: its best leg, and what is already under way to
// it.
struct Candidate {
  std::string address;                  // CPM address
  cpm::Capabilities capabilities = {};  // of the leg that would get the file
  bool is_secure = false;               // its chat is over TLS
  std::size_t running = 0;              // transfers to this participant, in this focus
  std::size_t queued = 0;
};

struct FileTransferTarget {
  std::string address;
  std::string instance = {};       // the device in the session, with its <>; empty: any. (1)
  bool thumbnail = false;          // R3.3
  bool store_and_forward = false;  // R3.3
  bool is_one_to_one = false;      // (3) b: on behalf of the sender, as if there were no group
  bool must_wait = false;          // (5): until another transfer to this participant is over
  bool is_secure = false;          // over TLS, as its chat is
  bool by_interworking = false;    // 9.1.2 (6): it is no CPM user
  std::uint64_t begun = 0;         // octets that it has already: it gets the rest. G-29
  bool operator==(const FileTransferTarget&) const = default;
};

struct LeftOut {
  enum class Why {
    chat_only,
    not_indicated,
    too_many,        // (2), (3) a, (5)
    has_it,          // of a file that goes on: G-29
    refused_before,  // ...
  };
  std::string address;
  Why why;
  bool operator==(const LeftOut&) const = default;
};
std::string_view text_of(LeftOut::Why why);  // for the log: "9.3.1 (2) not inviting: chat only"

struct FileTransferTargets {
  std::vector<FileTransferTarget> invited;
  std::vector<LeftOut> left_out;
};

// Who is invited when a file is sent to the group. CPM 9.3.1. The candidates do not hold the
// sender.
FileTransferTargets file_transfer_targets(const std::vector<Candidate>& candidates,
                                          const FileTransferPolicy& policy);

// The leg that gets the file when a member has several: one that indicated file transfer, or else
// one that said nothing (G-39).
const cpm::Capabilities& best_of(const std::vector<cpm::Capabilities>& legs);

}  // namespace convene::controlling
