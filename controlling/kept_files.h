#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/time.h"
#include "controlling/group_file_transfer.h"
#include "controlling/identifiers.h"
#include "controlling/policy.h"
#include "msrp/body_store.h"
#include "sdp/file_transfer.h"

namespace convene::controlling {

// A file whose transfer is over, and that somebody still lacks: its sender's connection broke, or
// a receiver's. G-29
struct KeptFile {
  FileTransferPlan plan;          // of that transfer, without its INVITE and its icon
  std::string sha1;               // of the whole; never empty
  std::uint64_t size = 0;         // of the whole
  cpm::FileRest rest;             // what is here of it, and who has how much
  std::set<std::string> refused;  // receivers that do not want it

  bool is_complete() const { return rest.octets == size; }
};

// Those files, for a time: bounded in number, in octets and in age; the oldest goes first. Only in
// memory: a server that starts again has none, and whoever asks for a rest then gets 488.
class KeptFiles {
 public:
  // Takes the body; what there is no room for is dropped.
  void keep(KeptFile file, TimePoint now, const FileTransferPolicy& policy,
            msrp::BodyStore& bodies);

  // By conversation, originator and hash: a file in a group session belongs to the group.
  const KeptFile* of_sender(GroupId group, std::string_view conversation, std::string_view sender,
                            const sdp::FileSelector& selector) const;
  // By who lacks it.
  const KeptFile* of_receiver(GroupId group, std::string_view receiver,
                              const sdp::FileSelector& selector) const;
  KeptFile take(const KeptFile* file);  // one that was found: the body is the caller's now

  bool drop_oldest(msrp::BodyStore& bodies);  // false: there is none
  void forget(TimePoint now, msrp::BodyStore& bodies);
  Deadline deadline() const;
  std::size_t size() const { return files_.size(); }

 private:
  struct Entry {
    KeptFile file;
    TimePoint until;
  };
  std::list<Entry> files_;  // the oldest first
  std::uint64_t octets_ = 0;
};

// The same plan, to go on with what is kept of its file. 488 for a range that does not begin in
// what is here, or does not go to the end, or of a file that is not kept; 480 when nobody lacks it.
cpm::Granted<FileTransferPlan> go_on_with_kept(FileTransferPlan plan, KeptFiles& kept);

}  // namespace convene::controlling
