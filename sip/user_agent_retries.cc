#include <algorithm>
#include <utility>

#include "sip/digest.h"
#include "sip/fields.h"
#include "sip/user_agent_impl.h"

namespace convene::sip {

namespace {

constexpr int most_glares = 5;      // then the user hears of it
constexpr int most_challenges = 4;  // of proxies and the UAS on one way

// The lines of a header whose commas separate parameters, not values.
std::vector<std::string_view> lines(const Message& message, Name name) {
  std::vector<std::string_view> lines;
  for (const auto& field : message.fields()) {
    if (field.name == name) lines.push_back(field.value);
  }
  return lines;
}

}  // namespace

// Whether `response` is answered by sending the request again, which the user does not see.
bool UserAgent::Impl::retry(RequestId id, const Message& response, TimePoint now,
                            UserAgentOutput& out) {
  auto& request = outgoing_.at(id);
  if (request.is_cancelled) return false;
  switch (response.status()) {
    case 401:
    case 407:
      if (!add_credentials(request, response)) return false;
      break;
    case 422:
      if (!raise_interval(request, response)) return false;
      break;
    case 491: return wait_after_glare(id, request, now);
    default: return false;
  }
  repeat(id, now, out);
  return true;
}

// RFC 3261 22.2, 22.3, RFC 8760 2.4: once for each realm, and again when only our nonce was too
// old.
bool UserAgent::Impl::add_credentials(Outgoing& request, const Message& refusal) {
  if (!settings_.credentials || ++request.challenges > most_challenges) return false;
  const bool is_proxy = refusal.status() == 407;
  const auto asked_in = is_proxy ? Name::proxy_authenticate : Name::www_authenticate;
  const auto answered_in = is_proxy ? Name::proxy_authorization : Name::authorization;

  const auto challenge = strongest(lines(refusal, asked_in));
  if (!challenge) return false;
  auto answers = lines(request.request, answered_in);
  const auto was_answered = std::ranges::any_of(answers, [&](std::string_view text) {
    const auto given = parse_authorization(text);
    return given && given->realm == challenge->realm;
  });
  if (was_answered && !challenge->is_stale) return false;

  const auto& [user, password] = *settings_.credentials;
  const auto authorization =
      to_text(answer(*challenge, user, password, request.request.method(), request.request.uri(), 1,
                     random_token(surroundings_.random, 16)));
  if (was_answered) request.request.remove(answered_in);
  request.request.add(answered_in, authorization);
  return true;
}

// RFC 4028 7.3: once more, with what the peer or a proxy wants at least.
bool UserAgent::Impl::raise_interval(Outgoing& request, const Message& refusal) {
  const auto wanted = parse_session_expires(request.request.header(Name::session_expires));
  const auto least = parse_delta_seconds(refusal.header(Name::min_se));
  if (!wanted || !least || std::exchange(request.was_too_brief, true)) return false;
  auto raised = *wanted;
  raised.interval = std::max(raised.interval, std::chrono::seconds{*least});
  request.request.set(Name::session_expires, to_text(raised));
  request.request.set(Name::min_se, std::to_string(*least));
  return true;
}

// RFC 3261 14.1, RFC 3311 5.3: who made the Call-ID waits 2.1 to 4 s, the other up to 2 s, in units
// of 10 ms.
bool UserAgent::Impl::wait_after_glare(RequestId id, Outgoing& request, TimePoint now) {
  auto* entry = request.dialog ? find(*request.dialog) : nullptr;
  const auto method = request.request.method();
  if (entry == nullptr || entry->is_ending || (method != "INVITE" && method != "UPDATE") ||
      ++request.glares > most_glares) {
    return false;
  }
  const bool made_call_id = entry->made_by.has_value();
  const auto units = made_call_id ? 210 + random_below(surroundings_.random, 191)
                                  : random_below(surroundings_.random, 201);
  request.retry_at = now + Duration{static_cast<Duration::rep>(10 * units)};
  entry->waiting.push_back(id);
  deadlines_.set(id.value, request.retry_at);
  return true;
}

}  // namespace convene::sip
