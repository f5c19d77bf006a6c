#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "store/object.h"
#include "store/object_headers.h"

namespace convene::store {

inline constexpr std::string_view message_type = "Message/CPIM";

// A chat message, a standalone message or a disposition report: the CPIM message as it was on the
// wire. What mail cannot carry as it is goes in base64. Not \Seen yet when it was received.
Object make_message_object(const ObjectHeaders& headers, std::string_view cpim);

// A document or a medium of another type: the last conference-info, a file that was sent alone.
Object make_document_object(const ObjectHeaders& headers, std::string_view type, Piece content);

// Whether mail carries the text as it is: lines of at most 998 octets ended by CRLF, no NUL.
bool is_mail_text(std::string_view text);

}  // namespace convene::store
