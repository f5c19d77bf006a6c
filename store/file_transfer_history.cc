#include "store/file_transfer_history.h"

#include <algorithm>

#include "base/text.h"
#include "mime/base64_lines.h"
#include "mime/content_type.h"
#include "store/rootless.h"
#include "store/xml_text.h"

namespace convene::store {

namespace {

std::string id_of_cid(std::string_view text) {
  text = trim(text);
  if (iequals(text.substr(0, 4), "cid:")) text.remove_prefix(4);
  if (text.starts_with('<') && text.ends_with('>')) text = text.substr(1, text.size() - 2);
  return std::string{text};
}

// A peer's word for a type, which must not be able to break out of its header.
std::string safe_type(std::string_view type) {
  const auto parsed = mime::parse_content_type(type);
  return parsed ? mime::to_text(*parsed) : "application/octet-stream";
}

bool is_content_id(std::string_view id) {
  return !id.empty() && std::ranges::none_of(id, [](unsigned char c) {
    return c <= ' ' || c >= 0x7F || c == '<' || c == '>';
  });
}

}  // namespace

// CPM 8.5.3: the root part of a File Transfer History Object
std::string to_text(const FileTransferHistory& history) {
  auto text =
      lines_element("file-transfer-type", name_of(history.type)) + "\r\n" +
      lines_element("invited-participants", participants_text(history.invited_participants));
  for (const auto& file : history.files)
    text += "\r\n<file-object>\r\n" + lines_element("cid", "cid:" + file.content_id) + "\r\n" +
            lines_element("sdp", file.sdp) + "\r\n</file-object>";
  return text;
}

Result<FileTransferHistory> parse_file_transfer_history(std::string_view root_text) {
  const auto root = TRY(parse_rootless(root_text));
  FileTransferHistory history;
  const auto type = parse_session_type(root.child_text("file-transfer-type").value_or(""));
  if (!type) return fail(Fault::malformed, "File Transfer History Object without its type");
  history.type = *type;
  history.invited_participants =
      parse_participants(root.child_text("invited-participants").value_or(""));
  for (const auto& child : root.children) {
    if (xml::local_name(child.name) != "file-object") continue;
    history.files.push_back({.content_id = id_of_cid(child.child_text("cid").value_or("")),
                             .sdp = lines_of(child.child_text("sdp").value_or(""))});
  }
  return history;
}

// R5.1a, R5.1b: CPM 8.5.3, the File Transfer History Object
Result<Object> make_file_transfer_history_object(const ObjectHeaders& object,
                                                 const FileTransferHistory& history,
                                                 std::string_view boundary) {
  const auto dash_boundary = "\r\n--" + std::string{boundary};
  const auto root = to_text(history);
  if (boundary.empty() || root.contains("--" + std::string{boundary}))
    return fail(Fault::malformed, "the boundary occurs in the description");
  if (!std::ranges::all_of(history.files, is_content_id, &FileObject::content_id))
    return fail(Fault::malformed, "a file without a Content-ID");

  auto headers = to_headers(object);
  headers.add("Content-Type", "multipart/related;boundary=" + std::string{boundary} + ";type=\"" +
                                  std::string{file_transfer_history_type} + "\"");
  Object made{.flags = {std::string{flag::seen}}, .imdn_message_id = object.imdn_message_id};
  auto text = mime::to_text(headers) + dash_boundary +
              "\r\nContent-Type: " + std::string{file_transfer_history_type} + "\r\n\r\n" + root;
  for (const auto& file : history.files) {
    if (!file.content) continue;
    // G-34: base64 always, for what is sent as it is comes back damaged.
    text += dash_boundary + "\r\nContent-Type: " + safe_type(file.content->type) +
            "\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <" + file.content_id +
            ">\r\n\r\n";
    if (const auto* octets = std::get_if<std::string>(&file.content->file)) {
      text += mime::to_base64_lines(*octets);
    } else {
      made.pieces.emplace_back(std::exchange(text, {}));
      made.pieces.push_back(file.content->file);
    }
  }
  made.pieces.emplace_back(text + dash_boundary + "--\r\n");
  return made;
}

}  // namespace convene::store
