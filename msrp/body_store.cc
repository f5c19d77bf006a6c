#include "msrp/body_store.h"

#include <algorithm>
#include <vector>

namespace convene::msrp {

void ReadingDigest::take(std::uint64_t offset, std::span<const std::byte> octets) {
  if (offset != done_) return;  // advance() reads it
  hash_.update(octets);
  done_ += octets.size();
}

Result<> ReadingDigest::advance(std::uint64_t until) {
  if (done_ >= until) return {};
  std::vector<std::byte> piece(std::min(max_piece_octets, until - done_));
  while (done_ < until) {
    const auto wanted = std::min<std::uint64_t>(piece.size(), until - done_);
    const auto count = TRY(bodies_.read(body_, done_, std::span{piece}.first(wanted)));
    if (count == 0) return fail(Fault::closed, "octets that the store has not");
    take(done_, std::span{piece}.first(count));
  }
  return {};
}

std::unique_ptr<BodyDigest> BodyStore::digest(BodyId body, Digest digest) {
  return std::make_unique<ReadingDigest>(*this, body, digest);
}

}  // namespace convene::msrp
