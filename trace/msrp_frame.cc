#include "trace/msrp_frame.h"

#include "base/text.h"
#include "msrp/start_line.h"

namespace convene::trace {
namespace {

void take_header(FrameHead& head, std::string_view name, std::string_view value) {
  if (iequals(name, "To-Path")) head.to_path = value;
  if (iequals(name, "From-Path")) head.from_path = value;
  if (iequals(name, "Message-ID")) head.message_id = value;
  if (iequals(name, "Content-Type")) head.content_type = value;
  if (iequals(name, "Status")) head.report_status = value;
  if (iequals(name, "Use-Nickname")) head.nickname = value;
  if (iequals(name, "Byte-Range")) {
    if (const auto range = msrp::parse_byte_range(value)) head.range = *range;
  }
}

}  // namespace

Result<FrameHead> parse_frame(std::string_view octets) {
  const auto start = TRY(msrp::parse_start_line(take_line(octets)));
  FrameHead head;
  head.transaction_id = start.transaction_id;
  head.method = start.method;
  head.status = start.status;
  head.comment = start.comment;

  const std::string end_line = "-------" + std::string{start.transaction_id};
  while (!octets.starts_with(end_line)) {
    const auto line = take_line(octets);
    if (line.empty()) {
      head.has_body = true;
      break;
    }
    const auto colon = line.find(':');
    if (colon == line.npos) return fail(Fault::malformed, "a header without colon");
    take_header(head, line.substr(0, colon), trim(line.substr(colon + 1)));
  }

  const auto end = octets.rfind(end_line);
  if (end == octets.npos || end + end_line.size() >= octets.size()) {
    return fail(Fault::malformed, "a frame without end-line");
  }
  if (head.has_body && end >= 2) head.body = octets.substr(0, end - 2);
  head.flag = octets[end + end_line.size()];
  return head;
}

std::string_view session_id_of(std::string_view path) {
  const auto uri = path.substr(0, path.find(' '));
  const auto scheme = uri.find("://");
  const auto slash = scheme == uri.npos ? uri.npos : uri.find('/', scheme + 3);
  if (slash == uri.npos) return {};
  const auto id = uri.substr(slash + 1);
  return id.substr(0, id.find(';'));
}

}  // namespace convene::trace
