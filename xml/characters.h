#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace convene::xml {

// Whether the text is UTF-8 and holds only what XML 1.0 2.2 calls Char.
bool is_legal(std::string_view text);

// &lt; &gt; &amp; &apos; &quot; &#13; &#xD; to what they stand for. Any other is malformed: we know
// no entities beyond these, so none can expand.
Result<std::string> resolve_references(std::string_view text);

// What cannot stand in XML becomes U+FFFD, and CR a reference.
std::string escape_text(std::string_view text);
std::string escape_attribute(std::string_view value);  // for double quotes

}  // namespace convene::xml
