#include "imap/sequence_set.h"

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace convene::imap {

namespace {

Result<std::uint64_t> parse_number(std::string_view text) {
  const auto number = to_number(text);
  if (!number || *number == 0 || *number > std::numeric_limits<std::uint32_t>::max())
    return fail(Fault::malformed, "a number of a set");
  return *number;
}

}  // namespace

Result<std::vector<std::uint32_t>> parse_sequence_set(std::string_view text) {
  std::vector<std::uint32_t> numbers;
  for (const auto piece : split(text, ',')) {
    const auto colon = piece.find(':');
    auto first = TRY(parse_number(piece.substr(0, colon)));
    auto last =
        colon == std::string_view::npos ? first : TRY(parse_number(piece.substr(colon + 1)));
    if (first > last) std::swap(first, last);
    if (last - first >= max_uids - numbers.size()) return fail(Fault::too_large, "a set of UIDs");
    for (auto number = first; number <= last; ++number)
      numbers.push_back(static_cast<std::uint32_t>(number));
  }
  return numbers;
}

std::string to_sequence_set(const std::vector<std::uint32_t>& numbers) {
  std::string text;
  for (std::size_t first = 0; first < numbers.size();) {
    auto last = first;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += std::to_string(numbers[first]);
    if (last > first) text += ":" + std::to_string(numbers[last]);
    first = last + 1;
  }
  return text;
}

}  // namespace convene::imap
