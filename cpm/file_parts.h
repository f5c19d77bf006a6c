#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "cpm/file_transfer_offer.h"
#include "cpm/refusal.h"
#include "mime/part.h"

namespace convene::cpm {

// What stands beside the description of files: icons and wrappers, each about one of them.
//
// An icon belongs to the m-lines whose a=file-icon names its Content-ID (RFC 5547 6). Of several
// wrappers each has a Content-ID whose left side is the file-transfer-id of its file; one that
// names no file is about all pushed files that have none of their own. Conversation 14.5, 14.6

// `files` with what `parts` hold for them. An icon that is too large, of another type, missing or
// there twice is dropped with its a=file-icon (G-23). 413 to a wrapper of more than
// max_wrapper_octets, 400 to one that cannot be read.
Granted<std::vector<std::optional<FileMedia>>> with_parts(
    std::vector<std::optional<FileMedia>> files, const std::vector<mime::Part>& parts);

// Wrappers, then icons, each once.
std::vector<mime::Part> parts_of(const std::vector<std::optional<FileMedia>>& files);

bool is_icon_type(std::string_view type);  // image/jpeg and image/png

}  // namespace convene::cpm
