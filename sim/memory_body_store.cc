#include "sim/memory_body_store.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace convene::sim {

Result<msrp::BodyId> MemoryBodyStore::create(std::optional<std::uint64_t> expected_octets) {
  if (create_fault_) return fail(*create_fault_, "injected");
  const auto expected = expected_octets.value_or(0);
  if (expected > quota_.body) return fail(Fault::too_large, "quota of one body");
  if (expected > quota_.total - std::min(quota_.total, total_))
    return fail(Fault::too_large, "quota of all bodies");
  return adopt({});
}

Result<> MemoryBodyStore::write(msrp::BodyId body, std::uint64_t offset,
                                std::span<const std::byte> octets) {
  if (write_fault_ && writes_before_fault_ == 0) return fail(*write_fault_, "injected");
  if (write_fault_) --writes_before_fault_;
  const auto found = bodies_.find(body);
  if (found == bodies_.end()) return fail(Fault::not_found, "no such body");
  auto& kept = found->second;

  if (offset > quota_.body || octets.size() > quota_.body - offset)
    return fail(Fault::too_large, "quota of one body");
  const auto end = std::max<std::uint64_t>(kept.size(), offset + octets.size());
  const auto growth = end - kept.size();
  if (growth > quota_.total - std::min(quota_.total, total_))
    return fail(Fault::too_large, "quota of all bodies");

  total_ += growth;
  kept.resize(end);
  if (!octets.empty()) std::memcpy(kept.data() + offset, octets.data(), octets.size());
  return {};
}

Result<std::size_t> MemoryBodyStore::read(msrp::BodyId body, std::uint64_t offset,
                                          std::span<std::byte> out) {
  const auto found = bodies_.find(body);
  if (found == bodies_.end()) return fail(Fault::not_found, "no such body");
  const auto& kept = found->second;
  if (offset >= kept.size()) return 0;
  return std::string_view{kept}.copy(reinterpret_cast<char*>(out.data()), out.size(), offset);
}

void MemoryBodyStore::drop(msrp::BodyId body) {
  auto node = bodies_.extract(body);
  if (node.empty()) return;
  total_ -= node.mapped().size();
  dropped_.insert(std::move(node));
}

msrp::BodyId MemoryBodyStore::adopt(std::string octets) {
  const msrp::BodyId body{++last_id_};
  total_ += octets.size();
  bodies_.emplace(body, std::move(octets));
  return body;
}

std::string_view MemoryBodyStore::octets(msrp::BodyId body) const {
  const auto found = bodies_.find(body);
  return found == bodies_.end() ? std::string_view{} : found->second;
}

void MemoryBodyStore::fail_write(std::size_t n, Fault fault) {
  write_fault_ = fault;
  writes_before_fault_ = n - 1;
}

void MemoryBodyStore::repair() {
  write_fault_.reset();
  create_fault_.reset();
}

std::string_view MemoryBodyStore::slice(const msrp::BodySlice& slice) const {
  auto found = bodies_.find(slice.body);
  if (found == bodies_.end()) {
    found = dropped_.find(slice.body);
    assert(found != dropped_.end() && "a piece names a body that does not exist");
  }
  assert(slice.offset + slice.size <= found->second.size() &&
         "a piece names octets that were not written");
  return std::string_view{found->second}.substr(slice.offset, slice.size);
}

}  // namespace convene::sim
