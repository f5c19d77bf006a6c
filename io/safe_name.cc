#include "io/safe_name.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"

namespace convene::io {

namespace {

constexpr std::size_t max_extension_octets = 20;  // with its dot; a longer one is part of the name

std::size_t sequence_size(char lead) {
  const auto value = static_cast<unsigned char>(lead);
  return value < 0x80 ? 1 : value < 0xE0 ? 2 : value < 0xF0 ? 3 : 4;
}

std::uint32_t code_point(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return lead;
  std::uint32_t point = lead & (0x7FU >> sequence.size());
  for (const char c : sequence.substr(1))
    point = point << 6 | (static_cast<unsigned char>(c) & 0x3FU);
  return point;
}

// Characters one does not see, or that turn what one sees.
bool is_hidden(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xAD || point == 0x61C ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF ||
         (point >= 0xE0000 && point <= 0xE007F);
}

std::string_view last_part(std::string_view path) {
  while (!path.empty() && (path.back() == '/' || path.back() == '\\')) path.remove_suffix(1);
  const auto separator = path.find_last_of("/\\");
  return separator == path.npos ? path : path.substr(separator + 1);
}

std::string visible_characters(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    const auto sequence = text.substr(0, sequence_size(text.front()));
    if (!is_utf8(sequence)) {
      kept += '_';
      text.remove_prefix(1);
      continue;
    }
    if (std::string_view{"<>:\"|?*"}.contains(sequence)) {
      kept += '_';
    } else if (!is_hidden(code_point(sequence))) {
      kept += sequence;
    }
    text.remove_prefix(sequence.size());
  }
  return kept;
}

void trim_dots_and_spaces(std::string& name) {
  const auto first = name.find_first_not_of(". ");
  if (first == name.npos) return name.clear();
  name = name.substr(first, name.find_last_not_of(". ") - first + 1);
}

std::size_t extension_at(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == name.npos || dot == 0 || name.size() - dot > max_extension_octets ? name.size()
                                                                                  : dot;
}

// Windows opens the device whatever the extension is.
bool is_device(std::string_view name) {
  const auto stem = to_lower(trim(name.substr(0, name.find('.'))));
  constexpr auto whole =
      std::to_array<std::string_view>({"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"});
  if (std::ranges::count(whole, stem) > 0) return true;
  if (!stem.starts_with("com") && !stem.starts_with("lpt")) return false;
  const auto port = std::string_view{stem}.substr(3);
  constexpr auto superscripts = std::to_array<std::string_view>({"\u00B9", "\u00B2", "\u00B3"});
  return (port.size() == 1 && port[0] >= '0' && port[0] <= '9') ||
         std::ranges::count(superscripts, port) > 0;
}

std::string_view cut_at_character(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

}  // namespace

std::string safe_name(std::string_view wanted) {
  auto name = visible_characters(last_part(wanted));
  trim_dots_and_spaces(name);
  if (is_device(name)) name.insert(0, "_");
  if (name.size() > max_name_octets) {
    const auto extension = name.substr(extension_at(name));
    name = cut_at_character(name.substr(0, extension_at(name)), max_name_octets - extension.size());
    name += extension;
  }
  return name.empty() ? "file" : name;
}

std::string numbered_name(std::string_view name, unsigned number) {
  if (number == 0) return std::string{name};
  const auto at = extension_at(name);
  return std::string{name.substr(0, at)} + " (" + std::to_string(number) + ")" +
         std::string{name.substr(at)};
}

}  // namespace convene::io
