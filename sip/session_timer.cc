#include "sip/session_timer.h"

#include <algorithm>

#include "base/state_table.h"

namespace convene::sip {

namespace {

using State = SessionTimer::State;
using Event = SessionTimer::Event;

constexpr auto arrows = std::to_array<Arrow<State, Event>>({
    {State::off, Event::agreed, State::running},
    {State::running, Event::agreed, State::running},
    {State::running, Event::half_time, State::refreshing},
    {State::running, Event::expiry, State::off},
    {State::running, Event::stopped, State::off},
    {State::refreshing, Event::agreed, State::running},
    {State::refreshing, Event::refresh_failed, State::running},
    {State::refreshing, Event::expiry, State::off},
    {State::refreshing, Event::stopped, State::off},
});
static_assert(is_deterministic(arrows));

constexpr std::chrono::seconds longest_margin{32};  // RFC 4028 10

}  // namespace

SessionTimerRequest session_timer_request(const Message& request) {
  SessionTimerRequest about;
  about.is_supported =
      request.lists(Name::supported, "timer") || request.lists(Name::require, "timer");
  if (const auto text = request.header(Name::session_expires); !text.empty()) {
    if (const auto value = parse_session_expires(text)) about.wanted = *value;
  }
  return about;
}

bool is_interval_too_small(const SessionTimerRequest& request, std::chrono::seconds min_se) {
  return request.wanted && request.is_supported && request.wanted->interval < min_se;
}

// RFC 4028 9, table 2
std::optional<SessionAgreement> answer_session_timer(const SessionTimerRequest& request,
                                                     Message& response) {
  auto answer = request.wanted;
  if (const auto own = parse_session_expires(response.header(Name::session_expires))) {
    answer = *own;
    if (request.wanted && request.wanted->refresher != Refresher::unspecified) {
      answer->refresher = request.wanted->refresher;
    }
  }
  if (!answer) return std::nullopt;
  if (answer->refresher == Refresher::unspecified) {
    answer->refresher = request.is_supported ? Refresher::uac : Refresher::uas;
  }
  response.set(Name::session_expires, to_text(*answer));
  if (request.is_supported && !response.lists(Name::require, "timer")) {
    response.add(Name::require, "timer");
  }
  return SessionAgreement{answer->interval, answer->refresher == Refresher::uas};
}

std::optional<SessionAgreement> session_agreement(const Message& response) {
  const auto value = parse_session_expires(response.header(Name::session_expires));
  if (!value || value->interval.count() == 0) return std::nullopt;
  return SessionAgreement{value->interval, value->refresher != Refresher::uas};
}

bool SessionTimer::step(Event event) {
  const auto to = follow(arrows, state_, event);
  if (to) state_ = *to;
  return to.has_value();
}

void SessionTimer::agree(std::optional<SessionAgreement> agreement, TimePoint now) {
  if (!agreement) return stop();
  if (!step(Event::agreed)) return;
  agreement_ = *agreement;
  const auto margin = std::min(longest_margin, agreement_.interval / 3);
  expires_at_ = now + agreement_.interval - margin;
  refresh_at_.reset();
  if (agreement_.are_we_refresher) refresh_at_ = now + Duration{agreement_.interval} / 2;
}

// Half of what is left, so a peer in trouble is asked a few times only.
void SessionTimer::refresh_failed(TimePoint now) {
  if (!step(Event::refresh_failed)) return;
  refresh_at_ = now + std::max(Duration{1'000}, (*expires_at_ - now) / 2);
}

void SessionTimer::stop() {
  step(Event::stopped);
  refresh_at_.reset();
  expires_at_.reset();
}

void SessionTimer::wake(TimePoint now, std::vector<SessionTimerEffect>& out) {
  if (is_due(expires_at_, now) && step(Event::expiry)) {
    refresh_at_.reset();
    expires_at_.reset();
    out.push_back(SessionTimerEffect::expired);
  }
  if (is_due(refresh_at_, now) && step(Event::half_time)) {
    refresh_at_.reset();
    out.push_back(SessionTimerEffect::refresh);
  }
}

}  // namespace convene::sip
