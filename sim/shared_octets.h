#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/hash.h"

namespace convene::sim {

// The octets of bodies. Whoever has the same as another shares them, so that a file that a hundred
// nodes have is in memory once, and hashed once. Octets that are there never change.
class SharedOctets {
 public:
  explicit SharedOctets(std::string octets) : octets_{std::move(octets)} {}
  SharedOctets(const SharedOctets&) = delete;
  SharedOctets& operator=(const SharedOctets&) = delete;

  std::string_view view() const { return octets_; }
  // Whether these can be appended without moving those that others look at.
  bool has_room_for(std::size_t count) const {
    return octets_.capacity() - octets_.size() >= count;
  }
  void append(std::string_view octets) { octets_.append(octets); }

  // Of the first `size` octets.
  const std::string& digest(Digest digest, std::size_t size) const {
    auto& known = digests_[{digest, size}];
    if (known.empty()) known = digest_of(digest, view().substr(0, size));
    return known;
  }

 private:
  std::string octets_;
  mutable std::map<std::pair<Digest, std::size_t>, std::string> digests_;
};

// Some of them, and what keeps them.
struct SharedView {
  std::shared_ptr<const SharedOctets> keeper;
  std::string_view octets;
};

}  // namespace convene::sim
