#pragma once

#include <string>

#include "base/log.h"
#include "base/result.h"
#include "base/time.h"
#include "io/file_descriptor.h"

namespace convene::io {

// Where log lines go: each is one write(), so that threads and processes may share it.
class LogFile {
 public:
  static LogFile standard_error();
  // Appends, makes it when it is not there (mode 0640).
  static Result<LogFile> open(std::string path);

  void write(std::string line);  // without its LF. Longer than max_log_octets: cut. Errors are
                                 // nobody's business
  Result<> reopen();             // after a rotation moved the file away

 private:
  LogFile(std::string path, FileDescriptor file) : path_{std::move(path)}, file_{std::move(file)} {}

  std::string path_;  // empty: standard error
  FileDescriptor file_;
};

constexpr std::size_t max_log_octets = 16'384;  // of a line

// "2026-11-22T10:02:11.123Z info  controlling  text  key=value"
class TextLog final : public Log {
 public:
  TextLog(Level least, LogFile& file) : least_{least}, file_{file} {}
  void write(Level level, std::string_view layer, std::string_view text,
             std::initializer_list<LogField> fields) override;

 private:
  Level least_;
  LogFile& file_;
};

// {"time":"2026-11-22T10:02:11.123Z","level":"info","layer":"controlling","text":"...","key":"value"},
// one line each. A field named like one of the first four gets "_" before its name.
class JsonLog final : public Log {
 public:
  JsonLog(Level least, LogFile& file) : least_{least}, file_{file} {}
  void write(Level level, std::string_view layer, std::string_view text,
             std::initializer_list<LogField> fields) override;

 private:
  Level least_;
  LogFile& file_;
};

// A JSON string with its quotes. RFC 8259 7. What is not UTF-8 becomes U+FFFD; characters that
// control a terminal or the reading direction are escaped. A longer one is cut, and ends in "...".
constexpr std::size_t max_json_text = 4'096;  // octets, of a log's line
std::string json_string(std::string_view text, std::size_t max_octets = max_json_text);

std::string wall_time_text();  // 2026-11-22T10:02:11.123Z, now

}  // namespace convene::io
