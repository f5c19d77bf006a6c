#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "msrp/byte_range.h"
#include "msrp/chunk_decoder.h"
#include "msrp/failure_report.h"

namespace convene::msrp {

// The head of a request or response, by name. Its texts are valid as long as what it was parsed
// from, or made of.
struct Head {
  std::string_view transaction_id;
  std::string_view method;  // empty: a response
  int status = 0;           // 0: a request
  std::string_view comment;
  std::string_view to_path;
  std::string_view from_path;
  std::string_view message_id;
  std::optional<ByteRange> byte_range;
  std::optional<bool> success_report;
  std::optional<FailureReport> failure_report;
  std::optional<int> report_status;              // Status: 000 200 OK
  std::optional<std::string_view> use_nickname;  // with its quotes
  std::string_view content_type;
  bool has_body = false;

  std::string_view flaw;  // what is wrong with it, although it can be answered: 400. Empty: nothing

  bool operator==(const Head&) const = default;
};

constexpr std::size_t max_message_id_octets = 256;
constexpr std::size_t max_content_type_octets = 256;

// Fails only when it cannot even be answered: To-Path first, then From-Path. RFC 4975 7.1.
Result<Head> parse_head(const ChunkBegin& begin);

// Where the response to a request goes: the leftmost URI of its From-Path. RFC 4975 7.2.
std::string_view leftmost_uri(std::string_view path);

}  // namespace convene::msrp
