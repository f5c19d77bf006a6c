#pragma once

#include <string>
#include <string_view>

namespace convene::imap {

// A mailbox's name as IMAP writes it: modified UTF-7. RFC 3501 5.1.3. What is no UTF-8 is written
// octet by octet, as if it were Latin-1.
std::string to_mailbox_name(std::string_view utf8);

// As UTF-8; what is not well written stays as it stands.
std::string from_mailbox_name(std::string_view name);

// Whether a text can stand between quotes: US-ASCII without NUL, CR and LF. RFC 3501 4.3
bool can_be_quoted(std::string_view text);
std::string quoted(std::string_view text);

}  // namespace convene::imap
