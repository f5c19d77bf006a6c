#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convene::sdp {

// a=name or a=name:value
struct Attribute {
  std::string name = {};
  std::optional<std::string> value = std::nullopt;  // nothing: a flag such as "sendonly"
  bool operator==(const Attribute&) const = default;
};

// The a= lines of a session or of a medium, in order. Names are case-sensitive (RFC 4566 5).
class Attributes {
 public:
  Attributes() = default;
  Attributes(std::initializer_list<Attribute> all) : all_{all} {}

  bool has(std::string_view name) const;
  std::optional<std::string_view> value(std::string_view name) const;  // the first; of a flag: ""

  void add(std::string_view name);
  void add(std::string_view name, std::string_view value);
  void set(std::string_view name, std::string_view value);  // replaces the first in place, or adds
  void remove(std::string_view name);                       // all of that name

  bool empty() const { return all_.empty(); }
  const std::vector<Attribute>& all() const { return all_; }
  bool operator==(const Attributes&) const = default;

 private:
  std::vector<Attribute> all_;
};

}  // namespace convene::sdp
