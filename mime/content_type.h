#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace convene::mime {

struct Param {
  std::string name = {};   // lower-case
  std::string value = {};  // without its quotes and escapes
  bool operator==(const Param&) const = default;
};

// Content-Type: text/plain;charset=UTF-8. RFC 2045 5.1.
struct ContentType {
  std::string type = {};  // lower-case: "multipart/mixed"
  std::vector<Param> params = {};

  std::optional<std::string_view> param(std::string_view name) const;
  bool is_multipart() const { return type.starts_with("multipart/"); }
  bool operator==(const ContentType&) const = default;
};

Result<ContentType> parse_content_type(std::string_view text);
std::string to_text(const ContentType& content_type);

// Without its parameters, in lower case: "text/plain". What cannot be read stays, to be compared.
std::string bare_type(std::string_view content_type);

// Content-Disposition: attachment; filename="plan.txt"; size=65. RFC 2183.
struct ContentDisposition {
  std::string type = {};  // lower-case: "attachment", "icon", "recipient-list", "notification"
  std::vector<Param> params = {};

  std::optional<std::string_view> param(std::string_view name) const;
  bool operator==(const ContentDisposition&) const = default;
};

Result<ContentDisposition> parse_content_disposition(std::string_view text);
std::string to_text(const ContentDisposition& disposition);

// The name in `filename*` (RFC 5987, UTF-8 only) or `filename`. A peer's words: never a path.
std::optional<std::string> filename_of(const ContentDisposition& disposition);

}  // namespace convene::mime
