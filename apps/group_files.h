#pragma once

#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "groups/group_document.h"

namespace convene::apps {

// The documents of pre-defined groups in a directory: its *.xml, in the order of their names. One
// that cannot be read is logged and left out. Fault::not_found: no such directory.
Result<std::vector<groups::GroupDocument>> read_group_files(
    const std::string& directory, const groups::GroupDocumentLimits& limits, Log& log);

}  // namespace convene::apps
