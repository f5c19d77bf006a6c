#include <algorithm>

#include "io/embedded_reader.h"
#include "mime/base64_lines.h"

namespace convene::io {

namespace {

constexpr std::uint64_t line = 78;  // of base64, with the CRLF before the next one

// Octets of a file's base64 lines, of which exactly the lines that are needed are read.
Result<std::string> encoded(const ContentFiles& files, const KeptFile& file, std::uint64_t offset,
                            std::uint64_t most) {
  const auto first = offset / line;
  const auto begin = first == 0 ? 0 : first * line - 2;  // a piece begins with its CRLF
  const auto lines = (offset - begin + most) / line + 2;
  const auto raw = TRY(files.read(file.hash, first * mime::octets_per_line,
                                  static_cast<std::size_t>(lines * mime::octets_per_line)));
  const auto text = mime::base64_lines_piece(first * mime::octets_per_line, raw);
  if (offset - begin > text.size()) return std::string{};
  return text.substr(offset - begin, most);
}

}  // namespace

Result<std::string> text_of(const KeptObject& object, const ContentFiles& files,
                            std::uint64_t offset, std::uint64_t most) {
  std::string out;
  std::uint64_t begin = 0;  // of the piece that is looked at
  // How much is wanted of a piece of this size, and from where in it.
  const auto wanted = [&](std::uint64_t size) -> std::pair<std::uint64_t, std::uint64_t> {
    const auto from = std::max(offset + out.size(), begin) - begin;
    if (from >= size || out.size() >= most) return {0, 0};
    return {from, std::min(size - from, most - out.size())};
  };
  std::uint64_t text_at = 0;
  const auto add_text = [&](std::uint64_t until) {
    const auto [from, count] = wanted(until - text_at);
    out += std::string_view{object.text}.substr(text_at + from, count);
    begin += until - text_at;
    text_at = until;
  };
  for (const auto& file : object.files) {
    add_text(std::min<std::uint64_t>(file.at, object.text.size()));
    const auto size = mime::base64_lines_size(file.octets);
    const auto [from, count] = wanted(size);
    if (count > 0) out += TRY(encoded(files, file, from, count));
    begin += size;
  }
  add_text(object.text.size());
  return out;
}

}  // namespace convene::io
