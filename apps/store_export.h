#pragma once

#include <string>

#include "apps/store_options.h"

namespace convene::apps {

// Every object of a user as a file of its own: <directory>/<folder>/<uid>.eml, and their flags
// beside them in flags.txt.
Result<> export_objects(OpenStore& opened, const StoreOptions& options,
                        const std::string& directory);

}  // namespace convene::apps
