#include <utility>

#include "sip/fields.h"
#include "sip/user_agent_impl.h"

namespace convene::sip {

namespace {

constexpr int most_glares = 5;  // then the user hears of it

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

bool UserAgent::Impl::add_credentials(Outgoing& /*request*/, const Message& /*challenge*/) {
  return false;
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
