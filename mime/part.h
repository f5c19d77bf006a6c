#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "mime/content_type.h"
#include "mime/headers.h"

namespace convene::mime {

// One entity: a body with its headers. The body is as it was on the wire, still encoded.
struct Part {
  Headers headers = {};
  std::string body = {};
  bool operator==(const Part&) const = default;
};

// Lower-case, without parameters; text/plain when absent or unreadable (RFC 2045 5.2).
std::string type_of(const Part& part);

// Of the Content-ID header, without its <>: what follows "cid:". Empty when absent.
std::string_view content_id_of(const Part& part);

// The id of a cid: URL, percent-decoded (RFC 2392). Empty when it is no such URL.
std::string id_of_cid_url(std::string_view url);
std::string cid_url(std::string_view content_id);

// Lower-case disposition type; empty when absent or unreadable.
std::string disposition_of(const Part& part);

// The body freed from its Content-Transfer-Encoding: 7bit, 8bit, binary, base64 or
// quoted-printable; any other is Fault::unsupported. RFC 2045 6.
Result<std::string> decoded_body(const Part& part);

}  // namespace convene::mime
