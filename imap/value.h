#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace convene::imap {

// What responses are made of. RFC 3501 4.
struct Value {
  enum class Kind { atom, string, nil, list };
  Kind kind = Kind::atom;
  std::string text = {};          // atom, string
  std::vector<Value> items = {};  // list
  bool operator==(const Value&) const = default;

  bool is_list() const { return kind == Kind::list; }
};

inline constexpr std::size_t max_value_depth = 16;
inline constexpr std::size_t max_values = 1'000'000;  // of one response

// Values between single blanks, up to the end. Atoms keep what stands in brackets:
// BODY[HEADER.FIELDS (DATE)]<0> is one.
Result<std::vector<Value>> parse_values(std::string_view text);

// Whether it is an atom that says this, in any case.
bool is_atom(const Value& value, std::string_view word);

}  // namespace convene::imap
