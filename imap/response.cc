#include "imap/response.h"

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace convene::imap {

namespace {

std::string upper(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  return out;
}

std::string_view take_word(std::string_view& text) {
  const auto word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

std::optional<Condition> condition_of(std::string_view word) {
  if (iequals(word, "OK")) return Condition::ok;
  if (iequals(word, "NO")) return Condition::no;
  if (iequals(word, "BAD")) return Condition::bad;
  if (iequals(word, "BYE")) return Condition::bye;
  if (iequals(word, "PREAUTH")) return Condition::preauth;
  return std::nullopt;
}

std::optional<std::uint32_t> number_of(std::string_view word) {
  const auto number = to_number(word);
  if (!number || *number > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

// resp-text = ["[" resp-text-code "]" SP] text. RFC 3501 9. A code that cannot be read is words.
void read_words(std::string_view text, Status& status) {
  status.text = text;
  if (!text.starts_with('[')) return;
  const auto end = text.find(']');
  if (end == std::string_view::npos) return;
  auto inside = text.substr(1, end - 1);
  const auto name = take_word(inside);
  auto arguments = parse_values(inside);
  if (name.empty()) return;
  status.code = ResponseCode{.name = upper(name)};
  if (arguments) status.code->arguments = std::move(*arguments);
  status.text = trim(text.substr(end + 1));
}

}  // namespace

// RFC 3501 7
Result<Response> parse_response(std::string_view text) {
  if (text.starts_with('+')) return Continuation{std::string{trim(text.substr(1))}};
  const auto tag = take_word(text);
  if (tag.empty()) return fail(Fault::malformed, "a response without a tag");
  auto rest = text;
  auto word = take_word(rest);
  if (const auto condition = condition_of(word)) {
    Status status{.tag = tag == "*" ? "" : std::string{tag}, .condition = *condition};
    read_words(rest, status);
    return status;
  }
  if (tag != "*") return fail(Fault::malformed, "a tagged response without a condition");

  Data data;
  data.number = number_of(word);
  if (data.number) word = take_word(rest);
  if (word.empty()) return fail(Fault::malformed, "a response that says nothing");
  data.name = upper(word);
  data.values = TRY(parse_values(rest));
  return data;
}

}  // namespace convene::imap
