#include "io/log_sink.h"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "base/text.h"

namespace convene::io {

namespace {

constexpr mode_t log_mode = 0640;

Result<FileDescriptor> open_to_append(const std::string& path) {
  FileDescriptor file{::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, log_mode)};
  if (!file) return fail(Fault::closed, path + ": " + std::strerror(errno));
  return file;
}

}  // namespace

LogFile LogFile::standard_error() { return {{}, FileDescriptor{::dup(STDERR_FILENO)}}; }

Result<LogFile> LogFile::open(std::string path) {
  auto file = TRY(open_to_append(path));
  return LogFile{std::move(path), std::move(file)};
}

void LogFile::write(std::string line) {
  if (line.size() > max_log_octets) line.resize(max_log_octets);
  line += '\n';
  [[maybe_unused]] const auto written = ::write(file_.get(), line.data(), line.size());
}

Result<> LogFile::reopen() {
  if (path_.empty()) return {};
  file_ = TRY(open_to_append(path_));
  return {};
}

void TextLog::write(Level level, std::string_view layer, std::string_view text,
                    std::initializer_list<LogField> fields) {
  if (level < least_) return;
  file_.write(wall_time_text() + " " + log_line(level, layer, text, fields));
}

void JsonLog::write(Level level, std::string_view layer, std::string_view text,
                    std::initializer_list<LogField> fields) {
  if (level < least_) return;
  std::string line = R"({"time":")" + wall_time_text() + R"(","level":)" +
                     json_string(name_of(level)) + R"(,"layer":)" + json_string(layer) +
                     R"(,"text":)" + json_string(text);
  for (const auto& [name, value] : fields) {
    const bool is_taken = name == "time" || name == "level" || name == "layer" || name == "text";
    std::string member =
        json_string((is_taken ? "_" : "") + std::string{name}) + ":" + json_string(value);
    if (line.size() + member.size() + 2 > max_log_octets) break;  // a cut line would be no JSON
    line += "," + member;
  }
  file_.write(line + "}");
}

namespace {

struct Character {
  std::uint32_t point = 0;
  std::size_t size = 0;  // 0: no UTF-8
};

Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (text.size() < size || !is_utf8(text.substr(0, size))) return {};
  std::uint32_t point = lead & (0x7FU >> size);
  for (const char c : text.substr(1, size - 1))
    point = point << 6 | (static_cast<unsigned char>(c) & 0x3FU);
  return {point, size};
}

bool is_escaped(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x200E || point == 0x200F ||
         (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

}  // namespace

std::string json_string(std::string_view text, std::size_t max_octets) {
  std::string json = "\"";
  bool is_cut = false;
  while (!text.empty()) {
    if (json.size() > max_octets) {
      is_cut = true;
      break;
    }
    const auto [point, size] = first_character(text);
    if (size == 0) {
      json += "\xEF\xBF\xBD";
      text.remove_prefix(1);
      continue;
    }
    if (point == '"' || point == '\\') {
      json.append("\\").append(text.substr(0, size));
    } else if (is_escaped(point)) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", point);
      json += escape.data();
    } else {
      json += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return json + (is_cut ? "...\"" : "\"");
}

std::string wall_time_text() {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  auto text = to_rfc3339(seconds);
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03d",
                static_cast<int>((now - seconds).count()));
  text.insert(text.size() - 1, fraction.data());
  return text;
}

}  // namespace convene::io
