#include "store/object.h"

#include "mime/base64_lines.h"

namespace convene::store {

std::uint64_t size_of(const Piece& piece) {
  if (const auto* file = std::get_if<FileContent>(&piece))
    return mime::base64_lines_size(file->octets);
  return std::get<std::string>(piece).size();
}

std::uint64_t size_of(const Object& object) {
  std::uint64_t octets = 0;
  for (const auto& piece : object.pieces) octets += size_of(piece);
  return octets;
}

std::string text_of(const Object& object) {
  std::string text;
  for (const auto& piece : object.pieces)
    if (const auto* octets = std::get_if<std::string>(&piece)) text += *octets;
  return text;
}

}  // namespace convene::store
