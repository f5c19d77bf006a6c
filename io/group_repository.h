#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "controlling/group_record.h"
#include "io/sqlite.h"

// What is kept of groups: operations over tables groups and group_members.
namespace convene::io {

Result<> store_group(Sqlite& database, const controlling::GroupRecord& record);
Result<> forget_group(Sqlite& database, std::string_view focus);  // also one that is not there

// All of them, by their focus.
Result<std::vector<controlling::GroupRecord>> load_groups(Sqlite& database);

}  // namespace convene::io
