#include <algorithm>

#include "controlling/group_session.h"
#include "cpm/service.h"

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
    if (one.to == leg.participant) send_report(turn, {leg.id}, one);
  }
  std::erase_if(waiting_, [&](const WaitingReport& one) { return one.to == leg.participant; });
}

// Conversation 11: inside MSRP while the session is up. It has arrived when one device has it.
void GroupSession::send_report(Turn& turn, const std::vector<LegId>& legs, WaitingReport report) {
  const auto number = ++last_report_;
  const cpim::TextForMany text{report.report};
  for (const auto id : legs) {
    auto& leg = legs_.at(id);
    leg.reports.emplace(send_text(turn, leg, text, Kind::to_one), number);
  }
  while (reports_.size() >= std::max<std::size_t>(turn.policy.media.max_waiting_reports, 1))
    reports_.erase(reports_.begin());  // the oldest: if it does not arrive, it is lost
  reports_.emplace(number, ReportUnderWay{.report = std::move(report), .copies = legs.size()});
}

bool GroupSession::report_arrived(ParticipantLeg& leg, msrp::OutgoingId copy) {
  const auto found = leg.reports.extract(copy);
  if (!found) return false;
  reports_.erase(found.mapped());
  return true;
}

// ... and as a SIP MESSAGE otherwise: once, when no device is left that may have it.
void GroupSession::report_lost(Turn& turn, std::uint64_t report) {
  const auto found = reports_.find(report);
  if (found == reports_.end() || --found->second.copies > 0) return;
  const auto lost = std::move(found->second.report);
  reports_.erase(found);
  const auto* from = known(lost.from);
  const auto* to = known(lost.to);
  if (from && to) send_page(turn, *to, *from, lost.report, ids_of_report(turn), cpm::icsi::message);
}

}  // namespace convene::controlling
