#include "controlling/file_transfer.h"

#include <algorithm>
#include <vector>

#include "cpm/large_message_offer.h"

namespace convene::controlling {

namespace {

constexpr std::string_view in_session = "9.3.1";  // of log lines; without one it is 9.1.2

// RFC 3261 16.7 (6): a 6xx, or else one of the lowest class. What says more about us than about the
// receivers becomes 480.
int best_failure(const std::map<LegId, FileTransferLeg>& legs) {
  constexpr int unavailable = 480;
  int best = 0;
  for (const auto& [id, leg] : legs) {
    const int status = leg.failed_with();
    if (status == 0) continue;
    const bool is_better = best == 0 || status >= 600 || (best < 600 && status / 100 < best / 100);
    if (is_better) best = status;
  }
  const bool may_be_told =
      best >= 600 || best == 486 || best == 488 || best == 415 || best == 403 || best == 480;
  return may_be_told ? best : unavailable;
}

cpm::FileSpool spool_for(const FileTransferPlan& plan) {
  const auto& line = *plan.offer.files[plan.index];
  if (cpm::is_large_message(line)) return cpm::FileSpool{};
  return plan.rest ? cpm::FileSpool{line.file.selector, *plan.rest}
                   : cpm::FileSpool{line.file.selector};
}

}  // namespace

FileTransfer::FileTransfer(TransferId id, FileTransferPlan plan, TimePoint now,
                           const Policy& policy)
    : id_{id},
      plan_{std::move(plan)},
      spool_{spool_for(plan_)},
      late_join_until_{plan_.absent > 0 ? now + policy.file_transfer.late_join : now},
      longest_until_{now + policy.file_transfer.longest} {}

void FileTransfer::log(const Turn& turn, std::string_view text, std::string_view who,
                       std::string_view why) const {
  const bool is_in_session = !plan_.audience || !text.starts_with(in_session);
  const auto what =
      is_in_session ? std::string{text} : "9.1.2" + std::string{text.substr(in_session.size())};
  turn.world.log.info("controlling", what,
                      {{"contribution", plan_.invitation.ids.contribution},
                       {"transfer", std::to_string(id_.value)},
                       {"who", masked(who)},
                       {"why", why}});
}

// CPM 9.3.1, G-08
void FileTransfer::start(Turn& turn) {
  log(turn, "9.3.1 file transfer begins", plan_.sender.address);
  for (const auto& one : plan_.targets.left_out) log(turn, text_of(one.why), one.address);
  for (const auto& one : plan_.targets.left_out) {  // G-24
    if (one.why == LeftOut::Why::too_many) tell_copy(turn, one.address, CopyNews::Fate::begins);
  }
  unanswered_until_ = turn.now + turn.policy.file_transfer.acceptance_patience;

  for (auto target : plan_.targets.invited) {
    if (plan_.rest && plan_.rest->held.contains(target.address)) {  // G-29
      target.begun = plan_.rest->held.at(target.address);
    }
    invite(turn, target);
  }
  const bool at_once =
      turn.policy.file_transfer.answer_sender == FileTransferPolicy::AnswerSender::at_once;
  if (at_once) answer_sender(turn);
  settle(turn);
}

void FileTransfer::invite(Turn& turn, const FileTransferTarget& target) {
  const LegId id{turn.next_id()};
  auto& leg = legs_.emplace(id, FileTransferLeg{id, target}).first->second;
  tell_copy(turn, target.address, CopyNews::Fate::begins);
  if (target.must_wait) {
    log(turn, "9.3.1 (5) waiting for another transfer to end", target.address);
    leg.wait(turn, id_);
    return;
  }
  log(turn, target.is_one_to_one ? "9.3.1 (3) b inviting one to one" : "9.3.1 (1) inviting",
      target.address);
  turn.queue.begin(target.address);
  leg.invite(turn, id_, plan_);
}

void FileTransfer::may_begin(Turn& turn, LegId id) {
  const auto found = legs_.find(id);
  if (found == legs_.end()) return;
  log(turn, "9.3.1 (5) its turn has come", found->second.target().address);
  found->second.invite(turn, id_, plan_);
}

// G-06: who joins while the file is here gets it from its first octet.
void FileTransfer::participant_joined(Turn& turn, const FileTransferTargets& targets) {
  for (const auto& one : targets.left_out) log(turn, text_of(one.why), one.address);
  for (const auto& target : targets.invited) {
    if (!has_leg_to(target.address)) invite(turn, target);
  }
}

void FileTransfer::session_released(Turn& turn) {
  late_join_until_ = turn.now;
  plan_.absent = 0;
  settle(turn);
}

bool FileTransfer::has_leg_to(std::string_view participant) const {
  return std::ranges::any_of(legs_, [participant](const auto& entry) {
    return entry.second.target().address == participant;
  });
}

bool FileTransfer::is_anybody_unfinished() const {
  return !again_.empty() ||
         std::ranges::any_of(legs_, [](const auto& entry) { return entry.second.is_unfinished(); });
}

// What has arrived may go out: to those who have accepted, from the first octet on.
void FileTransfer::feed(Turn& turn) {
  if (!spool_.body()) return;
  for (auto& [id, leg] : legs_) leg.send(turn, spool_, plan_);
  turn.media.body_grew(*spool_.body(), spool_.ready(), turn.now, turn.msrp);
}

// Everything that can be over is looked at in one place, after every event.
void FileTransfer::settle(Turn& turn) {
  if (is_over_) return;
  tell_copies(turn);
  const bool somebody_may_come = plan_.absent > 0 && turn.now < late_join_until_;

  // G-08: nobody accepted, and nobody will.
  if (!is_answered_) {
    if (!is_anybody_unfinished() && !somebody_may_come) refuse_sender(turn);
    return;
  }

  // A receiver is let go when it has everything and the sender has hung up: F3.13
  if (spool_.is_complete() && sender_is_gone_) {
    for (auto& [id, leg] : legs_) {
      if (leg.state() == FileTransferLeg::State::complete) leg.end(turn, id_, {});
    }
  }
  if (is_anybody_unfinished()) return;

  if (!spool_.is_complete() && !somebody_may_come) {
    return abort(turn, "nobody takes it any more", Rest::kept);
  }
  if (spool_.is_complete() && !sender_is_gone_ && !sender_bye_until_) {
    sender_bye_until_ = turn.now + turn.policy.file_transfer.sender_bye_patience;
  }
  const bool is_done = spool_.is_complete() && sender_is_gone_;
  if (is_done && !somebody_may_come) {
    log(turn, "9.3.1 file transfer is over", plan_.sender.address);
    give_back(turn, Rest::kept);
    is_over_ = true;
  }
}

// The sender gave up, or vanished, or lied: every unfinished copy ends with '#'. F11.3
void FileTransfer::abort(Turn& turn, std::string_view why, Rest rest) {
  if (is_over_) return;
  is_over_ = true;
  again_.clear();
  log(turn, "9.3.1 file transfer aborted", plan_.sender.address, why);
  for (auto& [id, leg] : legs_) leg.end(turn, id_, {});
  tell_copies(turn);
  if (!is_answered_) {
    refuse(turn, plan_.transaction, plan_.request,
           {.status = 480, .warning = {}, .detail = "9.3.1 refused: " + std::string{why}});
  }
  end_sender(turn);
  give_back(turn, rest);
}

void FileTransfer::refuse_sender(Turn& turn) {
  const auto status = best_failure(legs_);
  for (auto& [id, leg] : legs_) leg.end(turn, id_, {});
  refuse(turn, plan_.transaction, plan_.request,
         {.status = status,
          .warning = {},
          .detail = "9.3.1 nobody accepted transfer " + std::to_string(id_.value)});
  give_back(turn, Rest::kept);  // what was here before
  is_over_ = true;
}

void FileTransfer::wake(Turn& turn) {
  if (turn.now >= late_join_until_) plan_.absent = 0;
  for (auto& [id, leg] : legs_) {
    if (!is_due(leg.deadline(), turn.now)) continue;
    log(turn, "9.3.1 no answer", leg.target().address);
    leg.end(turn, id_, {}, 408);
  }
  if (!is_answered_ && is_due(unanswered_until_, turn.now)) {
    refuse_sender(turn);
  }
  if (is_due(begin_until_, turn.now)) abort(turn, "no octet came");
  if (is_due(bye_overtook_until_, turn.now) && !spool_.is_complete()) {
    abort(turn, "BYE before the end", Rest::kept);
  }
  if (is_due(sender_bye_until_, turn.now) && !sender_is_gone_) {
    log(turn, "9.3.1 the sender does not hang up", plan_.sender.address);
    end_sender(turn);
  }
  invite_again(turn);
  if (turn.now >= longest_until_) abort(turn, "too long");
  settle(turn);
}

Deadline FileTransfer::deadline() const {
  Deadline next = longest_until_;
  if (!is_answered_) next = earliest(next, unanswered_until_);
  if (!sender_is_gone_) next = earliest(next, earliest(begin_until_, sender_bye_until_));
  if (!spool_.is_complete()) next = earliest(next, bye_overtook_until_);
  if (plan_.absent > 0) next = earliest(next, late_join_until_);
  for (const auto& one : again_) next = earliest(next, one.at);
  for (const auto& [id, leg] : legs_) next = earliest(next, leg.deadline());
  return next;
}

TransferView FileTransfer::view() const {
  const auto& selector = plan_.offer.files[plan_.index]->file.selector;
  TransferView view{.focus = plan_.focus,
                    .sender = plan_.sender.address,
                    .name = selector.name.value_or(""),
                    .size = spool_.size(),
                    .ready = spool_.ready(),
                    .legs = {}};
  for (const auto& [id, leg] : legs_) {
    view.legs.push_back({.participant = leg.target().address,
                         .state = std::string{name_of(leg.state())},
                         .confirmed = leg.confirmed()});
  }
  return view;
}

}  // namespace convene::controlling
