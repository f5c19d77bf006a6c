#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cpim/message.h"

namespace convene::cpim {

inline constexpr std::string_view cpim_namespace = "urn:ietf:params:cpim-headers:";
inline constexpr std::string_view imdn_namespace = "urn:ietf:params:imdn";

// The values of all headers `name` of the namespace, in order, whatever prefix stands for it there.
// A prefix counts from its NS header on. "imdn." without any declaration is taken for IMDN's.
// RFC 3862 3.4.
std::vector<std::string> values_of(const Message& message, std::string_view ns,
                                   std::string_view name);

// The first of them.
std::optional<std::string> value_of(const Message& message, std::string_view ns,
                                    std::string_view name);

// The header, under the prefix declared for the namespace; declares `prefix` when there is none.
enum class Place { above_its_like, last };
void add_header(Message& message, std::string_view ns, std::string_view prefix,
                std::string_view name, std::string_view value, Place place = Place::last);

void remove_first(Message& message, std::string_view ns, std::string_view name);
void remove_all(Message& message, std::string_view ns, std::string_view name);

}  // namespace convene::cpim
