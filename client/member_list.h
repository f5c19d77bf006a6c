#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace convene::client {

// Whom a creation, a restart or a REFER names: each once, without ourselves. Fault::malformed when
// nobody is left, or an address cannot be read; Fault::unsupported for other than sip and tel;
// Fault::too_large for more than 1000.
Result<std::vector<std::string>> members_of(const std::vector<std::string>& wanted,
                                            std::string_view own_address_of_record);

// Their recipient list, all of them "to". RFC 5364 4
std::string list_of(const std::vector<std::string>& members);

}  // namespace convene::client
