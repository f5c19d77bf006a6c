#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "io/file_descriptor.h"

namespace convene::io {

// A new file in `directory` that no name leads to (mode 0600). None: errno tells why.
FileDescriptor open_nameless_file(const std::string& directory);

enum class Keep { link_or_copy, copy };

// Gives the content of a file a name in `directory`: safe_name(wanted), numbered when it is taken.
// Never replaces a file, never follows the wanted name out of the directory, leaves nothing
// half-written behind. Synced to disk.
Result<std::string> save_file(int file, Keep keep, const std::string& directory,
                              std::string_view wanted_name);

}  // namespace convene::io
