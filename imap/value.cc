#include "imap/value.h"

#include <utility>

#include "base/text.h"
#include "imap/framer.h"

namespace convene::imap {

namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_{text} {}

  Result<std::vector<Value>> all() {
    auto values = TRY(list_until_end(0));
    if (!text_.empty()) return fail(Fault::malformed, "a parenthesis too many");
    return values;
  }

 private:
  // Up to the end, or to the ')' that closes this list.
  Result<std::vector<Value>> list_until_end(std::size_t depth) {
    std::vector<Value> values;
    while (true) {
      while (text_.starts_with(' ')) text_.remove_prefix(1);
      if (text_.empty() || text_.front() == ')') return values;
      if (++count_ > max_values) return fail(Fault::too_large, "values of a response");
      values.push_back(TRY(value(depth)));
    }
  }

  Result<Value> value(std::size_t depth) {
    if (text_.front() == '(') {
      if (depth == max_value_depth) return fail(Fault::too_large, "lists within lists");
      text_.remove_prefix(1);
      auto items = TRY(list_until_end(depth + 1));
      if (!text_.starts_with(')')) return fail(Fault::malformed, "a list without its end");
      text_.remove_prefix(1);
      Value list{.kind = Value::Kind::list};
      list.items = std::move(items);
      return list;
    }
    if (text_.front() == '"') return quoted();
    if (text_.front() == '{' || text_.starts_with("~{")) return literal();
    return atom();
  }

  // quoted = DQUOTE *QUOTED-CHAR DQUOTE. RFC 3501 9
  Result<Value> quoted() {
    Value value{.kind = Value::Kind::string};
    for (std::size_t at = 1; at < text_.size(); ++at) {
      if (text_[at] == '"') {
        text_.remove_prefix(at + 1);
        return value;
      }
      if (text_[at] == '\\' && ++at == text_.size()) break;
      value.text += text_[at];
    }
    return fail(Fault::malformed, "a quoted string without its end");
  }

  // literal = "{" number "}" CRLF *CHAR8. RFC 3501 9
  Result<Value> literal() {
    const auto end = text_.find("\r\n");
    const auto size = TRY(announced_literal(text_.substr(0, end)));
    if (end == std::string_view::npos || !size || *size > text_.size() - end - 2)
      return fail(Fault::malformed, "a literal without its octets");
    Value value{.kind = Value::Kind::string};
    value.text = text_.substr(end + 2, *size);
    text_.remove_prefix(end + 2 + *size);
    return value;
  }

  Result<Value> atom() {
    std::size_t at = 0;
    bool in_brackets = false;
    for (; at < text_.size(); ++at) {
      const char c = text_[at];
      if (c == '[') in_brackets = true;
      if (c == ']') in_brackets = false;
      if (!in_brackets && (c == ' ' || c == '(' || c == ')' || c == '"')) break;
      if (c == '\r' || c == '\n' || c == '\0') break;
    }
    if (at == 0 || in_brackets) return fail(Fault::malformed, "a character that is no value");
    Value value{.text = std::string{text_.substr(0, at)}};
    if (iequals(value.text, "NIL")) value = Value{.kind = Value::Kind::nil};
    text_.remove_prefix(at);
    return value;
  }

  std::string_view text_;
  std::size_t count_ = 0;
};

}  // namespace

Result<std::vector<Value>> parse_values(std::string_view text) { return Reader{text}.all(); }

bool is_atom(const Value& value, std::string_view word) {
  return value.kind == Value::Kind::atom && iequals(value.text, word);
}

}  // namespace convene::imap
