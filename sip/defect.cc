#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "sip/fields.h"
#include "sip/grammar.h"
#include "sip/message.h"
#include "sip/name_addr.h"
#include "sip/uri.h"

namespace convene::sip {

namespace {

using Verdict = std::optional<Rejection>;

Verdict bad(std::string reason) { return Rejection{.status = 400, .reason = std::move(reason)}; }
Verdict malformed(Name name) { return bad("Malformed " + std::string{text_of(name)}); }
Verdict missing(Name name) { return bad("Missing " + std::string{text_of(name)}); }
Verdict repeated(Name name) { return bad("Multiple " + std::string{text_of(name)}); }

// RFC 3261 8.1.1, 20: Max-Forwards may be missing (16.3 (3)).
Verdict count_defect(const Message& message) {
  for (const auto name : {Name::call_id, Name::cseq, Name::from, Name::to, Name::via}) {
    if (!message.has(name)) return missing(name);
  }
  constexpr std::array single{Name::call_id,      Name::cseq,
                              Name::from,         Name::to,
                              Name::max_forwards, Name::content_length,
                              Name::content_type, Name::event,
                              Name::expires,      Name::session_expires,
                              Name::min_se,       Name::subscription_state,
                              Name::refer_to,     Name::referred_by,
                              Name::date,         Name::mime_version};
  for (const auto name : single) {
    if (message.count(name) > 1) return repeated(name);
  }
  return std::nullopt;
}

// RFC 3261 8.2.2.1. Headers in a Request-URI are not allowed (19.1.1).
Verdict request_uri_defect(const Message& message) {
  const auto uri = parse_uri(message.uri());
  if (!uri) return bad("Malformed Request-URI");
  if (!uri->is_sip() && !uri->is_tel())
    return Rejection{.status = 416, .reason = std::string{reason_phrase(416)}};
  if (!uri->headers.empty()) return bad("Headers in Request-URI");
  return std::nullopt;
}

bool is_address(std::string_view value) { return parse_name_addr(value).has_value(); }

// RFC 3261 8.1.1.7: a branch is more than the cookie that marks it. RFC 4475 3.2.1
bool is_via(std::string_view value) {
  const auto via = parse_via(value);
  return via && via->branch() != "z9hG4bK";
}

// callid = word [ "@" word ]: no blanks, and short enough to be a key.
bool is_call_id(std::string_view value) {
  constexpr std::size_t max_size = 1'024;
  return !value.empty() && value.size() <= max_size &&
         std::ranges::none_of(value, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
}

// From and To: an address whose tag, if any, is not empty.
bool is_party(std::string_view value) {
  const auto party = parse_name_addr(value);
  if (!party) return false;
  const auto* tag = party->params.find("tag");
  return tag == nullptr || (tag->value && !tag->value->empty());
}

// RFC 3261 20.22: 0 to 255. RFC 4475 3.1.2.4
bool is_hop_count(std::string_view value) {
  const auto number = to_number(value);
  return number && *number <= 255;
}

Verdict syntax_defect(const Message& message) {
  if (!is_party(message.header(Name::from))) return malformed(Name::from);
  if (!is_party(message.header(Name::to))) return malformed(Name::to);
  if (!is_call_id(message.header(Name::call_id))) return malformed(Name::call_id);
  if (message.has(Name::max_forwards) && !is_hop_count(message.header(Name::max_forwards)))
    return malformed(Name::max_forwards);
  if (message.has(Name::content_length) && !to_number(message.header(Name::content_length)))
    return malformed(Name::content_length);
  if (!std::ranges::all_of(message.values(Name::via), is_via) || message.header(Name::via).empty())
    return malformed(Name::via);

  for (const auto name : {Name::route, Name::record_route}) {
    if (!std::ranges::all_of(message.values(name), is_address)) return malformed(name);
  }
  const bool is_star = message.header(Name::contact) == "*";  // RFC 3261 10.2.2
  if (!is_star && !std::ranges::all_of(message.values(Name::contact), is_address))
    return malformed(Name::contact);
  return std::nullopt;
}

// RFC 3261 8.1.1.5: the method of CSeq is that of the request.
Verdict cseq_defect(const Message& message) {
  const auto cseq = parse_cseq(message.header(Name::cseq));
  if (!cseq) return malformed(Name::cseq);
  if (message.is_request() && cseq->method != message.method())
    return bad("CSeq does not fit the method");
  return std::nullopt;
}

}  // namespace

std::optional<Rejection> defect(const Message& message) {
  if (message.version() != "SIP/2.0")
    return Rejection{.status = 505, .reason = std::string{reason_phrase(505)}};
  if (auto found = count_defect(message)) return found;
  if (message.is_request()) {
    if (auto found = request_uri_defect(message)) return found;
  }
  if (auto found = syntax_defect(message)) return found;
  return cseq_defect(message);
}

}  // namespace convene::sip
