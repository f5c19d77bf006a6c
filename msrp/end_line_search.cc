#include "msrp/end_line_search.h"

#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace convene::msrp {

namespace {

std::size_t find_slowly(std::string_view octets, std::string_view end_line) {
  const void* found = memmem(octets.data(), octets.size(), end_line.data(), end_line.size());
  if (found == nullptr) return octets.npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - octets.data());
}

#ifdef __SSE2__

// Which of the 16 octets from `at` on are `wanted`, as bits.
unsigned matches(const char* at, __m128i wanted) {
  const auto octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(octets, wanted)));
}

#endif

}  // namespace

std::size_t find_end_line(std::string_view octets, std::string_view end_line) {
#ifdef __SSE2__
  constexpr std::size_t width = 16;
  if (octets.size() < end_line.size()) return octets.npos;
  const auto first = _mm_set1_epi8(end_line.front());
  const auto last = _mm_set1_epi8(end_line.back());
  const std::size_t places = octets.size() - end_line.size() + 1;

  std::size_t at = 0;
  for (; at + width <= places; at += width) {
    const char* here = octets.data() + at;
    auto candidates = matches(here, first);
    if (candidates == 0) continue;
    candidates &= matches(here + end_line.size() - 1, last);
    while (candidates != 0) {
      const auto place = static_cast<std::size_t>(std::countr_zero(candidates));
      if (std::memcmp(here + place, end_line.data(), end_line.size()) == 0) return at + place;
      candidates &= candidates - 1;
    }
  }
  const auto rest = find_slowly(octets.substr(at), end_line);
  return rest == octets.npos ? rest : at + rest;
#else
  return find_slowly(octets, end_line);
#endif
}

}  // namespace convene::msrp
