#include "store/message_object.h"

#include <algorithm>

#include "base/text.h"
#include "mime/base64_lines.h"
#include "mime/content_type.h"

namespace convene::store {

namespace {

constexpr std::size_t max_line = 998;  // RFC 5322 2.1.1

std::vector<std::string> flags_for(Direction direction) {
  if (direction == Direction::sent) return {std::string{flag::seen}};
  return {};
}

Object make(const ObjectHeaders& object, std::string_view type, std::string_view encoding,
            Piece content) {
  auto headers = to_headers(object);
  headers.add("Content-Type", type);
  if (!encoding.empty()) headers.add("Content-Transfer-Encoding", encoding);
  Object made{.flags = flags_for(object.direction), .imdn_message_id = object.imdn_message_id};
  made.pieces.emplace_back(mime::to_text(headers) + "\r\n");
  made.pieces.push_back(std::move(content));
  made.pieces.emplace_back("\r\n");
  if (encoding != "base64") made.pieces = {text_of(made)};
  return made;
}

}  // namespace

bool is_mail_text(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find("\r\n"), text.size());
    const auto line = text.substr(0, end);
    if (line.size() > max_line || line.find_first_of(std::string_view{"\r\n\0", 3}) != line.npos)
      return false;
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return true;
}

// CPM 8.5.3: the message object
Object make_message_object(const ObjectHeaders& object, std::string_view cpim) {
  if (!is_mail_text(cpim)) return make(object, message_type, "base64", mime::to_base64_lines(cpim));
  const bool is_ascii = std::ranges::all_of(cpim, [](unsigned char c) { return c < 0x80; });
  return make(object, message_type, is_ascii ? "" : "8bit", std::string{cpim});
}

Object make_document_object(const ObjectHeaders& object, std::string_view type, Piece content) {
  const auto parsed = mime::parse_content_type(type);
  const auto safe = parsed ? mime::to_text(*parsed) : "application/octet-stream";
  if (auto* octets = std::get_if<std::string>(&content)) *octets = mime::to_base64_lines(*octets);
  return make(object, safe, "base64", std::move(content));
}

}  // namespace convene::store
