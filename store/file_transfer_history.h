#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "store/object.h"
#include "store/object_headers.h"
#include "store/session_type.h"

namespace convene::store {

inline constexpr std::string_view file_transfer_history_type = "Application/X-CPM-File-Transfer";

// One file of a transfer: what its SDP said, and the file itself where the policy keeps it.
struct FileObject {
  std::string content_id = {};  // without <>
  std::string sdp = {};         // a=file-selector and its kin, lines between CRLF
  struct Content {
    std::string type = {};  // "text/plain", as the peer called it
    Piece file = {};        // its octets, not encoded; or where they are
    bool operator==(const Content&) const = default;
  };
  std::optional<Content> content = {};  // nothing: only known to have been transferred
  bool operator==(const FileObject&) const = default;
};

// What remains of a file transfer. multipart/related: a root that describes it, then the files.
struct FileTransferHistory {
  SessionType type = SessionType::one_to_one;
  std::vector<std::string> invited_participants = {};
  std::vector<FileObject> files = {};
  bool operator==(const FileTransferHistory&) const = default;
};

// The root part's body.
std::string to_text(const FileTransferHistory& history);

// Of the root part alone: files are described, without their content. Content-IDs are read with and
// without "cid:" and <>.
Result<FileTransferHistory> parse_file_transfer_history(std::string_view root_text);

// Fault::malformed when the boundary occurs in the description: choose another.
Result<Object> make_file_transfer_history_object(const ObjectHeaders& headers,
                                                 const FileTransferHistory& history,
                                                 std::string_view boundary);

}  // namespace convene::store
