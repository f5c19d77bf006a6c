#pragma once

#include <memory>
#include <string>

#include "io/log_sink.h"

namespace convene::apps {

// What a command decided, and why, in a file.
class CommandLog {
 public:
  // An empty path: nowhere. Throws std::runtime_error when the file cannot be written.
  explicit CommandLog(const std::string& path);
  Log& log() { return *log_; }

 private:
  std::unique_ptr<io::LogFile> file_;
  std::unique_ptr<Log> log_;
};

}  // namespace convene::apps
