#include "store/rootless.h"

#include <string>

#include "base/text.h"

namespace convene::store {

Result<xml::Element> parse_rootless(std::string_view text) {
  text = trim(text);
  if (text.starts_with("<?xml")) {
    const auto end = text.find("?>");
    if (end == std::string_view::npos) return fail(Fault::malformed, "XML declaration");
    text.remove_prefix(end + 2);
  }
  return xml::parse_document("<all>" + std::string{text} + "</all>");
}

}  // namespace convene::store
