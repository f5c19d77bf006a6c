#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "client/client.h"
#include "io/file_body_store.h"

namespace convene::apps {

// A file of this machine, ready to be offered: opened, hashed, and with a thumbnail if it is a
// picture.
Result<client::FileToSend> prepare_file(io::FileBodyStore& bodies, const std::string& path);

// By the end of its name; application/octet-stream for others.
std::string_view type_of_file(std::string_view name);

}  // namespace convene::apps
