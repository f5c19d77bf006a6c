#include "controlling/controlling_function_impl.h"

namespace convene::controlling {

namespace {

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

// Takes an entry off a table: whatever it named has ended.
template <class Map, class Key>
std::optional<Owner> take(Map& table, const Key& key) {
  const auto found = table.find(key);
  if (found == table.end()) return std::nullopt;
  const auto owner = found->second;
  table.erase(found);
  return owner;
}

template <class Map, class Key>
std::optional<Owner> find(const Map& table, const Key& key) {
  const auto found = table.find(key);
  return found == table.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace

void ControllingFunction::Impl::handle(Turn& turn, sip::UserAgentEvent& event) {
  std::visit([&](const auto& one) { handle(turn, one); }, event);
}

void ControllingFunction::Impl::handle(Turn& turn, const sip::ResponseReceived& event) {
  const bool is_final = event.response.status() >= 200;
  const auto owner =
      is_final ? take(tables_.requests, event.request) : find(tables_.requests, event.request);
  if (!owner) return;  // of a NOTIFY, a BYE: nobody waits for it

  if (const auto* of = std::get_if<OfParticipant>(&*owner)) {
    if (auto* one = group(of->group)) one->answered(turn, of->leg, event);
  } else if (const auto* receiver = std::get_if<OfFileReceiver>(&*owner)) {
    if (auto* one = transfer(receiver->transfer)) {
      one->receiver_answered(turn, receiver->leg, event);
    }
  } else if (const auto* report = std::get_if<OfReport>(&*owner); report && is_final) {
    if (auto* one = group(report->group)) one->page_answered(turn, event);
  } else if (const auto* copy = std::get_if<OfMessageCopy>(&*owner)) {
    const auto found = messages_.find(copy->message);
    if (found == messages_.end() || !is_final) return;
    found->second.answered(turn, copy->message, event);
    if (found->second.is_over()) messages_.erase(found);
  }
}

void ControllingFunction::Impl::handle(Turn& turn, const sip::Cancelled& event) {
  const auto owner = take(tables_.invites, event.invite);
  if (!owner) return;
  if (const auto* of = std::get_if<OfParticipant>(&*owner)) {
    if (auto* one = group(of->group)) one->cancelled(turn, of->leg);
  } else if (const auto* sender = std::get_if<OfFileSender>(&*owner)) {
    if (auto* one = transfer(sender->transfer)) one->sender_cancelled(turn);
  } else if (const auto* held = std::get_if<OfHeldRequest>(&*owner)) {
    held_cancelled(held->document, event.invite);
  }
}

void ControllingFunction::Impl::handle(Turn& turn, const sip::Acknowledged& event) {
  const auto owner = find(tables_.dialogs, event.dialog);
  if (!owner) return;
  if (const auto* of = std::get_if<OfParticipant>(&*owner)) {
    if (auto* one = group(of->group)) one->acknowledged(turn, of->leg);
  }
}

void ControllingFunction::Impl::handle(Turn& turn, const sip::PeerRefreshed& event) {
  const auto owner = find(tables_.dialogs, event.dialog);
  if (!owner) return;
  if (const auto* of = std::get_if<OfParticipant>(&*owner)) {
    if (auto* one = group(of->group)) one->refreshed(turn, of->leg, event.contact);
  }
}

void ControllingFunction::Impl::handle(Turn& turn, const sip::DialogEnded& event) {
  const auto owner = take(tables_.dialogs, event.dialog);
  if (!owner) return;
  const Overloaded handlers{
      [&](const OfParticipant& of) {
        if (auto* one = group(of.group)) one->dialog_ended(turn, of.leg, event);
      },
      [&](const OfSubscription& of) {
        if (auto* one = group(of.group)) one->subscription_ended(event.dialog);
      },
      [&](const OfReferral& of) {
        if (auto* one = group(of.group)) one->referral_ended(event.dialog);
      },
      [&](const OfFileSender& of) {
        if (auto* one = transfer(of.transfer)) one->sender_ended(turn);
      },
      [](const OfReport&) {},  // has no dialog
      [&](const OfFileReceiver& of) {
        auto* one = transfer(of.transfer);
        if (one) one->receiver_ended(turn, of.leg, text_of(event.why));
      },
      [](const OfMessageCopy&) {},  // these make no dialog
      [](const OfHeldRequest&) {},
  };
  std::visit(handlers, *owner);
}

void ControllingFunction::Impl::handle(Turn& turn, const msrp::Event& event) {
  const auto session = std::visit([](const auto& one) { return one.session; }, event);
  const auto owner = find(tables_.sessions, session);
  if (!owner) return;

  if (const auto* of = std::get_if<OfParticipant>(&*owner)) {
    // The most frequent event of all, and of no consequence for the group: it is not looked at
    // whole, as at the end of other turns. With 1,000 members that was all that the focus did.
    const auto* sent = std::get_if<msrp::MessageSent>(&event);
    const auto known = sent != nullptr ? groups_.find(of->group) : groups_.end();
    if (known != groups_.end()) return known->second.copy_arrived(of->leg, sent->message);
    auto* one = group(of->group);
    if (one) chat_event(turn, *one, of->leg, event);
  } else if (const auto* sender = std::get_if<OfFileSender>(&*owner)) {
    auto* one = transfer(sender->transfer);
    if (one) sender_event(turn, *one, event);
  } else if (const auto* receiver = std::get_if<OfFileReceiver>(&*owner)) {
    auto* one = transfer(receiver->transfer);
    if (one) receiver_event(turn, *one, receiver->leg, event);
  }
}

void ControllingFunction::Impl::chat_event(Turn& turn, GroupSession& group, LegId leg,
                                           const msrp::Event& event) {
  const Overloaded handlers{
      [&](const msrp::MessageReceived& one) { group.message_received(turn, leg, one); },
      [&](const msrp::NicknameRequested& one) { group.nickname_requested(turn, leg, one); },
      [&](const msrp::SessionFailed& one) { group.media_failed(turn, leg, one.reason); },
      [&](const msrp::MessageFailed& one) { group.copy_failed(turn, leg, one.message); },
      [](const auto&) {},
  };
  std::visit(handlers, event);
}

void ControllingFunction::Impl::sender_event(Turn& turn, FileTransfer& transfer,
                                             const msrp::Event& event) {
  const Overloaded handlers{
      [&](const msrp::MessageBegun& one) { transfer.message_begun(turn, one); },
      [&](const msrp::MessageGrew& one) { transfer.message_grew(turn, one); },
      [&](const msrp::MessageReceived& one) { transfer.message_received(turn, one); },
      [&](const msrp::MessageAborted& one) { transfer.message_aborted(turn, one); },
      [&](const msrp::SessionFailed& one) { transfer.sender_media_failed(turn, one.reason); },
      [&](const msrp::NicknameRequested& one) {
        media_.answer_nickname(one.session, one.transaction_id, 403, turn.now, turn.msrp);
      },
      [](const auto&) {},
  };
  std::visit(handlers, event);
}

void ControllingFunction::Impl::receiver_event(Turn& turn, FileTransfer& transfer, LegId leg,
                                               const msrp::Event& event) {
  const Overloaded handlers{
      [&](const msrp::MessageSent&) { transfer.message_sent(turn, leg); },
      [&](const msrp::MessageFailed& one) { transfer.message_failed(turn, leg, one.status); },
      [&](const msrp::SendProgress& one) { transfer.message_progressed(leg, one.confirmed); },
      [&](const msrp::SessionFailed& one) {
        transfer.receiver_media_failed(turn, leg, one.reason);
      },
      [&](const msrp::NicknameRequested& one) {
        media_.answer_nickname(one.session, one.transaction_id, 403, turn.now, turn.msrp);
      },
      [](const auto&) {},
  };
  std::visit(handlers, event);
}

void ControllingFunction::Impl::handle(Turn& turn, const Notice& notice) {
  const Overloaded handlers{
      [&](const ParticipantJoined& joined) { participant_joined(turn, joined); },
      [&](const CopyNews& copy) {
        if (auto* one = group(copy.group)) one->copy_news(turn, copy);
      },
      [&](const ReportLost& lost) {
        if (auto* one = group(lost.group)) one->report_lost(turn, lost.report);
      },
      [&](const SessionReleased& released) {
        for_each_transfer_of(released.group,
                             [&](FileTransfer& one) { one.session_released(turn); });
      },
      [&](const ParticipantRemoved& removed) {
        if (!policy_.file_transfer.removal_ends_files) return;
        for_each_transfer_of(removed.group, [&](FileTransfer& one) {
          one.participant_removed(turn, removed.address);
        });
      },
  };
  std::visit(handlers, notice);
}

template <class Action>
void ControllingFunction::Impl::for_each_transfer_of(GroupId group, Action action) {
  const auto found = transfers_of_.find(group);
  if (found == transfers_of_.end()) return;
  const auto ids = found->second;
  for (const auto id : ids) {
    if (auto* one = transfer(id)) action(*one);
  }
}

// G-06: a file that is still here goes to who joins now.
void ControllingFunction::Impl::participant_joined(Turn& turn, const ParticipantJoined& notice) {
  const auto found = transfers_of_.find(notice.group);
  auto* session = group(notice.group);
  if (found == transfers_of_.end() || !session) return;
  const auto* leg = session->leg(notice.leg);
  if (!leg) return;

  Candidate candidate{.address = leg->participant, .capabilities = leg->capabilities};
  candidate.running = queue_.running(candidate.address);
  candidate.queued = queue_.queued(candidate.address);
  const auto targets = file_transfer_targets({candidate}, policy_.file_transfer);
  const auto ids = found->second;
  for (const auto id : ids) {
    auto* one = transfer(id);
    const bool wants_it = one && one->takes_late_joiners(turn.now) &&
                          one->sender() != candidate.address && !one->has_leg_to(candidate.address);
    if (wants_it) one->participant_joined(turn, targets);
  }
}

}  // namespace convene::controlling
