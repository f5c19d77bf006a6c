#include "sip/fields.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "sip/grammar.h"

namespace convene::sip {

namespace {

// token *( SEMI generic-param ): the form of most fields here.
struct TokenAndParams {
  std::string token;
  Params params;
};

Result<TokenAndParams> parse_token_and_params(std::string_view text, std::string_view what) {
  const auto semicolon = std::min(text.find(';'), text.size());
  const auto token = trim_blanks(text.substr(0, semicolon));
  if (!is_token(token)) return fail(Fault::malformed, std::string{what});
  return TokenAndParams{.token = std::string{token},
                        .params = TRY(parse_params(text.substr(semicolon)))};
}

// The seconds of a parameter; nothing when it is absent.
Result<std::optional<std::chrono::seconds>> seconds_of(const Params& params,
                                                       std::string_view name) {
  const auto value = params.value(name);
  if (!value) return std::nullopt;
  return std::chrono::seconds{TRY(parse_delta_seconds(*value))};
}

// Cuts off what stands before `stop`, trimmed.
std::string_view take_until(std::string_view& text, char stop) {
  const auto end = text.find(stop);
  const auto piece = trim_blanks(text.substr(0, end));
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return piece;
}

}  // namespace

// via-parm = "SIP" SLASH "2.0" SLASH transport LWS sent-by *( SEMI via-params )
Result<Via> parse_via(std::string_view text) {
  if (!iequals(take_until(text, '/'), "SIP")) return fail(Fault::malformed, "Via: protocol name");
  if (take_until(text, '/') != "2.0") return fail(Fault::malformed, "Via: protocol version");

  text = trim_blanks(text);
  const auto transport = text.substr(0, text.find_first_of(" \t"));
  if (!is_token(transport)) return fail(Fault::malformed, "Via: transport");
  text.remove_prefix(transport.size());

  Via via;
  for (const char c : transport)
    via.transport += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  const auto semicolon = std::min(text.find(';'), text.size());
  via.sent_by = TRY(parse_host_port(text.substr(0, semicolon)));
  via.params = TRY(parse_params(text.substr(semicolon)));
  return via;
}

std::string to_text(const Via& via) {
  return "SIP/2.0/" + via.transport + ' ' + to_text(via.sent_by) + to_text(via.params);
}

// CSeq = 1*DIGIT LWS Method
Result<CSeq> parse_cseq(std::string_view text) {
  text = trim_blanks(text);
  const auto number_text = text.substr(0, text.find_first_of(" \t"));
  const auto method = trim_blanks(text.substr(number_text.size()));
  const auto number = to_number(number_text);
  if (!number || !is_token(method)) return fail(Fault::malformed, "CSeq");
  if (*number >= (1U << 31)) return fail(Fault::malformed, "CSeq: number of 2^31 or more");
  return CSeq{.number = static_cast<std::uint32_t>(*number), .method = std::string{method}};
}

std::string to_text(const CSeq& cseq) { return std::to_string(cseq.number) + ' ' + cseq.method; }

// RFC 4028 4
Result<SessionExpires> parse_session_expires(std::string_view text) {
  const auto parsed = TRY(parse_token_and_params(text, "Session-Expires"));
  SessionExpires value{.interval = std::chrono::seconds{TRY(parse_delta_seconds(parsed.token))}};
  const auto refresher = parsed.params.value("refresher");
  if (!refresher) return value;
  if (iequals(*refresher, "uac"))
    value.refresher = Refresher::uac;
  else if (iequals(*refresher, "uas"))
    value.refresher = Refresher::uas;
  else
    return fail(Fault::malformed, "Session-Expires: refresher");
  return value;
}

std::uint32_t sequence_of(const Message& message) {
  const auto cseq = parse_cseq(message.header(Name::cseq));
  return cseq ? cseq->number : 0;
}

std::string to_text(const SessionExpires& value) {
  auto text = std::to_string(value.interval.count());
  switch (value.refresher) {
    case Refresher::unspecified: break;
    case Refresher::uac: text += ";refresher=uac"; break;
    case Refresher::uas: text += ";refresher=uas"; break;
  }
  return text;
}

// RFC 6665 8.2.1
Result<Event> parse_event(std::string_view text) {
  auto parsed = TRY(parse_token_and_params(text, "Event"));
  return Event{.package = std::move(parsed.token),
               .id = std::string{parsed.params.value("id").value_or("")}};
}

std::string to_text(const Event& event) {
  Params params;
  if (!event.id.empty()) params.add("id", event.id);
  return event.package + to_text(params);
}

// RFC 6665 8.2.3
Result<SubscriptionState> parse_subscription_state(std::string_view text) {
  const auto parsed = TRY(parse_token_and_params(text, "Subscription-State"));
  SubscriptionState value;
  value.state = to_lower(parsed.token);
  value.expires = TRY(seconds_of(parsed.params, "expires"));
  value.reason = parsed.params.value("reason").value_or("");
  value.retry_after = TRY(seconds_of(parsed.params, "retry-after"));
  return value;
}

std::string to_text(const SubscriptionState& value) {
  Params params;
  if (!value.reason.empty()) params.add("reason", value.reason);
  if (value.expires) params.add("expires", std::to_string(value.expires->count()));
  if (value.retry_after) params.add("retry-after", std::to_string(value.retry_after->count()));
  return value.state + to_text(params);
}

// RFC 3326 2
Result<Reason> parse_reason(std::string_view text) {
  const auto parsed = TRY(parse_token_and_params(text, "Reason"));
  Reason reason;
  reason.protocol = parsed.token;
  reason.text = parsed.params.value("text").value_or("");
  if (const auto cause = parsed.params.value("cause")) {
    const auto number = to_number(*cause);
    if (!number || *number > 999) return fail(Fault::malformed, "Reason: cause");
    reason.cause = static_cast<int>(*number);
  }
  return reason;
}

std::string to_text(const Reason& reason) {
  Params params;
  if (reason.cause != 0) params.add("cause", std::to_string(reason.cause));
  if (!reason.text.empty()) params.add_quoted("text", reason.text);
  return reason.protocol + to_text(params);
}

// warning-value = 3DIGIT SP warn-agent SP quoted-string. RFC 3261 20.43
Result<Warning> parse_warning(std::string_view text) {
  text = trim_blanks(text);
  const auto code = take_until(text, ' ');
  text = trim_blanks(text);
  const auto agent = take_until(text, ' ');
  text = trim_blanks(text);

  const auto number = to_number(code);
  const auto length = quoted_length(text);
  if (!number || code.size() != 3 || agent.empty() || agent.find('"') != agent.npos ||
      length != text.size()) {
    return fail(Fault::malformed, "Warning");
  }
  return Warning{
      .code = static_cast<int>(*number), .agent = std::string{agent}, .text = unquote(text)};
}

std::string to_text(const Warning& warning) {
  auto code = std::to_string(warning.code);
  code.insert(0, 3 - std::min<std::size_t>(3, code.size()), '0');
  return code + ' ' + warning.agent + ' ' + quote(warning.text);
}

Result<std::uint32_t> parse_delta_seconds(std::string_view text) {
  const auto number = to_number(trim_blanks(text));
  if (!number) return fail(Fault::malformed, "delta-seconds");
  if (*number > std::numeric_limits<std::uint32_t>::max())
    return fail(Fault::malformed, "delta-seconds of 2^32 or more");
  return static_cast<std::uint32_t>(*number);
}

}  // namespace convene::sip
