#include "msrp/head.h"

#include <algorithm>

#include "base/text.h"

namespace convene::msrp {

namespace {

template <class T>
struct Word {
  std::string_view text;
  T value;
};

constexpr Word<bool> success_words[] = {{"yes", true}, {"no", false}};
constexpr Word<FailureReport> failure_words[] = {
    {"yes", FailureReport::yes}, {"partial", FailureReport::partial}, {"no", FailureReport::no}};

template <class T, std::size_t count>
bool read_word(const Word<T> (&words)[count], std::string_view text, std::optional<T>& value) {
  for (const auto& word : words) {
    if (!iequals(word.text, text)) continue;
    value = word.value;
    return true;
  }
  return false;
}

// Status = namespace SP status-code [SP comment]; only namespace 000 is known. RFC 4975 9.
std::optional<int> read_status(std::string_view text) {
  const auto words = split(text, ' ');
  if (words.size() < 2 || words[0] != "000" || words[1].size() != 3) return std::nullopt;
  const auto number = to_number(words[1]);
  return number ? std::optional{static_cast<int>(*number)} : std::nullopt;
}

bool is_identifier(std::string_view text) {
  return !text.empty() && text.size() <= max_message_id_octets && !text.contains(' ');
}

// Reads one header into its place; what is wrong with it, or nothing.
std::string_view read_header(const HeaderLine& line, Head& head) {
  const auto is = [&](std::string_view name) { return iequals(line.name, name); };

  if (is("Message-ID")) {
    if (!head.message_id.empty() || !is_identifier(line.value)) return "Message-ID";
    head.message_id = line.value;
  } else if (is("Byte-Range")) {
    const auto range = parse_byte_range(line.value);
    if (head.byte_range || !range) return "Byte-Range";
    head.byte_range = *range;
  } else if (is("Success-Report")) {
    if (!read_word(success_words, line.value, head.success_report)) return "Success-Report";
  } else if (is("Failure-Report")) {
    if (!read_word(failure_words, line.value, head.failure_report)) return "Failure-Report";
  } else if (is("Content-Type")) {
    if (line.value.empty() || line.value.size() > max_content_type_octets) return "Content-Type";
    head.content_type = line.value;
  } else if (is("Status")) {
    head.report_status = read_status(line.value);
  } else if (is("Use-Nickname")) {
    if (head.use_nickname) return "Use-Nickname";
    head.use_nickname = line.value;
  } else if (is("To-Path") || is("From-Path")) {
    return "path twice";
  }
  return {};
}

}  // namespace

Result<Head> parse_head(const ChunkBegin& begin) {
  const auto lines = begin.headers;
  if (lines.size() < 2 || !iequals(lines[0].name, "To-Path") ||
      !iequals(lines[1].name, "From-Path") || lines[0].value.empty() || lines[1].value.empty())
    return fail(Fault::malformed, "To-Path and From-Path come first");

  Head head;
  head.transaction_id = begin.transaction_id;
  head.method = begin.method;
  head.status = begin.status;
  head.comment = begin.comment;
  head.to_path = lines[0].value;
  head.from_path = lines[1].value;
  head.has_body = begin.has_body;
  for (const auto& line : lines.subspan(2)) {
    const auto flaw = read_header(line, head);
    if (head.flaw.empty()) head.flaw = flaw;
  }
  if (head.flaw.empty() && !head.has_body && !head.content_type.empty())
    head.flaw = "Content-Type without a body";
  return head;
}

std::string_view leftmost_uri(std::string_view path) { return path.substr(0, path.find(' ')); }

}  // namespace convene::msrp
