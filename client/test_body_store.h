#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <string_view>

#include "msrp/body_store.h"

namespace convene::client {

// Bodies in memory, for tests of this folder (sim's store is a layer above).
class TestBodyStore final : public msrp::BodyStore {
 public:
  Result<msrp::BodyId> create(std::optional<std::uint64_t>) override {
    const msrp::BodyId id{++last_};
    bodies_[id];
    return id;
  }
  Result<> write(msrp::BodyId body, std::uint64_t offset,
                 std::span<const std::byte> octets) override {
    auto& text = bodies_.at(body);
    text.resize(std::max<std::size_t>(text.size(), offset + octets.size()));
    std::ranges::copy(octets, std::as_writable_bytes(std::span{text}).subspan(offset).begin());
    return {};
  }
  Result<std::size_t> read(msrp::BodyId body, std::uint64_t offset,
                           std::span<std::byte> out) override {
    const auto& text = bodies_.at(body);
    const auto count =
        std::min<std::size_t>(out.size(), text.size() - std::min<std::size_t>(offset, text.size()));
    std::ranges::copy(std::as_bytes(std::span{text}).subspan(offset, count), out.begin());
    return count;
  }
  void drop(msrp::BodyId body) override { bodies_.erase(body); }
  std::size_t bodies() const override { return bodies_.size(); }

  msrp::BodyId with(std::string_view octets) {
    const msrp::BodyId id{++last_};
    bodies_[id] = octets;
    return id;
  }
  const std::string& octets(msrp::BodyId body) const { return bodies_.at(body); }

 private:
  std::uint64_t last_ = 0;
  std::map<msrp::BodyId, std::string> bodies_;
};

}  // namespace convene::client
