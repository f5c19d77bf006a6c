#pragma once

#include <optional>
#include <string>

namespace convene::apps {

// Of a file with a secret. Nothing: it cannot be read, or is empty.
std::optional<std::string> first_line_of(const std::string& path);

}  // namespace convene::apps
