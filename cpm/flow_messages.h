#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/test_tree.h"
#include "sip/message.h"

namespace convene::cpm {

// For tests: a message of tests/flows by its label there, "f3-2".
inline std::string flow_text(std::string_view label) {
  const auto wanted = "-" + std::string{label} + "-";
  const std::filesystem::path folder{test_tree() / "tests/flows"};
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    const auto name = entry.path().filename().string();
    if (name.find(wanted) != 3) continue;  // 019-f3-2-cf-to-bob...
    std::ifstream file{entry.path(), std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  throw std::runtime_error("no flow " + std::string{label});
}

inline sip::Message flow(std::string_view label) {
  auto message = sip::parse_message(flow_text(label));
  if (!message) throw std::runtime_error(std::string{label} + ": " + message.error().detail);
  return *std::move(message);
}

}  // namespace convene::cpm
