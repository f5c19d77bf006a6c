#include "apps/command_log.h"

#include <stdexcept>

namespace convene::apps {

CommandLog::CommandLog(const std::string& path) {
  if (path.empty()) {
    log_ = std::make_unique<SilentLog>();
    return;
  }
  auto file = io::LogFile::open(path);
  if (!file) throw std::runtime_error{path + ": " + file.error().detail};
  file_ = std::make_unique<io::LogFile>(*std::move(file));
  log_ = std::make_unique<io::TextLog>(Level::debug, *file_);
}

}  // namespace convene::apps
