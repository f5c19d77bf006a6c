#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/hash.h"
#include "base/result.h"

namespace convene::msrp {

// Names octets that are too many for memory: a file, or a message's body on disk.
struct BodyId {
  std::uint64_t value = 0;
  auto operator<=>(const BodyId&) const = default;
};

// Takes the digest of a body from its first octet on, while it grows.
class BodyDigest {
 public:
  virtual ~BodyDigest() = default;
  virtual Result<> advance(std::uint64_t until) = 0;  // octets [0, until) are in the store
  virtual std::string finish() = 0;                   // of those; once
};

// Where file bodies are kept: files in `io`, memory in `sim`. Names no paths; the pure core sees
// ids and offsets only. Octets count from 0. What was written can be named in a Piece at once.
class BodyStore {
 public:
  virtual ~BodyStore() = default;

  // Room for a body. Fault::too_large over the quota or under the free-space floor, Fault::closed
  // when the disk fails.
  virtual Result<BodyId> create(std::optional<std::uint64_t> expected_octets) = 0;

  // Writes at an offset; beyond the end it grows. Fault::too_large (quota, disk full) or
  // Fault::closed (EIO).
  virtual Result<> write(BodyId body, std::uint64_t offset, std::span<const std::byte> octets) = 0;

  // Reads up to out.size() octets at an offset; how many there were. For hashing and small reads,
  // not for sending.
  virtual Result<std::size_t> read(BodyId body, std::uint64_t offset, std::span<std::byte> out) = 0;

  // Of this body, which must outlive it. By reading it again, unless the store knows better.
  virtual std::unique_ptr<BodyDigest> digest(BodyId body, Digest digest);

  // Forgets the octets. Pieces already handed out for sending stay readable until they are sent.
  virtual void drop(BodyId body) = 0;

  virtual std::size_t bodies() const = 0;  // how many are kept: tests count what is left behind
};

// A digest that reads its body again; and takes octets that are at hand already.
class ReadingDigest : public BodyDigest {
 public:
  ReadingDigest(BodyStore& bodies, BodyId body, Digest digest)
      : bodies_{bodies}, body_{body}, hash_{digest} {}

  Result<> advance(std::uint64_t until) override;
  std::string finish() override { return hash_.finish(); }

  // Octets of the body, from `offset` on: of use when they are the next.
  void take(std::uint64_t offset, std::span<const std::byte> octets);

 private:
  static constexpr std::uint64_t max_piece_octets = 65'536;

  BodyStore& bodies_;
  BodyId body_;
  Hash hash_;
  std::uint64_t done_ = 0;
};

}  // namespace convene::msrp
