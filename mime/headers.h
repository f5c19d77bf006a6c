#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace convene::mime {

struct Header {
  std::string name = {};   // as written
  std::string value = {};  // unfolded, without white space at its ends
  bool operator==(const Header&) const = default;
};

// A header block in the order received. Names are compared without regard to case.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> all) : all_{all} {}

  std::optional<std::string_view> value(std::string_view name) const;  // the first of that name
  void add(std::string_view name, std::string_view value);
  void set(std::string_view name, std::string_view value);  // replaces the first, or adds
  void remove(std::string_view name);                       // all of that name

  bool empty() const { return all_.empty(); }
  const std::vector<Header>& all() const { return all_; }
  bool operator==(const Headers&) const = default;

 private:
  std::vector<Header> all_;
};

inline constexpr std::size_t max_headers = 64;
inline constexpr std::size_t max_header_octets = 8 * 1024;  // of a whole block

struct HeaderBlock {
  Headers headers = {};
  std::string_view rest = {};  // what follows the empty line; a piece of the text parsed
  bool has_empty_line = true;  // false: the text ended with the headers, there is no body
};

// The headers up to the first empty line or the end. Lines may end in bare LF; folded ones are
// joined by one space. RFC 5322 2.2.
Result<HeaderBlock> parse_header_block(std::string_view text);

// "Name: value" and CRLF for each, without the empty line.
std::string to_text(const Headers& headers);

}  // namespace convene::mime
