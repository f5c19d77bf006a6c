#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "apps/configuration.h"

namespace convene::apps {

// The table behind the file, its errors, its sample and its reference: one row per key.

struct Number {
  std::uint64_t* value;
  std::uint64_t least;
  std::uint64_t most;
};
struct Seconds {
  std::chrono::seconds* value;
  std::uint64_t least;
  std::uint64_t most;
};
struct Choice {  // one of a few words
  std::vector<std::string_view> words;
  std::function<std::size_t()> get;
  std::function<void(std::size_t)> set;
};
// Nothing, or what is wrong with a text: "is not host:port".
using TextRule = std::optional<std::string> (*)(std::string_view text);
struct Text {
  std::string* value;
  TextRule rule;
};
struct Texts {
  std::vector<std::string>* value;
  TextRule rule;  // of each
};
struct Numbers {
  std::vector<std::uint64_t>* value;
  std::uint64_t least;
  std::uint64_t most;
};
struct Users {
  std::vector<Configuration::User>* value;
};
using Target = std::variant<bool*, Number, Seconds, Choice, Text, Texts, Numbers, Users>;

struct Key {
  std::string_view name;
  Target target;  // points into the configuration that the table was made for
  std::string_view meaning;
};

struct Section {
  std::string_view name;
  std::string_view meaning;
  std::vector<Key> keys;
};

// Valid as long as `configuration`.
std::vector<Section> sections_of(Configuration& configuration);

// The value as TOML, and for people: "8 to 50", "`skip` or `invite`".
std::string value_text(const Target& target);
std::string range_text(const Target& target);

}  // namespace convene::apps
