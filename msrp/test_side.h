#pragma once
// For tests: an endpoint with bodies in memory, and all that happened to it.

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "msrp/endpoint.h"

namespace convene::msrp {

// Bodies in memory. Counts what was written, and can be full.
class MemoryBodies final : public BodyStore {
 public:
  Result<BodyId> create(std::optional<std::uint64_t>) override {
    if (is_full) return fail(Fault::too_large, "full");
    bodies_[{++last_}];
    return BodyId{last_};
  }
  Result<> write(BodyId body, std::uint64_t offset, std::span<const std::byte> octets) override {
    if (is_full) return fail(Fault::too_large, "full");
    auto& text = bodies_[body];
    text.resize(std::max(text.size(), offset + octets.size()));
    std::memcpy(text.data() + offset, octets.data(), octets.size());
    return {};
  }
  Result<std::size_t> read(BodyId body, std::uint64_t offset, std::span<std::byte> out) override {
    const auto& text = bodies_[body];
    const auto count =
        offset < text.size() ? std::min(out.size(), text.size() - offset) : std::size_t{0};
    std::memcpy(out.data(), text.data() + offset, count);
    return count;
  }
  void drop(BodyId body) override { bodies_.erase(body); }
  std::size_t bodies() const override { return bodies_.size(); }

  BodyId add(std::string text) {
    bodies_[{++last_}] = std::move(text);
    return {last_};
  }
  const std::string& text(BodyId body) { return bodies_[body]; }

  bool is_full = false;

 private:
  std::map<BodyId, std::string> bodies_;
  std::uint64_t last_ = 0;
};

constexpr TimePoint test_start{Duration{1'000'000}};

// One endpoint with everything that happened to it.
struct Side {
  explicit Side(std::uint64_t seed, EndpointSettings settings = {})
      : random{seed}, endpoint{settings, {random, log, calendar}, bodies} {}

  // The events of one kind, in order.
  template <class E>
  std::vector<E> all() const {
    std::vector<E> found;
    for (const auto& event : events)
      if (const auto* it = std::get_if<E>(&event)) found.push_back(*it);
    return found;
  }
  template <class E>
  std::size_t count() const {
    return all<E>().size();
  }

  SeededRandom random;
  KeptLog log;
  Calendar calendar{test_start, WallTime{}};
  MemoryBodies bodies;
  Endpoint endpoint;
  std::string certificate;  // that it shows in TLS
  std::vector<Event> events;
  std::size_t text_octets = 0;   // in Write pieces that are text
  std::size_t slice_octets = 0;  // in Write pieces that are bodies
  std::vector<ConnectionId> closes;
};

}  // namespace convene::msrp
