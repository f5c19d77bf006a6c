#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "mime/headers.h"

namespace convene::cpim {

// "Alice" <sip:alice@example.com>. RFC 3862 3.
struct Address {
  std::string display = {};  // without quotes and escapes
  std::string uri = {};      // without <>
  bool operator==(const Address&) const = default;
};

// Display names may come unquoted, and a bare URI without <>.
Result<Address> parse_address(std::string_view text);
std::string to_text(const Address& address);  // the name always quoted

// Names are case-sensitive. RFC 3862 2.2.
struct Header {
  std::string name = {};    // as written, with its prefix: "imdn.Message-ID"
  std::string params = {};  // as written: ";lang=fr"
  std::string value = {};   // as written, escapes too
  bool operator==(const Header&) const = default;
};

// One message/cpim. RFC 3862 2.
struct Message {
  std::vector<Header> headers = {};  // in order, NS declarations among them
  mime::Headers content_headers = {};
  std::string body = {};
  bool ends_with_content_headers = false;  // no empty line follows them: an empty content
  bool operator==(const Message&) const = default;
};

inline constexpr std::size_t max_headers = 64;
inline constexpr std::size_t max_header_octets = 8 * 1024;

// Lines may end in bare LF; From and To may be missing. What From, To and NS hold is checked.
Result<Message> parse_message(std::string_view text);

// Where the content begins in the text of a message, of which its beginning is enough: behind the
// empty line after the content's headers. Nothing: it has not come that far. RFC 3862 2.
std::optional<std::size_t> content_begin(std::string_view text);

// An unmodified message whose lines ended in CRLF gives the same octets again.
std::string to_text(const Message& message);

// The headers of RFC 3862 4: the first of the name, or nothing. `set` replaces it in place, or adds
// it where it belongs: From first, To next, DateTime last.
std::optional<Address> from_of(const Message& message);
std::optional<Address> to_of(const Message& message);
std::optional<std::string> date_time_of(const Message& message);
std::optional<std::string> subject_of(const Message& message);
void set_from(Message& message, const Address& address);
void set_to(Message& message, const Address& address);  // and drops further To headers
void set_date_time(Message& message, std::string_view rfc3339);

// One message for many recipients, each named alone in To: printed once, but for that value.
class TextForMany {
 public:
  explicit TextForMany(Message message);  // drops its further To headers
  std::string to(const Address& recipient) const;

 private:
  std::string before_;  // up to the value of To
  std::string after_;
};

// Content-Type of the content, lower-case without parameters; "text/plain" when it has none.
std::string content_type_of(const Message& message);

// Puts a body in, with Content-Type and Content-Length.
void set_content(Message& message, std::string_view content_type, std::string body);

// \" \\ \' \b \t \n \r \uXXXX. RFC 3862 2.3. Unknown escapes are left as they stand.
std::string unescape(std::string_view text);
std::string escape(std::string_view text);  // for a header value: control characters and backslash

}  // namespace convene::cpim
