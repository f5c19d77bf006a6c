#include "store/session_info.h"

#include "store/rootless.h"
#include "store/xml_text.h"

namespace convene::store {

// CPM 8.5.3: the Session Info Object
std::string to_text(const SessionInfo& info) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<session>" +
         lines_element("session-type", name_of(info.type)) + lines_element("sdp", info.sdp) +
         lines_element("invited-participants", participants_text(info.invited_participants)) +
         "</session>\r\n";
}

Result<SessionInfo> parse_session_info(std::string_view text) {
  const auto all = TRY(parse_rootless(text));
  const auto* session = all.child("session");
  if (session == nullptr) session = &all;

  const auto type = parse_session_type(session->child_text("session-type").value_or(""));
  if (!type) return fail(Fault::malformed, "Session Info Object without a session-type");
  return SessionInfo{.type = *type,
                     .sdp = lines_of(session->child_text("sdp").value_or("")),
                     .invited_participants = parse_participants(
                         session->child_text("invited-participants").value_or(""))};
}

// R5.1b2
Object make_session_info_object(const ObjectHeaders& object, const SessionInfo& info) {
  auto headers = to_headers(object);
  headers.add("Content-Type", session_info_type);
  return {.pieces = {mime::to_text(headers) + "\r\n" + to_text(info)},
          .flags = {std::string{flag::seen}},
          .imdn_message_id = object.imdn_message_id};
}

}  // namespace convene::store
