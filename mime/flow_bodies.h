#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/test_tree.h"
#include "base/text.h"
#include "mime/multipart.h"

namespace convene::mime {

// For tests: one body of a message in tests/flows.
struct FlowBody {
  std::string file;
  Part part;
};

// For tests: one message of tests/flows, SIP, MSRP or a stored object.
struct Flow {
  std::string file;
  Headers headers;
  std::string body;
};

inline Flow parse_flow(const std::filesystem::path& path) {
  std::ostringstream all;
  all << std::ifstream{path, std::ios::binary}.rdbuf();
  const std::string text = all.str();

  std::string_view rest = text;
  const auto first_line = take_line(rest);
  if (first_line.starts_with("MSRP ")) {
    const auto end_line = "\r\n-------" + std::string{split(first_line, ' ')[1]};
    rest = rest.substr(0, rest.find(end_line));
  } else if (!first_line.contains("SIP/2.0")) {
    rest = text;  // a stored object has no start line
  }
  const auto block = parse_header_block(rest).value();
  return {path.filename().string(), block.headers, std::string{block.rest}};
}

// In the order of the files.
inline std::vector<Flow> all_flows() {
  std::vector<std::filesystem::path> paths;
  const std::filesystem::path folder{test_tree() / "tests/flows"};
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  std::ranges::sort(paths);

  std::vector<Flow> flows;
  for (const auto& path : paths) flows.push_back(parse_flow(path));
  return flows;
}

// Every body of that type, also within multiparts and within message/cpim.
inline std::vector<FlowBody> flow_bodies(std::string_view type) {
  std::vector<FlowBody> found;
  for (const auto& flow : all_flows()) {
    const auto content_type = flow.headers.value("Content-Type");
    if (!content_type) continue;
    auto parts = leaves_of(*content_type, flow.body).value();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (type_of(parts[i]) == "message/cpim") {
        const auto content = parts[i].body.find("\r\n\r\n") + 4;
        const std::string cpim = parts[i].body.substr(content);
        const auto block = parse_header_block(cpim).value();
        parts.push_back({block.headers, std::string{block.rest}});
      }
      if (type_of(parts[i]) == type) found.push_back({flow.file, parts[i]});
    }
  }
  return found;
}

}  // namespace convene::mime
