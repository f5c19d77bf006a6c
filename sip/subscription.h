#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "sip/fields.h"
#include "sip/timers.h"

namespace convene::sip {

// Our subscription to a peer's state. RFC 6665 4.1. The messages are the user's to send and to feed
// in.
//
// Begins when the SUBSCRIBE goes out. It asks for a refresh early enough that 64*T1 remain for it
// (half the time, when that is shorter), and ends when no NOTIFY comes in time, or when it runs out
// all the same.
class Subscriber {
 public:
  enum class State { notify_wait, pending, active, terminated };
  enum class Event { notified_pending, notified_active, notified_terminated, refused, ran_out };
  enum class Effect { nothing, refresh, ended };

  Subscriber(const Timers& timers, TimePoint now);

  // A 2xx to a SUBSCRIBE, with its Expires. RFC 6665 4.1.2.1.
  void accept(std::chrono::seconds expires, TimePoint now);

  // Any other final response: the first SUBSCRIBE failed, or the peer forgot us (481). RFC
  // 6665 4.1.2.2: another failure of a refresh leaves the subscription what it is until it runs
  // out.
  void refuse(int status);

  // A NOTIFY. RFC 6665 4.1.3.
  void notify(const SubscriptionState& state, TimePoint now);

  // Time passed. Call no later than deadline(); calling earlier or again does no harm.
  Effect wake(TimePoint now);
  Deadline deadline() const { return earliest(earliest(refresh_at_, ends_at_), timer_n_); }

  State state() const { return state_; }
  bool is_terminated() const { return state_ == State::terminated; }

 private:
  bool step(Event event);
  void run_until(std::chrono::seconds expires, TimePoint now);

  Timers timers_;
  State state_ = State::notify_wait;
  Deadline timer_n_;               // set until the first NOTIFY
  Deadline refresh_at_, ends_at_;  // set once we know how long, until terminated
};

// RFC 6665 4.1.3: what the reason of "terminated" says about subscribing anew.
struct Resubscription {
  bool is_welcome = false;
  std::optional<std::chrono::seconds> after;  // not before
  bool operator==(const Resubscription&) const = default;
};
Resubscription resubscription(const SubscriptionState& terminated);

// How long a notifier lets subscriptions live.
struct SubscriptionLimits {
  std::chrono::seconds shortest{60};  // below: 423 with Min-Expires
  std::chrono::seconds usual{3'600};  // when the SUBSCRIBE has no Expires. RFC 4575 3.3
  std::chrono::seconds longest{86'400};
};

// RFC 6665 4.2.1.1: what to grant; never more than was asked for, and 0 is always granted (a fetch,
// or the end). Nothing: too brief, answer 423.
std::optional<std::chrono::seconds> granted_expiry(std::optional<std::chrono::seconds> wanted,
                                                   const SubscriptionLimits& limits);

// A peer's subscription to our state. RFC 6665 4.2.
class Notifier {
 public:
  enum class State { pending, active, terminated };
  enum class Event { authorised, ran_out, ended };

  // A SUBSCRIBE was accepted. With an expiry of 0 it is terminated at once, and still gets its one
  // NOTIFY.
  Notifier(State state, std::chrono::seconds granted, TimePoint now);

  // The same subscriber came again. RFC 6665 4.2.1.
  void refresh(std::chrono::seconds granted, TimePoint now);

  void authorise() { step(Event::authorised); }

  // We end it: "noresource", "rejected", "deactivated".
  void end(std::string_view reason);

  // True once, when the subscription has just run out: a last NOTIFY is due.
  bool wake(TimePoint now);
  Deadline deadline() const { return expires_at_; }

  // The Subscription-State of the next NOTIFY. RFC 6665 4.2.2.
  SubscriptionState subscription_state(TimePoint now) const;

  State state() const { return state_; }
  bool is_terminated() const { return state_ == State::terminated; }

 private:
  bool step(Event event);

  State state_;
  std::string reason_;   // while terminated
  Deadline expires_at_;  // set until terminated
};

}  // namespace convene::sip
