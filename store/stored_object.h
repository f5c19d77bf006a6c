#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "store/file_transfer_history.h"
#include "store/group_state.h"
#include "store/object_headers.h"
#include "store/session_info.h"

namespace convene::store {

// CPIM text as it was on the wire.
struct StoredMessage {
  std::string cpim = {};
  bool operator==(const StoredMessage&) const = default;
};

// Anything else: its type, lower-case, and its body freed from its transfer encoding.
struct StoredDocument {
  std::string type = {};
  std::string body = {};
  bool operator==(const StoredDocument&) const = default;
};

// An object as it is read back.
struct StoredObject {
  ObjectHeaders headers = {};
  std::variant<StoredMessage, SessionInfo, FileTransferHistory, GroupState, StoredDocument>
      content = {};
  bool operator==(const StoredObject&) const = default;
};

// Types are compared without regard to case, and the transfer encodings are undone.
// Fault::malformed for what is no object of any kind.
Result<StoredObject> parse_object(std::string_view text);

}  // namespace convene::store
