#include "store/xml_text.h"

#include "base/text.h"
#include "xml/characters.h"

namespace convene::store {

std::string lines_element(std::string_view name, std::string_view text) {
  std::string out = "<" + std::string{name} + ">";
  while (!text.empty()) {
    out += xml::escape_text(take_line(text));
    if (!text.empty()) out += "\r\n";
  }
  return out + "</" + std::string{name} + ">";
}

std::string lines_of(std::string_view text) {
  std::string out;
  text = trim(text);
  while (!text.empty()) {
    out += take_line(text);
    if (!text.empty()) out += "\r\n";
  }
  return out;
}

}  // namespace convene::store
