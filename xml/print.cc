#include "xml/characters.h"
#include "xml/element.h"

namespace convene::xml {

namespace {

constexpr std::string_view line_end = "\r\n";

void print_open(const Element& element, std::string& out) {
  out += '<' + element.name;
  for (const auto& [name, value] : element.attributes)
    out += ' ' + name + "=\"" + escape_attribute(value) + '"';
}

void print(const Element& element, std::size_t level, bool in_one_line, std::string& out) {
  print_open(element, out);
  if (element.children.empty() && element.text.empty()) {
    out += "/>";
    return;
  }
  out += '>' + escape_text(element.text);

  const bool one_line = in_one_line || element.one_line;
  for (const auto& child : element.children) {
    if (!one_line) out.append(line_end).append(level, ' ');
    print(child, level + 1, one_line, out);
  }
  if (!one_line && !element.children.empty()) {
    out += line_end;
    if (level > 1) out.append(level - 1, ' ');
  }
  out += "</" + element.name + '>';
}

}  // namespace

std::string to_text(const Element& root) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
  out += line_end;
  print(root, 0, false, out);
  return out;
}

}  // namespace convene::xml
