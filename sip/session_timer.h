#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "base/time.h"
#include "sip/fields.h"
#include "sip/message.h"

namespace convene::sip {

// What both sides agreed on in a 2xx to INVITE or UPDATE. RFC 4028 9.
struct SessionAgreement {
  std::chrono::seconds interval{0};
  bool are_we_refresher = false;
  bool operator==(const SessionAgreement&) const = default;
};

// What a request says about session timers; kept until it is answered.
struct SessionTimerRequest {
  std::optional<SessionExpires> wanted;
  bool is_supported = false;  // by who sent it
};
SessionTimerRequest session_timer_request(const Message& request);

// RFC 4028 9, as UAS: whether the answer must be 422 with our Min-SE. Only for a peer that would
// understand it.
bool is_interval_too_small(const SessionTimerRequest& request, std::chrono::seconds min_se);

// RFC 4028 9, as UAS: puts Session-Expires and Require into the 2xx. Nothing when there is to be no
// timer. What the user wrote into the response itself stands.
std::optional<SessionAgreement> answer_session_timer(const SessionTimerRequest& request,
                                                     Message& response);

// RFC 4028 7.2, as UAC: what the 2xx to our request agreed on.
std::optional<SessionAgreement> session_agreement(const Message& response);

enum class SessionTimerEffect { refresh, expired };

// Keeps one session alive, or finds that the peer no longer does. RFC 4028 10.
//
// Off until agree(). The refresher is asked to refresh at half the interval; when no refresh has
// succeeded min(32 s, interval/3) before the end, the session is over.
class SessionTimer {
 public:
  enum class State { off, running, refreshing };
  enum class Event { agreed, half_time, refresh_failed, expiry, stopped };

  // A 2xx to INVITE or UPDATE was sent or received; nothing: it agreed on no timer.
  void agree(std::optional<SessionAgreement> agreement, TimePoint now);

  // The refresh was refused for a reason that may pass: try again before the end.
  void refresh_failed(TimePoint now);

  void stop();

  // Time passed. Call no later than deadline(); calling earlier or again does no harm.
  void wake(TimePoint now, std::vector<SessionTimerEffect>& out);
  Deadline deadline() const { return earliest(refresh_at_, expires_at_); }

  State state() const { return state_; }
  std::chrono::seconds interval() const { return agreement_.interval; }
  bool are_we_refresher() const { return agreement_.are_we_refresher; }

 private:
  bool step(Event event);

  State state_ = State::off;
  SessionAgreement agreement_;  // while not off
  Deadline refresh_at_;         // set while running, for the refresher
  Deadline expires_at_;         // set while not off
};

}  // namespace convene::sip
