#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cpim/message.h"

namespace convene::cpim {

// Which headers are `name` of the namespace: positions in message.headers, rising.
std::vector<std::size_t> positions_of(const Message& message, std::string_view ns,
                                      std::string_view name);

// NS: imdn <urn:ietf:params:imdn>. RFC 3862 3.5. Without a prefix it is for names without one.
struct NamespaceDeclaration {
  std::string_view prefix;
  std::string_view uri;
};

Result<NamespaceDeclaration> parse_declaration(std::string_view text);

}  // namespace convene::cpim
