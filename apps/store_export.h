#pragma once

#include <filesystem>
#include <string>

#include "apps/store_options.h"

namespace convene::apps {

// With those above it; Fault::closed says why not.
Result<> make_directory(const std::filesystem::path& place);

// Every object of a user as a file of its own: <directory>/<folder>/<uid>.eml, and their flags
// beside them in flags.txt.
Result<> export_objects(OpenStore& opened, const StoreOptions& options,
                        const std::string& directory);

}  // namespace convene::apps
