#pragma once

#include <string_view>

#include "groups/group_document.h"

namespace convene::controlling {

// What the document of a pre-defined group lets somebody do.
struct Permissions {
  bool is_member = false;  // is in its list
  bool join = false;
  bool initiate = false;
  bool anonymity = false;  // R1.17
  bool invite_others = false;
  bool operator==(const Permissions&) const = default;
};

// The union of what every rule about that address grants (RFC 4745 10). A document without rules
// lets its members join and initiate, and nobody else. `address`: normalised.
Permissions permissions_in(const groups::GroupDocument& document, std::string_view address);

}  // namespace convene::controlling
