#pragma once

#include <optional>

#include "conference/conference_info.h"

namespace convene::conference {

enum class Applied {
  yes,
  old,        // this version was seen already: nothing changed
  need_full,  // a version is missing, or nothing is known yet: subscribe anew; nothing changed
};

// Call it by its full name: std::apply would be found, too.
//
// Brings what a subscriber knows up to date with one more document. `known` starts as nothing and
// is then always full. RFC 4575 4.6.
Applied apply(const ConferenceInfo& document, std::optional<ConferenceInfo>& known);

}  // namespace convene::conference
