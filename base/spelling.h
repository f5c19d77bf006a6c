#pragma once

#include <cstddef>
#include <string_view>

namespace convene {

// How many letters have to be changed, added or dropped to make `b` of `a`.
std::size_t letters_between(std::string_view a, std::string_view b);

// Whether somebody who wrote `written` may have meant `known`.
bool may_mean(std::string_view written, std::string_view known);

}  // namespace convene
