#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "io/channel.h"

namespace convene::io {

// Octets of a file, mapped into memory; unmapped with the last view.
class Mapping;
struct BodyView {
  std::shared_ptr<const Mapping> mapping;
  std::string_view octets;
};

// Octets that are to leave through one socket, in order.
class OutputQueue {
 public:
  void append(std::string octets);
  void append(BodyView view);
  void clear();

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // Writes until everything left (`moved`) or the channel stops.
  Transfer write_to(Channel& channel);

 private:
  struct Piece {
    std::string text;  // or
    BodyView view;
    std::string_view octets() const { return view.mapping ? view.octets : std::string_view{text}; }
  };

  Transfer write_views(Channel& channel);
  Transfer write_copy(Channel& channel, std::span<char> room);
  void drop_first(std::size_t count);

  std::deque<Piece> pieces_;
  std::size_t taken_ = 0;  // of the first piece
  std::size_t size_ = 0;
};

}  // namespace convene::io
