#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/object.h"
#include "store/object_headers.h"
#include "store/session_type.h"

namespace convene::store {

inline constexpr std::string_view session_info_type = "Application/X-CPM-Session";

// What a session folder says about its session. One to a folder, and its first object.
struct SessionInfo {
  SessionType type = SessionType::one_to_one;
  std::string sdp = {};  // as offered; empty when a file transfer made the folder (A13)
  std::vector<std::string> invited_participants = {};
  bool operator==(const SessionInfo&) const = default;
};

std::string to_text(const SessionInfo& info);

// Also the sequence of elements without a root that older stores have.
Result<SessionInfo> parse_session_info(std::string_view text);

Object make_session_info_object(const ObjectHeaders& headers, const SessionInfo& info);

}  // namespace convene::store
