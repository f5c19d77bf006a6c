#include "mime/part.h"

#include "base/base64.h"
#include "base/text.h"
#include "mime/quoted_printable.h"

namespace convene::mime {

namespace {

std::string_view without_angles(std::string_view text) {
  text = trim(text);
  if (text.starts_with('<') && text.ends_with('>') && text.size() >= 2)
    text = text.substr(1, text.size() - 2);
  return text;
}

}  // namespace

std::string type_of(const Part& part) {
  const auto type = parse_content_type(part.headers.value("Content-Type").value_or(""));
  return type ? type->type : "text/plain";
}

std::string_view content_id_of(const Part& part) {
  return without_angles(part.headers.value("Content-ID").value_or(""));
}

// RFC 2392 2
std::string id_of_cid_url(std::string_view url) {
  url = trim(url);
  if (!iequals(url.substr(0, 4), "cid:")) return {};
  return percent_decode(without_angles(url.substr(4))).value_or("");
}

std::string cid_url(std::string_view content_id) {
  return "cid:" + percent_encode(content_id, "@.-_~!$&'*+=");
}

std::string disposition_of(const Part& part) {
  const auto text = part.headers.value("Content-Disposition").value_or("");
  const auto disposition = parse_content_disposition(text);
  return disposition ? disposition->type : "";
}

// RFC 2045 6
Result<std::string> decoded_body(const Part& part) {
  const auto encoding = trim(part.headers.value("Content-Transfer-Encoding").value_or("7bit"));
  if (iequals(encoding, "base64")) return from_base64(part.body);
  if (iequals(encoding, "quoted-printable")) return from_quoted_printable(part.body);
  for (const std::string_view plain : {"7bit", "8bit", "binary"})
    if (iequals(encoding, plain)) return part.body;
  return fail(Fault::unsupported, "Content-Transfer-Encoding " + std::string{encoding});
}

}  // namespace convene::mime
