#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "msrp/body_store.h"

namespace convene::load {

// Counts octets and forgets them, so that receivers cost little. Says that every body has the
// digest that was promised.
class ForgetfulBodies final : public msrp::BodyStore {
 public:
  explicit ForgetfulBodies(std::string promised) : promised_{std::move(promised)} {}

  Result<msrp::BodyId> create(std::optional<std::uint64_t>) override {
    const msrp::BodyId id{++last_id_};
    sizes_[id] = 0;
    return id;
  }
  Result<> write(msrp::BodyId body, std::uint64_t offset,
                 std::span<const std::byte> octets) override {
    auto& size = sizes_[body];
    size = std::max(size, offset + octets.size());
    return {};
  }
  Result<std::size_t> read(msrp::BodyId, std::uint64_t, std::span<std::byte>) override {
    return fail(Fault::unsupported, "forgotten");
  }
  std::unique_ptr<msrp::BodyDigest> digest(msrp::BodyId, Digest) override {
    return std::make_unique<Promise>(promised_);
  }
  void drop(msrp::BodyId body) override { sizes_.erase(body); }
  std::size_t bodies() const override { return sizes_.size(); }

 private:
  class Promise final : public msrp::BodyDigest {
   public:
    explicit Promise(std::string promised) : promised_{std::move(promised)} {}
    Result<> advance(std::uint64_t) override { return {}; }
    std::string finish() override { return promised_; }

   private:
    std::string promised_;
  };
  std::string promised_;
  std::map<msrp::BodyId, std::uint64_t> sizes_;
  std::uint64_t last_id_ = 0;
};

}  // namespace convene::load
