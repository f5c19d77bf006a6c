#include "trace/trace_file.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.h"

namespace convene::trace {
namespace {

using namespace std::chrono;

std::string word(std::string_view text) {
  if (text.empty()) return "-";
  std::string word{text};
  for (char& c : word) {
    if (static_cast<unsigned char>(c) <= ' ') c = '_';
  }
  return word;
}

// As word() prints them.
bool is_printed_word(std::string_view text) {
  return !text.empty() &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
}

// Whether `text` has the shape of `form`, in which every "d" stands for a digit.
bool has_form(std::string_view text, std::string_view form) {
  return std::ranges::equal(text, form, [](char c, char wanted) {
    return wanted == 'd' ? c >= '0' && c <= '9' : c == wanted;
  });
}

Result<Protocol> parse_protocol(std::string_view text) {
  if (text == "sip") return Protocol::sip;
  if (text == "msrp") return Protocol::msrp;
  return fail(Fault::malformed, "a protocol is sip or msrp");
}

Result<Direction> parse_direction(std::string_view text) {
  if (text == "in") return Direction::in;
  if (text == "out") return Direction::out;
  return fail(Fault::malformed, "a direction is in or out");
}

// "@" time protocol transport local direction remote node octets ["body=" left-out]
Result<std::pair<Record, std::uint64_t>> parse_record_line(std::string_view line) {
  const auto words = split(line, ' ');
  if (words.size() < 9 || words[0] != "@") {
    return fail(Fault::malformed, "a record begins with @ and has eight words more");
  }
  if (!std::ranges::all_of(words, is_printed_word)) {
    return fail(Fault::malformed, "a record's line has one blank between its words");
  }

  Record record;
  record.time = TRY(parse_rfc3339(words[1]));
  record.protocol = TRY(parse_protocol(words[2]));
  record.transport = words[3];
  record.local = words[4];
  record.direction = TRY(parse_direction(words[5]));
  record.remote = words[6];
  record.node = words[7];
  const auto size = to_number(words[8]);
  if (!size) return fail(Fault::malformed, "a record ends with its number of octets");

  // Further words are for later versions: unknown ones are skipped.
  for (std::size_t i = 9; i < words.size(); ++i) {
    if (!words[i].starts_with("body=")) continue;
    const auto left_out = to_number(words[i].substr(5));
    if (!left_out) return fail(Fault::malformed, "body= wants a number");
    record.left_out = *left_out;
  }
  return std::pair{std::move(record), *size};
}

}  // namespace

std::string to_rfc3339(Moment time) {
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", int{date.year()},
                unsigned{date.month()}, unsigned{date.day()},
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return text.data();
}

Result<Moment> parse_rfc3339(std::string_view text) {
  if (!has_form(text, "dddd-dd-ddTdd:dd:dd.ddddddZ")) {
    return fail(Fault::malformed, "a time is 2026-11-22T10:02:11.123456Z");
  }
  const auto number = [&](std::size_t at, std::size_t digits) {
    return static_cast<int>(*to_number(text.substr(at, digits)));
  };
  const year_month_day date{year{number(0, 4)}, month{static_cast<unsigned>(number(5, 2))},
                            day{static_cast<unsigned>(number(8, 2))}};
  const hours h{number(11, 2)};
  const minutes m{number(14, 2)};
  const seconds s{number(17, 2)};

  if (!date.ok() || h >= 24h || m >= 60min || s > 60s) {
    return fail(Fault::malformed, "no such time");
  }
  return Moment{sys_days{date}} + h + m + s + microseconds{number(20, 6)};
}

std::string to_text(const Record& record) {
  std::string text = "@ " + to_rfc3339(record.time);
  text += record.protocol == Protocol::sip ? " sip " : " msrp ";
  text += word(record.transport) + " " + word(record.local);
  text += record.direction == Direction::in ? " in " : " out ";
  text += word(record.remote) + " " + word(record.node) + " ";
  text += std::to_string(record.octets.size());
  if (record.left_out > 0) text += " body=" + std::to_string(record.left_out);
  text += "\n" + record.octets + "\n";
  return text;
}

Result<Record> take_record(std::string_view& file) {
  const auto end = file.substr(0, max_record_line_octets).find('\n');
  if (end == file.npos) return fail(Fault::malformed, "a record's line has no end");

  auto [record, size] = TRY(parse_record_line(file.substr(0, end)));
  const auto rest = file.substr(end + 1);
  if (rest.size() < size || rest.size() - size < 1) {
    return fail(Fault::closed, "the last record is cut off");
  }
  if (rest[size] != '\n') return fail(Fault::malformed, "a record ends with a line feed");
  record.octets = rest.substr(0, size);
  file = rest.substr(size + 1);
  return record;
}

Result<std::vector<Record>> parse_trace(std::string_view file) {
  std::vector<Record> records;
  while (!file.empty()) {
    auto record = take_record(file);
    if (!record && (record.error().fault == Fault::closed || !file.contains('\n'))) break;
    records.push_back(TRY(std::move(record)));
  }
  return records;
}

}  // namespace convene::trace
