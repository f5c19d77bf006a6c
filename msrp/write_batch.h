#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "msrp/endpoint.h"

namespace convene::msrp {

// Gathers the pieces of one Write: texts that follow each other become one, bodies stay where they
// are.
class WriteBatch {
 public:
  // The text to append to; valid until the next slice().
  std::string& text() {
    if (pieces_.empty() || !std::holds_alternative<std::string>(pieces_.back())) {
      pieces_.emplace_back(std::string{});
      std::get<std::string>(pieces_.back()).reserve(usual_text);
    }
    return std::get<std::string>(pieces_.back());
  }
  void slice(const BodySlice& slice) {
    if (slice.size == 0) return;
    closed_octets_ = octets() + slice.size;
    pieces_.emplace_back(slice);
  }

  std::uint64_t octets() const {
    const auto* text = pieces_.empty() ? nullptr : std::get_if<std::string>(&pieces_.back());
    return closed_octets_ + (text != nullptr ? text->size() : 0);
  }
  std::vector<Piece> take() { return std::move(pieces_); }

 private:
  static constexpr std::size_t usual_text = 512;  // an end-line and a head

  std::vector<Piece> pieces_;
  std::uint64_t closed_octets_ = 0;  // of all but a text at the end
};

}  // namespace convene::msrp
