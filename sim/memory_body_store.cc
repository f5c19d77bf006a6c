#include "sim/memory_body_store.h"

#include <algorithm>
#include <cassert>
#include <functional>
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
  const auto end = std::max<std::uint64_t>(kept.size, offset + octets.size());
  const auto growth = end - kept.size;
  if (growth > quota_.total - std::min(quota_.total, total_))
    return fail(Fault::too_large, "quota of all bodies");

  total_ += growth;
  const std::string_view text{reinterpret_cast<const char*>(octets.data()), octets.size()};
  if (borrow(kept, offset, text)) return {};
  if (offset == kept.size)
    append(kept, text);
  else
    overwrite(kept, offset, text);
  return {};
}

// Whether these are octets that were lent, at their place.
bool MemoryBodyStore::borrow(Body& body, std::uint64_t offset, std::string_view octets) const {
  const bool goes_on = offset == body.size && (body.size == 0 || body.borrowed == lent_);
  if (!lent_ || !goes_on || octets.empty()) return false;
  if (lent_->view().substr(std::min(offset, lent_->view().size()), octets.size()) != octets)
    return false;
  body.own.reset();
  body.borrowed = lent_;
  body.size += octets.size();
  return true;
}

void MemoryBodyStore::append(Body& body, std::string_view octets) {
  const bool is_own = !body.borrowed && body.own->view().size() == body.size;
  if (!is_own || !body.own->has_room_for(octets.size())) {
    std::string moved;
    moved.reserve(std::max<std::size_t>(2 * (body.size + octets.size()), 4'096));
    moved = body.octets();
    body.own = std::make_shared<SharedOctets>(std::move(moved));
    body.borrowed.reset();
  }
  body.own->append(octets);
  body.size += octets.size();
}

void MemoryBodyStore::overwrite(Body& body, std::uint64_t offset, std::string_view octets) {
  std::string changed{body.octets()};
  changed.resize(std::max<std::uint64_t>(changed.size(), offset + octets.size()));
  octets.copy(changed.data() + offset, octets.size());
  body.size = changed.size();
  body.own = std::make_shared<SharedOctets>(std::move(changed));
  body.borrowed.reset();
}

Result<std::size_t> MemoryBodyStore::read(msrp::BodyId body, std::uint64_t offset,
                                          std::span<std::byte> out) {
  const auto* const kept = find(body);
  if (!kept) return fail(Fault::not_found, "no such body");
  if (offset >= kept->size) return 0;
  return kept->octets().copy(reinterpret_cast<char*>(out.data()), out.size(), offset);
}

namespace {

// Takes the digest at the end, and of shared octets once.
class SharedDigest final : public msrp::BodyDigest {
 public:
  using Digested = std::function<std::string(std::uint64_t size)>;
  explicit SharedDigest(Digested digested) : digested_{std::move(digested)} {}
  Result<> advance(std::uint64_t until) override {
    until_ = until;
    return {};
  }
  std::string finish() override { return digested_(until_); }

 private:
  Digested digested_;
  std::uint64_t until_ = 0;
};

}  // namespace

std::unique_ptr<msrp::BodyDigest> MemoryBodyStore::digest(msrp::BodyId body, Digest digest) {
  return std::make_unique<SharedDigest>([this, body, digest](std::uint64_t size) {
    const auto* const kept = find(body);
    return kept && size <= kept->size ? kept->kept().digest(digest, size) : std::string{};
  });
}

void MemoryBodyStore::drop(msrp::BodyId body) {
  auto node = bodies_.extract(body);
  if (node.empty()) return;
  total_ -= node.mapped().size;
  dropped_.insert(std::move(node));
}

msrp::BodyId MemoryBodyStore::adopt(std::string octets) {
  const msrp::BodyId body{++last_id_};
  total_ += octets.size();
  const auto size = octets.size();
  bodies_.emplace(
      body,
      Body{.own = std::make_shared<SharedOctets>(std::move(octets)), .borrowed = {}, .size = size});
  return body;
}

const MemoryBodyStore::Body* MemoryBodyStore::find(msrp::BodyId body) const {
  const auto found = bodies_.find(body);
  return found == bodies_.end() ? nullptr : &found->second;
}

std::string_view MemoryBodyStore::octets(msrp::BodyId body) const {
  const auto* const kept = find(body);
  return kept ? kept->octets() : std::string_view{};
}

void MemoryBodyStore::fail_write(std::size_t n, Fault fault) {
  write_fault_ = fault;
  writes_before_fault_ = n - 1;
}

void MemoryBodyStore::repair() {
  write_fault_.reset();
  create_fault_.reset();
}

SharedView MemoryBodyStore::slice(const msrp::BodySlice& slice) const {
  auto found = bodies_.find(slice.body);
  if (found == bodies_.end()) {
    found = dropped_.find(slice.body);
    assert(found != dropped_.end() && "a piece names a body that does not exist");
  }
  const auto& kept = found->second;
  assert(slice.offset + slice.size <= kept.size && "a piece names octets that were not written");
  return {.keeper = kept.borrowed ? kept.borrowed : kept.own,
          .octets = kept.octets().substr(slice.offset, slice.size)};
}

}  // namespace convene::sim
