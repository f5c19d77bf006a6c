#include "msrp/frame_writer.h"

#include <array>
#include <charconv>

namespace convene::msrp {

namespace {

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_number_or_star(std::string& out, const std::optional<std::uint64_t>& number) {
  if (number)
    append_number(out, *number);
  else
    out += '*';
}

void append_range(std::string& out, const ByteRange& range) {
  append_number(out, range.first);
  out += '-';
  append_number_or_star(out, range.last);
  out += '/';
  append_number_or_star(out, range.total);
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

std::string_view word_for(FailureReport report) {
  switch (report) {
    case FailureReport::yes: return "yes";
    case FailureReport::partial: return "partial";
    case FailureReport::no: return "no";
  }
  return {};
}

void append_start_line(std::string& out, const Head& head) {
  out.append("MSRP ").append(head.transaction_id).append(" ");
  if (head.status == 0) {
    out.append(head.method);
  } else {
    append_number(out, static_cast<std::uint64_t>(head.status));
    if (!head.comment.empty()) out.append(" ").append(head.comment);
  }
  out.append("\r\n");
}

}  // namespace

void append_head(std::string& out, const Head& head) {
  append_start_line(out, head);
  append_line(out, "To-Path", head.to_path);
  append_line(out, "From-Path", head.from_path);
  if (!head.message_id.empty()) append_line(out, "Message-ID", head.message_id);
  if (head.byte_range) {
    out.append("Byte-Range: ");
    append_range(out, *head.byte_range);
    out.append("\r\n");
  }
  if (head.success_report) append_line(out, "Success-Report", *head.success_report ? "yes" : "no");
  if (head.failure_report) append_line(out, "Failure-Report", word_for(*head.failure_report));
  if (head.report_status) {
    out.append("Status: 000 ");
    append_number(out, static_cast<std::uint64_t>(*head.report_status));
    if (const auto comment = comment_of(*head.report_status); !comment.empty())
      out.append(" ").append(comment);
    out.append("\r\n");
  }
  if (head.use_nickname) append_line(out, "Use-Nickname", *head.use_nickname);
  if (!head.content_type.empty()) append_line(out, "Content-Type", head.content_type);
  if (head.has_body) out.append("\r\n");
}

void append_end_line(std::string& out, std::string_view transaction_id, Continuation flag,
                     After after) {
  if (after == After::body) out.append("\r\n");
  out.append("-------").append(transaction_id).append(1, static_cast<char>(flag)).append("\r\n");
}

std::string bodiless(const Head& head) {
  std::string frame;
  append_head(frame, head);
  append_end_line(frame, head.transaction_id, Continuation::complete, After::headers);
  return frame;
}

std::string response(std::string_view transaction_id, int status, std::string_view to_uri,
                     std::string_view from_uri) {
  Head head;
  head.transaction_id = transaction_id;
  head.status = status;
  head.comment = comment_of(status);
  head.to_path = to_uri;
  head.from_path = from_uri;
  return bodiless(head);
}

// RFC 4975 10, RFC 7701 11.4
std::string_view comment_of(int status) {
  switch (status) {
    case 200: return "OK";
    case 400: return "Bad-Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not-Found";
    case 408: return "Timeout";
    case 413: return "Stop-sending-message";
    case 415: return "Unsupported-Media-Type";
    case 423: return "Parameter-out-of-bounds";
    case 424: return "Malformed-nickname";
    case 425: return "Nickname-reserved-or-in-use";
    case 428: return "Private-messages-not-supported";
    case 481: return "No-such-session";
    case 501: return "Method-not-understood";
    case 506: return "Wrong-session";
    default: return {};
  }
}

}  // namespace convene::msrp
