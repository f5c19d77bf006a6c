#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sip/message.h"

namespace convene::cpm {

// Why a request is not granted: the status of the answer, its Warning, and the words for the log.
struct Refusal {
  int status = 488;
  std::string warning;  // said to the peer: "133 Size exceeded" (G-44); empty: no Warning
  std::string detail;   // for the log
  int warning_code = 399;
  bool operator==(const Refusal&) const = default;
};

template <class T = void>
using Granted = std::expected<T, Refusal>;

inline std::unexpected<Refusal> refuse(int status, std::string warning, std::string detail = {}) {
  return std::unexpected(
      Refusal{.status = status, .warning = std::move(warning), .detail = std::move(detail)});
}

// Warning codes of a 488. RFC 3261 20.43
inline constexpr int attribute_not_understood = 306;

inline constexpr std::string_view not_authorised = "127 Service not authorised";  // G-44

// 488 with its Warning; the codes are those of RFC 3261 20.43.
inline std::unexpected<Refusal> not_acceptable(int warning_code, const std::string& text) {
  return std::unexpected(
      Refusal{.status = 488, .warning = text, .detail = text, .warning_code = warning_code});
}

// The one place where a Fault becomes a status: malformed and out_of_order 400, too_large 413,
// unsupported 415, not_found 404, timed_out 408, closed 503.
Refusal refusal_of(const Error& error);

// Adds the Warning, if there is one. RFC 3261 20.43
void write_warning(sip::Message& response, const Refusal& refusal, std::string_view host);

}  // namespace convene::cpm
