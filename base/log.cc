#include "base/log.h"

#include <algorithm>

#include "base/text.h"

namespace convene {

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "";
}

std::string log_line(Level level, std::string_view layer, std::string_view text,
                     std::initializer_list<LogField> fields) {
  std::string line{name_of(level)};
  line.append("  ").append(layer).append("  ").append(printable(text));
  for (const auto& [name, value] : fields)
    line.append("  ").append(name).append("=").append(printable(value));
  return line;
}

void KeptLog::write(Level level, std::string_view layer, std::string_view text,
                    std::initializer_list<LogField> fields) {
  text_ += log_line(level, layer, text, fields) + "\n";
}

std::string masked(std::string_view address) {
  const auto colon = address.find(':');
  const auto at = address.find('@');
  const auto user = colon == address.npos ? 0 : colon + 1;
  const bool is_sip = at != address.npos && at > user;
  const auto shown = is_sip ? user + 1 : std::min(address.size(), user + 4);
  std::string text{address.substr(0, shown)};
  text += "***";
  if (is_sip) text += address.substr(at);
  return text;
}

}  // namespace convene
