#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "controlling/turn.h"

namespace convene::controlling {

// One REFER whose sender is told what becomes of it. RFC 3515 2.4.4
struct Referral {
  sip::DialogId dialog;  // where NOTIFY goes: of the chat, or of the REFER itself
  bool has_own_dialog = false;
  std::string event;    // refer;id=<CSeq of the REFER>
  std::string invitee;  // whose answer is waited for
  TimePoint until{};    // then it is over, whatever the invitee does
};

// The implicit subscriptions of REFERs to one group: a NOTIFY at once, and one with the invitee's
// final answer. RFC 3515 2.4.4, 2.4.5, RFC 6665
class Referrals {
 public:
  void begin(Turn& turn, Referral referral, std::string_view focus);

  // What the invitee answered; ends the subscriptions that wait for it.
  void answered(Turn& turn, std::string_view invitee, int status, std::string_view reason);

  void dialog_ended(sip::DialogId dialog);              // of the REFER: nobody listens any more
  void unsubscribed(Turn& turn, sip::DialogId dialog);  // SUBSCRIBE with Expires: 0
  void end_all(Turn& turn);                             // the session is released
  void wake(Turn& turn);

  std::chrono::seconds left(sip::DialogId dialog, TimePoint now) const;  // until it is over
  std::size_t count() const { return referrals_.size(); }
  Deadline deadline() const;

 private:
  template <class Predicate>
  void end_those(Turn& turn, Predicate is_over, std::string_view state, std::string_view fragment);
  void notify(Turn& turn, const Referral& referral, std::string_view state,
              std::string_view fragment) const;

  std::vector<Referral> referrals_;
  std::string focus_;
};

}  // namespace convene::controlling
