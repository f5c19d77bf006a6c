#include "apps/configuration_keys.h"
#include "base/text.h"

namespace convene::apps {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

template <class Range, class Print>
std::string list(const Range& values, Print print) {
  std::string text = "[";
  for (const auto& value : values) {
    if (text.size() > 1) text += ", ";
    text += print(value);
  }
  return text + "]";
}

std::string user_text(const Configuration::User& user) {
  std::string text = "{address = " + quoted(user.address);
  if (!user.password.empty()) text += ", password = " + quoted(user.password);
  if (!user.display.empty()) text += ", display = " + quoted(user.display);
  return text + "}";
}

std::string from_to(std::uint64_t least, std::uint64_t most) {
  return "from " + std::to_string(least) + " to " + std::to_string(most);
}

std::string words_text(const std::vector<std::string_view>& words) {
  std::string text;
  for (const auto word : words) {
    if (!text.empty()) text += word == words.back() ? " or " : ", ";
    text += quoted(word);
  }
  return text;
}

// Comments of at most 100 columns.
std::string comment(std::string_view text) {
  std::string result;
  std::string line = "#";
  for (const auto word : split(text, ' ')) {
    if (line.size() + 1 + word.size() > 100) {
      result += line + "\n";
      line = "#";
    }
    line.append(" ").append(word);
  }
  return result + line + "\n";
}

}  // namespace

std::string value_text(const Target& target) {
  const auto number_text = [](std::uint64_t number) { return std::to_string(number); };
  return std::visit(
      Overloaded{[](const bool* value) { return std::string{*value ? "true" : "false"}; },
                 [](const Number& number) { return std::to_string(*number.value); },
                 [](const Seconds& seconds) { return std::to_string(seconds.value->count()); },
                 [](const Choice& choice) { return quoted(choice.words[choice.get()]); },
                 [](const Text& text) { return quoted(*text.value); },
                 [](const Texts& texts) { return list(*texts.value, quoted); },
                 [&](const Numbers& numbers) { return list(*numbers.value, number_text); },
                 [](const Users& users) { return list(*users.value, user_text); }},
      target);
}

std::string range_text(const Target& target) {
  return std::visit(
      Overloaded{
          [](const bool*) { return std::string{"true or false"}; },
          [](const Number& number) { return "a number " + from_to(number.least, number.most); },
          [](const Seconds& seconds) { return "seconds, " + from_to(seconds.least, seconds.most); },
          [](const Choice& choice) { return words_text(choice.words); },
          [](const Text&) { return std::string{"a text"}; },
          [](const Texts&) { return std::string{"a list of texts"}; },
          [](const Numbers& numbers) {
            return "a list of numbers " + from_to(numbers.least, numbers.most);
          },
          [](const Users&) {
            return std::string{
                "a list of {address = \"sip:...\", password = \"...\", display = \"...\"}"};
          }},
      target);
}

std::string to_toml(const Configuration& configuration) {
  auto copy = configuration;
  std::string text =
      "# The configuration of convened. Sizes are octets, times seconds. A key that is not here "
      "has the\n"
      "# value that examples/convened.toml shows.\n";
  for (const auto& section : sections_of(copy)) {
    text += "\n" + comment(section.meaning) + "[" + std::string{section.name} + "]\n";
    for (const auto& key : section.keys) {
      const bool is_text =
          std::holds_alternative<Text>(key.target) || std::holds_alternative<Texts>(key.target);
      text += "\n" + comment(key.meaning) + (is_text ? "" : comment(range_text(key.target)));
      text += std::string{key.name} + " = " + value_text(key.target) + "\n";
    }
  }
  return text;
}

std::string configuration_reference() {
  Configuration defaults;
  std::string text =
      "# Configuration\n\n"
      "`convened` reads one TOML file; `convened --dump-config` prints it with every key. A name "
      "it does not know, a "
      "value of another\ntype or out of range is an error with its place. Sizes are octets, times "
      "seconds. This page "
      "and `examples/convened.toml` are printed\nfrom the table in `apps/configuration_keys.cc`.\n";
  for (const auto& section : sections_of(defaults)) {
    text += "\n## [" + std::string{section.name} + "]\n\n" + std::string{section.meaning} + "\n\n";
    text += "| key | default | | |\n|---|---|---|---|\n";
    for (const auto& key : section.keys) {
      text += "| `" + std::string{key.name} + "` | `" + value_text(key.target) + "` | " +
              range_text(key.target) + " | " + std::string{key.meaning} + " |\n";
    }
  }
  return text;
}

}  // namespace convene::apps
