#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "io/file_descriptor.h"
#include "io/mapping.h"
#include "io/save_file.h"
#include "msrp/body_store.h"
#include "msrp/endpoint.h"

namespace convene::io {

struct SpoolQuota {
  std::uint64_t body = 16ULL << 30;         // octets of one body
  std::uint64_t total = 64ULL << 30;        // of all, counting what they announced
  std::uint64_t free_floor = 512ULL << 20;  // what the file system keeps free for others
};

// File bodies in a spool directory, without names: they end with the process. A body that was
// adopted is a file of its user, read only.
class FileBodyStore final : public msrp::BodyStore {
 public:
  // Makes the directory (mode 0700) when it is not there. Throws std::system_error when files
  // cannot be made in it.
  explicit FileBodyStore(std::string directory, SpoolQuota quota = {});

  Result<msrp::BodyId> create(std::optional<std::uint64_t> expected_octets) override;
  Result<> write(msrp::BodyId body, std::uint64_t offset,
                 std::span<const std::byte> octets) override;
  Result<std::size_t> read(msrp::BodyId body, std::uint64_t offset,
                           std::span<std::byte> out) override;
  // Takes the octets as they are written, in order, while they are at hand; reads what is left.
  std::unique_ptr<msrp::BodyDigest> digest(msrp::BodyId body, Digest digest) override;
  void drop(msrp::BodyId body) override;
  std::size_t bodies() const override { return bodies_.size(); }

  std::uint64_t size(msrp::BodyId body) const;  // 0 when there is none
  std::uint64_t total() const { return total_; }

  // Opens a regular file to send from. It must not be cut shorter meanwhile.
  struct Adopted {
    msrp::BodyId body;
    std::uint64_t size = 0;
  };
  Result<Adopted> adopt(const std::string& path);

  // Keeps a complete body as a file in `directory`, under its wanted name made safe, or "name
  // (1).ext": never over another file. Its path; on disk when this returns. The body itself may be
  // dropped then, but not written any more.
  Result<std::string> save_as(msrp::BodyId body, const std::string& directory,
                              std::string_view wanted_name);

  // The body's file, for another thread to read; and how it may be kept under a name.
  struct Shared {
    FileDescriptor file;
    Keep keep;
  };
  Result<Shared> share(msrp::BodyId body) const;

  // For the network: the octets a Piece names, also of a body dropped since the last sweep().
  Result<std::vector<BodyView>> view(const msrp::BodySlice& slice);
  void sweep();

 private:
  class WrittenDigest;
  struct Body {
    FileDescriptor file;
    std::uint64_t size = 0;
    std::uint64_t counted = 0;  // of the quota: the larger of size and what was announced
    bool is_adopted = false;
    WrittenDigest* digest = nullptr;  // that wants to know what is written
  };
  Result<> check_room(std::uint64_t octets);

  std::string directory_;
  SpoolQuota quota_;
  std::map<msrp::BodyId, Body> bodies_;
  std::map<msrp::BodyId, Body> dropped_;  // until sweep(): effects of the same call may name them
  MappedWindows windows_;
  std::uint64_t total_ = 0;
  std::uint64_t last_id_ = 0;
  std::uint64_t until_room_check_ =
      0;  // octets that may still be written before the file system is asked again
};

// The digest of a body, taken in slices, so that a loop is not held up. Ends at `size` octets.
class BodyHash {
 public:
  BodyHash(Digest digest, msrp::BodyId body, std::uint64_t size)
      : hash_{digest}, body_{body}, size_{size} {}

  // Hashes up to `most` octets more; the raw digest once all are.
  Result<std::optional<std::string>> advance(msrp::BodyStore& store, std::uint64_t most = 4U << 20);

 private:
  Hash hash_;
  msrp::BodyId body_;
  std::uint64_t size_;
  std::uint64_t done_ = 0;
};

}  // namespace convene::io
