#include "apps/json_line.h"

#include "io/log_sink.h"

namespace convene::apps {

namespace {

// Whole, however long: scripts read it.
std::string json(std::string_view text) { return io::json_string(text, std::string_view::npos); }

}  // namespace

JsonLine& JsonLine::add_raw(std::string_view name, std::string_view json) {
  if (text_.size() > 1) text_ += ',';
  text_ += io::json_string(name) + ':';
  text_ += json;
  return *this;
}

JsonLine& JsonLine::add(std::string_view name, std::string_view text) {
  return add_raw(name, json(text));
}

JsonLine& JsonLine::add(std::string_view name, std::uint64_t number) {
  return add_raw(name, std::to_string(number));
}

JsonLine& JsonLine::add_flag(std::string_view name, bool value) {
  return add_raw(name, value ? "true" : "false");
}

JsonLine& JsonLine::add_list(std::string_view name, const std::vector<std::string>& texts) {
  std::string list;
  for (const auto& text : texts) list += (list.empty() ? "" : ",") + json(text);
  return add_raw(name, '[' + list + ']');
}

JsonLine& JsonLine::add_unless_empty(std::string_view name, std::string_view text) {
  return text.empty() ? *this : add(name, text);
}

}  // namespace convene::apps
