#include "msrp/nickname.h"

#include "base/text.h"

namespace convene::msrp {

Result<std::string> parse_nickname(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"')
    return fail(Fault::malformed, "nickname without quotes");
  text = text.substr(1, text.size() - 2);
  std::string nickname;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') return fail(Fault::malformed, "quote inside a nickname");
    if (text[at] == '\\') ++at;
    if (at == text.size()) return fail(Fault::malformed, "nickname ends in a backslash");
    nickname += text[at];
  }
  if (nickname.size() > max_nickname_octets) return fail(Fault::too_large, "nickname");
  if (!is_utf8(nickname)) return fail(Fault::malformed, "nickname not in UTF-8");
  return nickname;
}

std::string quote(std::string_view nickname) {
  std::string quoted{'"'};
  for (const char c : nickname) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted += '"';
}

}  // namespace convene::msrp
