#pragma once

#include <string_view>

#include "base/result.h"
#include "xml/element.h"

namespace convene::store {

// A document that may lack its root: CPM writes <file-transfer-type>, <invited-participants> and
// <file-object> one after the other. Gives an element that has them as children.
Result<xml::Element> parse_rootless(std::string_view text);

}  // namespace convene::store
