#include "apps/first_line.h"

#include <fstream>

namespace convene::apps {

std::optional<std::string> first_line_of(const std::string& path) {
  std::ifstream file{path};
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  return line;
}

}  // namespace convene::apps
