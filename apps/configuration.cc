#include "apps/configuration.h"

#include <algorithm>

#include "apps/configuration_keys.h"
#include "base/spelling.h"
#include "base/text.h"

#define TOML_EXCEPTIONS 0
#define TOML_ASSERT(holds) static_cast<void>(0)  // 3.3 asserts what a file may get wrong: [&]
#define TOML_ENABLE_UNRELEASED_FEATURES 0
#include <toml++/toml.h>

namespace convene::apps {
namespace {

using Complaint = std::optional<std::string>;

bool has_key(const Section& section, std::string_view name) {
  return std::ranges::find(section.keys, name, &Key::name) != section.keys.end();
}

template <class Named>
std::string did_you_mean(std::string_view name, const std::vector<Named>& known) {
  const auto nearest = std::ranges::min_element(
      known, {}, [&](const Named& candidate) { return letters_between(name, candidate.name); });
  if (nearest == known.end() || !may_mean(name, nearest->name)) return {};
  return "; did you mean '" + std::string{nearest->name} + "'?";
}

std::string no_such_key(const std::vector<Section>& sections, const Section& section,
                        std::string_view name) {
  std::string text = "[" + std::string{section.name} + "] has no key '" + printable(name) + "'";
  for (const auto& other : sections) {
    if (has_key(other, name)) {
      return text + "; it belongs to [" + std::string{other.name} + "]";
    }
  }
  return text + did_you_mean(name, section.keys);
}

std::string no_such_section(const std::vector<Section>& sections, std::string_view name) {
  for (const auto& section : sections) {
    if (has_key(section, name)) {
      return "'" + printable(name) + "' belongs to [" + std::string{section.name} + "]";
    }
  }
  return "there is no section [" + printable(name) + "]" + did_you_mean(name, sections);
}

// ---- One value into its place: nothing, or what is wrong with it. ----

Complaint put_number(const toml::node& node, std::uint64_t least, std::uint64_t most,
                     std::uint64_t& value) {
  const auto* const integer = node.as_integer();
  if (!integer || integer->get() < 0) return "";
  const auto number = static_cast<std::uint64_t>(integer->get());
  if (number < least || number > most) return "";
  value = number;
  return {};
}

Complaint put(const toml::node& node, bool* value) {
  const auto* const boolean = node.as_boolean();
  if (!boolean) return "";
  *value = boolean->get();
  return {};
}

Complaint put(const toml::node& node, const Number& target) {
  return put_number(node, target.least, target.most, *target.value);
}

Complaint put(const toml::node& node, const Seconds& target) {
  std::uint64_t seconds = 0;
  if (const auto complaint = put_number(node, target.least, target.most, seconds)) return complaint;
  *target.value = std::chrono::seconds{seconds};
  return {};
}

Complaint put(const toml::node& node, const Choice& target) {
  const auto* const text = node.as_string();
  if (!text) return "";
  const auto word = std::ranges::find(target.words, std::string_view{text->get()});
  if (word == target.words.end()) return "";
  target.set(static_cast<std::size_t>(word - target.words.begin()));
  return {};
}

Complaint put(const toml::node& node, const Text& target) {
  const auto* const text = node.as_string();
  if (!text) return "";
  if (const auto complaint = target.rule(text->get())) return complaint;
  *target.value = text->get();
  return {};
}

Complaint put(const toml::node& node, const Texts& target) {
  const auto* const array = node.as_array();
  if (!array) return "";
  std::vector<std::string> texts(array->size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (const auto complaint = put(*array->get(i), Text{&texts[i], target.rule})) return complaint;
  }
  *target.value = std::move(texts);
  return {};
}

Complaint put(const toml::node& node, const Numbers& target) {
  const auto* const array = node.as_array();
  if (!array) return "";
  std::vector<std::uint64_t> numbers(array->size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (put_number(*array->get(i), target.least, target.most, numbers[i])) return "";
  }
  *target.value = std::move(numbers);
  return {};
}

Complaint put(const toml::node& node, const Users& target) {
  const auto* const array = node.as_array();
  if (!array) return "";
  std::vector<Configuration::User> users;
  for (const auto& element : *array) {
    const auto* const table = element.as_table();
    if (!table) return "";
    auto& user = users.emplace_back();
    for (const auto& [key, value] : *table) {
      const auto* const text = value.as_string();
      if (!text) return "";
      if (key == "address")
        user.address = text->get();
      else if (key == "password")
        user.password = text->get();
      else if (key == "display")
        user.display = text->get();
      else
        return "a user has no '" + printable(key.str()) + "'";
    }
    if (user.address.empty()) return "a user needs an address";
  }
  *target.value = std::move(users);
  return {};
}

// What is wrong with the value, in a sentence without its place.
Complaint put(const toml::node& node, const Section& section, const Key& key) {
  const auto complaint =
      std::visit([&](const auto& target) { return put(node, target); }, key.target);
  if (!complaint) return {};
  const std::string name = "[" + std::string{section.name} + "] " + std::string{key.name};
  if (!complaint->empty()) return name + ": " + *complaint;
  return name + " has to be " + range_text(key.target);
}

// ---- The whole file. ----

class Reader {
 public:
  Reader(Configuration& configuration, std::string_view file)
      : sections_{sections_of(configuration)}, file_{file} {}

  void read(const toml::table& root) {
    for (const auto& [name, node] : root) {
      const auto section = std::ranges::find(sections_, name.str(), &Section::name);
      if (section == sections_.end()) {
        complain(name.source(), no_such_section(sections_, name.str()));
      } else if (const auto* const table = node.as_table()) {
        read(*table, *section);
      } else {
        complain(name.source(), "[" + std::string{name.str()} + "] is a section");
      }
    }
  }

  void complain(const toml::source_region& place, std::string_view what) {
    complaints_ += complaints_.empty() ? "" : "\n";
    complaints_ += file_ + ":" + std::to_string(place.begin.line) + ":" +
                   std::to_string(place.begin.column) + ": " + std::string{what};
  }

  Result<> verdict() const {
    if (complaints_.empty()) return {};
    return fail(Fault::malformed, complaints_);
  }

 private:
  void read(const toml::table& table, const Section& section) {
    for (const auto& [name, node] : table) {
      const auto key = std::ranges::find(section.keys, name.str(), &Key::name);
      if (key == section.keys.end()) {
        complain(name.source(), no_such_key(sections_, section, name.str()));
      } else if (const auto complaint = put(node, section, *key)) {
        complain(node.source(), *complaint);
      }
    }
  }

  std::vector<Section> sections_;
  std::string file_;
  std::string complaints_;
};

}  // namespace

Result<Configuration> parse_configuration(std::string_view text, std::string_view file_name) {
  Configuration configuration;
  Reader reader{configuration, file_name};
  const auto parsed = toml::parse(text);
  if (parsed) {
    reader.read(parsed.table());
  } else {
    reader.complain(parsed.error().source(), parsed.error().description());
  }
  TRY(reader.verdict());
  return configuration;
}

Result<> set_key(Configuration& configuration, std::string_view name, std::string_view value) {
  const auto sections = sections_of(configuration);
  const auto dot = name.find('.');
  const auto section = std::ranges::find(sections, name.substr(0, dot), &Section::name);
  if (section == sections.end()) {
    return fail(Fault::not_found, no_such_section(sections, name.substr(0, dot)));
  }
  const auto key_name = dot == name.npos ? std::string_view{} : name.substr(dot + 1);
  const auto key = std::ranges::find(section->keys, key_name, &Key::name);
  if (key == section->keys.end())
    return fail(Fault::not_found, no_such_key(sections, *section, key_name));

  const bool is_text =
      std::holds_alternative<Text>(key->target) || std::holds_alternative<Choice>(key->target);
  const auto parsed = toml::parse("value = " + std::string{value});
  const auto* const node = parsed ? parsed.table().get("value") : nullptr;
  const toml::value<std::string> raw{std::string{value}};
  const bool take_raw = is_text && (!node || !node->is_string());
  if (!node && !take_raw) {
    return fail(Fault::malformed, std::string{name} + " has to be " + range_text(key->target));
  }
  if (const auto complaint = put(take_raw ? raw : *node, *section, *key)) {
    return fail(Fault::malformed, *complaint);
  }
  return {};
}

}  // namespace convene::apps
