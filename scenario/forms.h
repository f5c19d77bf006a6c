#pragma once

#include <span>
#include <vector>

#include "scenario/form.h"

namespace convene::scenario {

// What can be said in a scenario, in the order in which it is tried. A new verb is one more row in
// one of these tables, or a table of its own that all_forms() names.
std::span<const Form> registration_forms();
std::span<const Form> group_forms();
std::span<const Form> roster_forms();
std::span<const Form> chat_forms();
std::span<const Form> report_forms();
std::span<const Form> file_forms();
std::span<const Form> absence_forms();

const std::vector<Form>& all_forms();

}  // namespace convene::scenario
