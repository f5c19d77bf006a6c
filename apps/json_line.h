#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace convene::apps {

// One JSON object in one line, written from left to right. RFC 8259
class JsonLine {
 public:
  explicit JsonLine(std::string_view event) { add("event", event); }

  JsonLine& add(std::string_view name, std::string_view text);
  JsonLine& add(std::string_view name, const char* text) {
    return add(name, std::string_view{text});
  }
  JsonLine& add(std::string_view name, std::uint64_t number);
  JsonLine& add_flag(std::string_view name, bool value);
  JsonLine& add_list(std::string_view name, const std::vector<std::string>& texts);
  JsonLine& add_raw(std::string_view name, std::string_view json);  // JSON already
  JsonLine& add_unless_empty(std::string_view name, std::string_view text);

  std::string text() const { return text_ + '}'; }

 private:
  std::string text_ = "{";
};

}  // namespace convene::apps
