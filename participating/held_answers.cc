#include <string>
#include <utility>
#include <vector>

#include "participating/participating_function_impl.h"

// The answers to the own user's requests that wait for their Message-UID: R5.1c, conversation 2.
namespace convene::participating {

void ParticipatingFunction::Impl::hold_answer(Turn& turn, sip::ServerTransactionId transaction,
                                              store::RequestId record) {
  if (!history_.recorder().waits_for(record)) return;
  held_.emplace(transaction, HeldAnswer{.record = record});
  held_until_.set(transaction.value, turn.now + settings_.history.patience);
}

// Message-UID is for the own user alone: nobody else's is passed on. Conversation 2
void ParticipatingFunction::Impl::answer(Turn& turn, sip::ServerTransactionId transaction,
                                         sip::Message response) {
  response.remove(sip::Name::message_uid);
  const auto held = held_.find(transaction);
  if (held == held_.end() || response.status() < 200)
    return layer_->respond(transaction, std::move(response), turn.now, turn.sip);
  held->second.answer = std::move(response);
  if (held->second.is_told) release(turn, transaction);
}

// (c) R5.1c
void ParticipatingFunction::Impl::release(Turn& turn, sip::ServerTransactionId transaction) {
  auto held = held_.extract(transaction);
  held_until_.set(transaction.value, {});
  auto& [record, uid, is_told, answer] = held.mapped();
  if (uid && answer->status() < 300) answer->add(sip::Name::message_uid, std::to_string(*uid));
  layer_->respond(transaction, *std::move(answer), turn.now, turn.sip);
}

void ParticipatingFunction::Impl::store_answered(store::RequestId id, const store::Answer& answer,
                                                 TimePoint now, Output& out) {
  history_.recorder().answered(id, answer, now);
  Turn turn{.now = now, .out = out};
  record_told(turn, id);
  std::vector<sip::ServerTransactionId> waiting;
  for (const auto& [transaction, held] : held_)
    if (held.record == id) waiting.push_back(transaction);
  for (const auto transaction : waiting) {
    auto& held = held_.at(transaction);
    held.uid = History::message_uid(answer);
    held.is_told = true;
    if (held.answer) release(turn, transaction);
  }
  perform(turn);
}

// Nobody is held up by a slow store.
void ParticipatingFunction::Impl::stop_waiting_for_store(Turn& turn) {
  for (const auto number : held_until_.take_due(turn.now)) {
    const sip::ServerTransactionId transaction{number};
    auto& held = held_.at(transaction);
    world_.log.info("participating", "an answer goes without Message-UID: the store is slow");
    held.is_told = true;
    if (held.answer) release(turn, transaction);
  }
}

}  // namespace convene::participating
