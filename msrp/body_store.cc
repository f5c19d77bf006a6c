#include "msrp/body_store.h"

#include <algorithm>
#include <vector>

namespace convene::msrp {

namespace {

class ReadingDigest final : public BodyDigest {
 public:
  ReadingDigest(BodyStore& bodies, BodyId body, Digest digest)
      : bodies_{bodies}, body_{body}, hash_{digest} {}

  Result<> advance(std::uint64_t until) override {
    if (done_ >= until) return {};
    std::vector<std::byte> piece(std::min<std::uint64_t>(max_piece_octets, until - done_));
    while (done_ < until) {
      const auto wanted = std::min<std::uint64_t>(piece.size(), until - done_);
      const auto count = TRY(bodies_.read(body_, done_, std::span{piece}.first(wanted)));
      if (count == 0) return fail(Fault::closed, "octets that the store has not");
      hash_.update(std::span<const std::byte>{piece}.first(count));
      done_ += count;
    }
    return {};
  }
  std::string finish() override { return hash_.finish(); }

 private:
  static constexpr std::uint64_t max_piece_octets = 65'536;

  BodyStore& bodies_;
  BodyId body_;
  Hash hash_;
  std::uint64_t done_ = 0;
};

}  // namespace

std::unique_ptr<BodyDigest> BodyStore::digest(BodyId body, Digest digest) {
  return std::make_unique<ReadingDigest>(*this, body, digest);
}

}  // namespace convene::msrp
