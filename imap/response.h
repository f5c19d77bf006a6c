#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "imap/value.h"

namespace convene::imap {

enum class Condition { ok, no, bad, bye, preauth };

// What stands in brackets: [APPENDUID 38505 3955], [TRYCREATE]. RFC 3501 7.1.
struct ResponseCode {
  std::string name = {};  // upper-case
  std::vector<Value> arguments = {};
  bool operator==(const ResponseCode&) const = default;
};

// How a command ended, or what the server says of itself.
struct Status {
  std::string tag = {};  // empty: untagged
  Condition condition = Condition::ok;
  std::optional<ResponseCode> code = {};
  std::string text = {};  // for people
  bool operator==(const Status&) const = default;

  bool has_code(std::string_view name) const { return code && code->name == name; }
};

// "+ ...": the server waits for the rest of a command.
struct Continuation {
  std::string text = {};
  bool operator==(const Continuation&) const = default;
};

// Everything else: "* 12 FETCH (...)", "* LIST (...)".
struct Data {
  std::string name = {};  // upper-case
  std::optional<std::uint32_t> number = {};
  std::vector<Value> values = {};
  bool operator==(const Data&) const = default;
};

using Response = std::variant<Status, Continuation, Data>;

// One response as Framer gives it.
Result<Response> parse_response(std::string_view text);

}  // namespace convene::imap
