#include <algorithm>

#include "controlling/group_session.h"

namespace convene::controlling {

namespace {

// RFC 3261 21: who answers so will not take it later either.
bool is_final_word(int status) {
  return status >= 600 || status == 403 || status == 405 || status == 415 || status == 488;
}

}  // namespace

// A sender that cannot be reached now hears of the reports when it is in the session again.
// Conversation 11
void GroupSession::page_answered(Turn& turn, const sip::ResponseReceived& answer) {
  const auto found = pages_.find(answer.request);
  if (found == pages_.end()) return;
  auto page = std::move(found->second);
  pages_.erase(found);

  const auto status = answer.response.status();
  const auto most = turn.policy.media.max_waiting_reports;
  if (status < 300 || is_final_word(status) || !member(page.to) || most == 0) return;
  while (waiting_.size() >= most) waiting_.pop_front();
  waiting_.push_back(std::move(page));
}

void GroupSession::deliver_waiting_reports(Turn& turn, ParticipantLeg& leg) {
  if (!leg.takes_chat()) return;
  for (const auto& one : waiting_) {
    if (one.to == leg.participant)
      send_copy(turn, leg, cpim::TextForMany{one.report}, Kind::to_one, {});
  }
  std::erase_if(waiting_, [&](const WaitingReport& one) { return one.to == leg.participant; });
}

}  // namespace convene::controlling
