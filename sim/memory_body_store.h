#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "msrp/body_store.h"
#include "msrp/endpoint.h"
#include "sim/shared_octets.h"

namespace convene::sim {

struct BodyQuota {
  std::uint64_t body = 256U << 20;    // octets of one body
  std::uint64_t total = 1024U << 20;  // of all
};

// File bodies in memory, with quotas, and with faults where a test wants them.
class MemoryBodyStore final : public msrp::BodyStore {
 public:
  explicit MemoryBodyStore(BodyQuota quota = {}) : quota_{quota} {}

  Result<msrp::BodyId> create(std::optional<std::uint64_t> expected_octets) override;
  Result<> write(msrp::BodyId body, std::uint64_t offset,
                 std::span<const std::byte> octets) override;
  Result<std::size_t> read(msrp::BodyId body, std::uint64_t offset,
                           std::span<std::byte> out) override;
  std::unique_ptr<msrp::BodyDigest> digest(msrp::BodyId body, Digest digest) override;
  void drop(msrp::BodyId body) override;
  std::size_t bodies() const override { return bodies_.size(); }

  // For tests and applications.
  msrp::BodyId adopt(std::string octets);  // a file to be sent
  std::string_view octets(
      msrp::BodyId body) const;  // empty when there is none; valid until the next write
  std::uint64_t total() const { return total_; }
  void set_quota(BodyQuota quota) { quota_ = quota; }

  // The n-th write from now, and every later one until repair(), fails; n = 1 is the next.
  void fail_write(std::size_t n, Fault fault);
  void fail_create(Fault fault) { create_fault_ = fault; }  // every create() until repair()
  void repair();

  // For the network: the octets a Piece names, also of a body dropped since the last sweep(). They
  // must exist.
  SharedView slice(const msrp::BodySlice& slice) const;
  void sweep() { dropped_.clear(); }
  // What is written may be of these: then they are shared instead of copied. Nothing: no more.
  void lend(std::shared_ptr<const SharedOctets> octets) { lent_ = std::move(octets); }

 private:
  // The first `size` octets of what others may have as well. Only its owner may append to them.
  struct Body {
    std::shared_ptr<SharedOctets> own;
    std::shared_ptr<const SharedOctets> borrowed;  // or
    std::uint64_t size = 0;

    const SharedOctets& kept() const { return borrowed ? *borrowed : *own; }
    std::string_view octets() const { return kept().view().substr(0, size); }
  };
  bool borrow(Body& body, std::uint64_t offset, std::string_view octets) const;
  static void append(Body& body, std::string_view octets);
  static void overwrite(Body& body, std::uint64_t offset, std::string_view octets);
  const Body* find(msrp::BodyId body) const;

  BodyQuota quota_;
  std::map<msrp::BodyId, Body> bodies_;
  std::map<msrp::BodyId, Body> dropped_;  // until sweep(): effects of the same call may name them
  std::shared_ptr<const SharedOctets> lent_;
  std::uint64_t total_ = 0;
  std::uint64_t last_id_ = 0;
  std::optional<Fault> write_fault_;
  std::size_t writes_before_fault_ = 0;
  std::optional<Fault> create_fault_;
};

}  // namespace convene::sim
