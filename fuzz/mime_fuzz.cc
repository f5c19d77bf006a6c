// The first line is a Content-Type, the rest its body. Whatever arrives: no crash; what parses,
// prints and parses again to the same, also after it was taken apart and put together anew.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "mime/multipart.h"

namespace {

using namespace convene::mime;

void check(bool holds) {
  if (!holds) std::abort();
}

void check_part(const Part& part) {
  (void)type_of(part);
  (void)decoded_body(part);
  (void)id_of_cid_url(content_id_of(part));
  const auto text = part.headers.value("Content-Disposition").value_or("");
  const auto disposition = parse_content_disposition(text);
  if (!disposition) return;
  check(parse_content_disposition(to_text(*disposition)) == *disposition);
  (void)filename_of(*disposition);
}

void check_multipart(const Multipart& multipart) {
  check(parse_multipart(multipart.type, to_text(multipart)) == multipart);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body{reinterpret_cast<const char*>(data), size};
  const auto type_text = convene::take_line(body);
  if (const auto type = parse_content_type(type_text)) {
    check(parse_content_type(to_text(*type)) == *type);
    if (const auto multipart = parse_multipart(*type, body)) {
      check_multipart(*multipart);
      check(root_of(*multipart) != nullptr);
    }
  }

  if (type_text.contains('\0') || type_text.contains('\r')) return 0;  // no header value
  const auto leaves = leaves_of(convene::trim(type_text), body);
  if (!leaves) return 0;
  for (const auto& part : *leaves) check_part(part);
  if (const auto made = make_mixed("a boundary of ours", *leaves)) check_multipart(*made);
  if (const auto made = make_related("ours", *leaves)) check_multipart(*made);
  return 0;
}
