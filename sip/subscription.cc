#include "sip/subscription.h"

#include <algorithm>

#include "base/state_table.h"

namespace convene::sip {

namespace {

// RFC 6665 4.1.2, one row per arrow.
constexpr auto subscriber_arrows = std::to_array<Arrow<Subscriber::State, Subscriber::Event>>({
    {Subscriber::State::notify_wait, Subscriber::Event::notified_pending,
     Subscriber::State::pending},
    {Subscriber::State::notify_wait, Subscriber::Event::notified_active, Subscriber::State::active},
    {Subscriber::State::notify_wait, Subscriber::Event::notified_terminated,
     Subscriber::State::terminated},
    {Subscriber::State::notify_wait, Subscriber::Event::refused, Subscriber::State::terminated},
    {Subscriber::State::notify_wait, Subscriber::Event::ran_out, Subscriber::State::terminated},
    {Subscriber::State::pending, Subscriber::Event::notified_pending, Subscriber::State::pending},
    {Subscriber::State::pending, Subscriber::Event::notified_active, Subscriber::State::active},
    {Subscriber::State::pending, Subscriber::Event::notified_terminated,
     Subscriber::State::terminated},
    {Subscriber::State::pending, Subscriber::Event::refused, Subscriber::State::terminated},
    {Subscriber::State::pending, Subscriber::Event::ran_out, Subscriber::State::terminated},
    {Subscriber::State::active, Subscriber::Event::notified_pending, Subscriber::State::pending},
    {Subscriber::State::active, Subscriber::Event::notified_active, Subscriber::State::active},
    {Subscriber::State::active, Subscriber::Event::notified_terminated,
     Subscriber::State::terminated},
    {Subscriber::State::active, Subscriber::Event::refused, Subscriber::State::terminated},
    {Subscriber::State::active, Subscriber::Event::ran_out, Subscriber::State::terminated},
});
static_assert(is_deterministic(subscriber_arrows));

// RFC 6665 4.2.1, one row per arrow.
constexpr auto notifier_arrows = std::to_array<Arrow<Notifier::State, Notifier::Event>>({
    {Notifier::State::pending, Notifier::Event::authorised, Notifier::State::active},
    {Notifier::State::pending, Notifier::Event::ran_out, Notifier::State::terminated},
    {Notifier::State::pending, Notifier::Event::ended, Notifier::State::terminated},
    {Notifier::State::active, Notifier::Event::authorised, Notifier::State::active},
    {Notifier::State::active, Notifier::Event::ran_out, Notifier::State::terminated},
    {Notifier::State::active, Notifier::Event::ended, Notifier::State::terminated},
});
static_assert(is_deterministic(notifier_arrows));

}  // namespace

// RFC 6665 4.1.2.4: timer N is 64*T1.
Subscriber::Subscriber(const Timers& timers, TimePoint now)
    : timers_{timers}, timer_n_{now + 64 * timers.t1} {}

bool Subscriber::step(Event event) {
  const auto to = follow(subscriber_arrows, state_, event);
  if (to) state_ = *to;
  if (state_ == State::terminated) {
    timer_n_.reset();
    refresh_at_.reset();
    ends_at_.reset();
  }
  return to.has_value();
}

void Subscriber::accept(std::chrono::seconds expires, TimePoint now) {
  if (state_ != State::terminated) run_until(expires, now);
}

void Subscriber::run_until(std::chrono::seconds expires, TimePoint now) {
  const Duration span{expires};
  refresh_at_ = now + std::max(span / 2, span - 64 * timers_.t1);
  ends_at_ = now + span;
}

void Subscriber::refuse(int status) {
  if (state_ == State::notify_wait || status == 481) step(Event::refused);
}

void Subscriber::notify(const SubscriptionState& state, TimePoint now) {
  timer_n_.reset();
  if (state.state == "terminated") {
    step(Event::notified_terminated);
    return;
  }
  const bool is_pending = state.state == "pending";
  if (!step(is_pending ? Event::notified_pending : Event::notified_active)) return;
  // RFC 6665 4.1.3: the notifier may shorten it; a longer time would be a mistake of his.
  if (state.expires && (!ends_at_ || now + *state.expires < *ends_at_)) {
    run_until(*state.expires, now);
  }
}

Subscriber::Effect Subscriber::wake(TimePoint now) {
  if (is_due(timer_n_, now) || is_due(ends_at_, now)) {
    return step(Event::ran_out) ? Effect::ended : Effect::nothing;
  }
  if (!is_due(refresh_at_, now)) return Effect::nothing;
  refresh_at_.reset();
  return Effect::refresh;
}

// RFC 6665 4.1.3
Resubscription resubscription(const SubscriptionState& terminated) {
  const auto& reason = terminated.reason;
  if (reason == "rejected" || reason == "noresource" || reason == "invariant") return {};
  if (reason == "deactivated" || reason == "timeout") return {.is_welcome = true, .after = {}};
  return {.is_welcome = true, .after = terminated.retry_after};  // probation, giveup, unknown
}

std::optional<std::chrono::seconds> granted_expiry(std::optional<std::chrono::seconds> wanted,
                                                   const SubscriptionLimits& limits) {
  if (!wanted) return limits.usual;
  if (wanted->count() == 0) return wanted;
  if (*wanted < limits.shortest) return std::nullopt;
  return std::min(*wanted, limits.longest);
}

Notifier::Notifier(State state, std::chrono::seconds granted, TimePoint now) : state_{state} {
  refresh(granted, now);
}

bool Notifier::step(Event event) {
  const auto to = follow(notifier_arrows, state_, event);
  if (to) state_ = *to;
  if (state_ == State::terminated) expires_at_.reset();
  return to.has_value();
}

void Notifier::refresh(std::chrono::seconds granted, TimePoint now) {
  if (granted.count() == 0) return end("timeout");
  if (state_ != State::terminated) expires_at_ = now + granted;
}

void Notifier::end(std::string_view reason) {
  if (step(Event::ended)) reason_ = reason;
}

bool Notifier::wake(TimePoint now) {
  if (!is_due(expires_at_, now) || !step(Event::ran_out)) return false;
  reason_ = "timeout";
  return true;
}

// RFC 6665 4.2.2
SubscriptionState Notifier::subscription_state(TimePoint now) const {
  SubscriptionState header;
  switch (state_) {
    case State::pending: header.state = "pending"; break;
    case State::active: header.state = "active"; break;
    case State::terminated:
      header.state = "terminated";
      header.reason = reason_;
      break;
  }
  if (expires_at_) {
    header.expires =
        std::chrono::duration_cast<std::chrono::seconds>(std::max(*expires_at_ - now, Duration{0}));
  }
  return header;
}

}  // namespace convene::sip
