#include "controlling/referrals.h"

#include <algorithm>
#include <utility>

#include "sip/refer.h"

namespace convene::controlling {

using sip::Name;

void Referrals::begin(Turn& turn, Referral referral, std::string_view focus) {
  focus_ = focus;
  const auto left = std::chrono::ceil<std::chrono::seconds>(referral.until - turn.now);
  notify(turn, referral, "active;expires=" + std::to_string(left.count()),
         sip::sipfrag(100, "Trying"));
  referrals_.push_back(std::move(referral));
}

// RFC 3515 2.4.5: the final NOTIFY ends the subscription.
void Referrals::answered(Turn& turn, std::string_view invitee, int status,
                         std::string_view reason) {
  end_those(
      turn, [invitee](const Referral& one) { return one.invitee == invitee; },
      "terminated;reason=noresource", sip::sipfrag(status, reason));
}

void Referrals::dialog_ended(sip::DialogId dialog) {
  std::erase_if(referrals_, [dialog](const auto& one) { return one.dialog == dialog; });
}

void Referrals::unsubscribed(Turn& turn, sip::DialogId dialog) {
  end_those(
      turn, [dialog](const Referral& one) { return one.dialog == dialog; },
      "terminated;reason=timeout", sip::sipfrag(100, "Trying"));
}

void Referrals::end_all(Turn& turn) {
  end_those(
      turn, [](const Referral&) { return true; }, "terminated;reason=noresource",
      sip::sipfrag(487, "Request Terminated"));
}

void Referrals::wake(Turn& turn) {
  end_those(
      turn, [&turn](const Referral& one) { return turn.now >= one.until; },
      "terminated;reason=timeout", sip::sipfrag(100, "Trying"));
}

Deadline Referrals::deadline() const {
  Deadline next;
  for (const auto& one : referrals_) next = earliest(next, one.until);
  return next;
}

std::chrono::seconds Referrals::left(sip::DialogId dialog, TimePoint now) const {
  const auto found = std::ranges::find(referrals_, dialog, &Referral::dialog);
  return found == referrals_.end() || found->until <= now
             ? std::chrono::seconds{0}
             : std::chrono::ceil<std::chrono::seconds>(found->until - now);
}

template <class Predicate>
void Referrals::end_those(Turn& turn, Predicate is_over, std::string_view state,
                          std::string_view fragment) {
  for (const auto& one : referrals_) {
    if (!is_over(one)) continue;
    notify(turn, one, state, fragment);
    if (!one.has_own_dialog) continue;
    turn.tables.dialogs.erase(one.dialog);
    turn.agent.forget(one.dialog);
  }
  std::erase_if(referrals_, is_over);
}

void Referrals::notify(Turn& turn, const Referral& referral, std::string_view state,
                       std::string_view fragment) const {
  auto notify = sip::Message::request("NOTIFY", {});
  notify.add(Name::contact, "<" + focus_ + ">;isfocus");
  notify.add(Name::event, referral.event);
  notify.add(Name::subscription_state, state);
  notify.set_body(sip::sipfrag_type, fragment);
  // A dialog that is gone says so by its own event.
  (void)turn.agent.request_in(referral.dialog, std::move(notify), turn.now, turn.sip);
}

}  // namespace convene::controlling
