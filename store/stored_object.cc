#include "store/stored_object.h"

#include <utility>

#include "base/text.h"
#include "mime/multipart.h"
#include "store/message_object.h"

namespace convene::store {

namespace {

using Content = decltype(StoredObject::content);

// The files that came along, each beside its description.
Result<> attach_files(const mime::Multipart& related, FileTransferHistory& history) {
  for (auto& file : history.files) {
    const auto* part = mime::find_by_content_id(related.parts, file.content_id);
    if (part == nullptr) continue;
    auto octets = TRY(mime::decoded_body(*part));
    file.content =
        FileObject::Content{.type = std::string{part->headers.value("Content-Type").value_or("")},
                            .file = std::move(octets)};
  }
  return {};
}

template <class T>
Result<Content> as_content(Result<T> parsed) {
  auto value = TRY(std::move(parsed));
  return Content{std::move(value)};
}

Result<Content> parse_root(std::string_view type, std::string body) {
  if (iequals(type, session_info_type)) return as_content(parse_session_info(body));
  if (iequals(type, file_transfer_history_type))
    return as_content(parse_file_transfer_history(body));
  if (iequals(type, group_state_type)) return as_content(parse_group_state(body));
  if (iequals(type, message_type)) return Content{StoredMessage{std::move(body)}};
  return Content{StoredDocument{std::string{type}, std::move(body)}};
}

Result<Content> parse_related(const mime::ContentType& type, std::string_view body) {
  const auto related = TRY(mime::parse_multipart(type, body));
  const auto* root = mime::root_of(related);
  if (root == nullptr) return fail(Fault::malformed, "multipart without a root");
  auto text = TRY(mime::decoded_body(*root));
  auto content = TRY(parse_root(mime::type_of(*root), std::move(text)));
  if (auto* history = std::get_if<FileTransferHistory>(&content))
    TRY(attach_files(related, *history));
  return content;
}

// The line end that closes an object is not part of a message.
std::string_view without_last_line_end(std::string_view body) {
  if (body.ends_with("\r\n")) body.remove_suffix(2);
  return body;
}

}  // namespace

Result<StoredObject> parse_object(std::string_view text) {
  const auto block = TRY(mime::parse_header_block(text));
  StoredObject object;
  object.headers = read_object_headers(block.headers);

  const auto type = mime::parse_content_type(block.headers.value("Content-Type").value_or(""));
  if (type && type->type == "multipart/related") {
    object.content = TRY(parse_related(*type, block.rest));
    return object;
  }
  const mime::Part whole{block.headers, std::string{without_last_line_end(block.rest)}};
  auto body = TRY(mime::decoded_body(whole));
  object.content = TRY(parse_root(mime::type_of(whole), std::move(body)));
  return object;
}

}  // namespace convene::store
