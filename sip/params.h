#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace convene::sip {

// One of a ";name=value" list.
struct Param {
  std::string name;
  std::optional<std::string> value;  // without quotes and escapes; nothing: a flag such as "lr"
  bool is_quoted = false;
  bool operator==(const Param&) const = default;
};

// Parameters in the order received. Names are compared without regard to case.
class Params {
 public:
  bool has(std::string_view name) const { return find(name) != nullptr; }
  std::optional<std::string_view> value(std::string_view name) const;  // nothing: absent, or a flag
  const Param* find(std::string_view name) const;  // valid until the list changes

  void add(std::string_view name);
  void add(std::string_view name, std::string_view value);
  void add_quoted(std::string_view name, std::string_view value);
  void set(std::string_view name, std::string_view value);  // replaces or adds
  void remove(std::string_view name);

  bool empty() const { return all_.empty(); }
  const std::vector<Param>& all() const { return all_; }
  bool operator==(const Params&) const = default;

 private:
  friend Result<Params> parse_params(std::string_view text);
  std::vector<Param> all_;
};

// *( SEMI generic-param ), white space allowed around ";" and "=". A name may repeat (A2 of the
// feature tags). More than 128: Fault::too_large.
Result<Params> parse_params(std::string_view text);
std::string to_text(const Params& params);  // begins with ";" unless empty

// quoted-string of RFC 3261 25.1, both ways.
std::string quote(std::string_view text);

}  // namespace convene::sip
