#pragma once

#include "msrp/body_store.h"

namespace convene::isf {

// A store that takes nothing: what is said in a chat is received in memory.
class NoBodies final : public msrp::BodyStore {
 public:
  Result<msrp::BodyId> create(std::optional<std::uint64_t>) override {
    return fail(Fault::unsupported, "no files");
  }
  Result<> write(msrp::BodyId, std::uint64_t, std::span<const std::byte>) override {
    return fail(Fault::not_found, "no such body");
  }
  Result<std::size_t> read(msrp::BodyId, std::uint64_t, std::span<std::byte>) override {
    return fail(Fault::not_found, "no such body");
  }
  void drop(msrp::BodyId) override {}
  std::size_t bodies() const override { return 0; }
};

}  // namespace convene::isf
