#pragma once

#include <fstream>
#include <iterator>
#include <string>

#include "base/test_tree.h"

// For tests only: one of the messages in torture/, "rfc4475/wsinv". Empty when there is no such
// file.
namespace convene::sip {

inline std::string torture_message(const std::string& name) {
  std::ifstream file{test_tree() / "sip/torture" / (name + ".dat"), std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace convene::sip
