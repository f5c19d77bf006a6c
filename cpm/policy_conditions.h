#pragma once

#include <string_view>

#include "groups/common_policy.h"

namespace convene::cpm {

// Whether the <identity> of a rule's conditions names an address of record. RFC 4745 7.1
bool is_named(const groups::Conditions& conditions, std::string_view address);

}  // namespace convene::cpm
