#include "msrp/sender.h"

#include <algorithm>

#include "msrp/frame_writer.h"
#include "msrp/nickname.h"

namespace convene::msrp {

Sender::Sender(SessionKey session, const SessionSettings& settings, const EndpointSettings& limits,
               const SessionPaths& paths)
    : session_{session},
      limits_{limits},
      paths_{paths},
      is_relayed_{settings.remote.size() > 1},
      progress_{settings.relays ? 1 : progress_octets},
      max_chunk_{std::max(settings.max_chunk, std::uint64_t{1})} {
  if (is_relayed_) max_chunk_ = std::min(max_chunk_, limits.relay_max_chunk);
}

// ---- Messages come, grow and go. ----

OutgoingId Sender::add(OutgoingMessage message, Outlet& out) {
  const OutgoingId id{message_number(session_, ++sequence_)};
  const auto lane = message.lane;
  // RFC 4976 6.4: a relay answers for itself; what became of a file, only the peer can tell.
  if (is_relayed_ && lane == Lane::file) message.success_report = true;
  Outgoing outgoing{id, std::move(message)};
  if (lane == Lane::chat && is_congested(outgoing.message)) {
    out.events.push_back(MessageFailed{session_, id, 408});
    return id;
  }
  if (lane == Lane::chat) backlog_octets_ += outgoing.message.total;
  waiting(lane).push_back(std::move(outgoing));
  return id;
}

// RFC 7701 6.4: a peer that reads too slowly for what is said to it.
bool Sender::is_congested(const OutgoingMessage& message) const {
  return chat_.size() >= limits_.backlog_messages ||
         (!chat_.empty() && backlog_octets_ + message.total > limits_.backlog_octets);
}

void Sender::body_grew(BodyId body, std::uint64_t ready, TimePoint now) {
  for (auto* lane : {&files_, &chat_}) {
    for (auto& message : *lane) {
      if (message.message.body != body) continue;
      message.body_grew(ready);
      if (message.available() > 0 && !message.gather_until && !has_chunk(message))
        message.gather_until = now + limits_.gather_delay;
    }
  }
}

bool Sender::is_using(BodyId body) const {
  const auto uses = [&](const Outgoing& message) { return message.message.body == body; };
  return std::ranges::any_of(files_, uses) || std::ranges::any_of(chat_, uses);
}

Outgoing* Sender::find(OutgoingId id) {
  for (auto* messages : {&chunked_, &files_, &chat_}) {
    const auto found = std::ranges::find(*messages, id, &Outgoing::id);
    if (found != messages->end()) return &*found;
  }
  return nullptr;
}

Outgoing* Sender::find(std::string_view message_id) {
  for (auto* messages : {&chunked_, &files_, &chat_}) {
    const auto found = std::ranges::find_if(*messages, [&](const Outgoing& message) {
      return message.message.message_id == message_id;
    });
    if (found != messages->end()) return &*found;
  }
  return nullptr;
}

void Sender::forget(const Outgoing& gone) {
  const auto is_it = [&](const Outgoing& message) { return message.id == gone.id; };
  if (gone.message.lane == Lane::chat && !gone.is_all_chunked())
    backlog_octets_ -= gone.message.total;
  for (auto* messages : {&chunked_, &files_, &chat_}) {
    const auto found = std::ranges::find_if(*messages, is_it);
    if (found == messages->end()) continue;
    messages->erase(found);
    return;
  }
}

void Sender::abort(OutgoingId id, Outlet& out) {
  auto* message = find(id);
  if (message == nullptr) return;
  end_unfinished(*message, out);
  forget(*message);
}

// RFC 4975 7.1.1: '#' ends the chunk that is open; between chunks it needs one of its own.
void Sender::end_unfinished(Outgoing& message, Outlet& out) {
  if (const auto open = message.open_chunk()) {
    message.cut_chunk(out.ending, Continuation::aborted);
    transactions_.take(*open, {});  // nobody needs its answer
  } else if (message.is_begun() && !message.is_all_chunked()) {
    message.append_abort(out.frames, paths_, TransactionId{out.ids.draw()});
  }
}

void Sender::abort_all(Outlet& out) {
  for (auto* lane : {&chat_, &files_}) {
    for (auto& message : *lane) end_unfinished(message, out);
    lane->clear();
  }
  chunked_.clear();
  backlog_octets_ = 0;
}

void Sender::fail_all(int status, Outlet& out) {
  for (auto* messages : {&chunked_, &files_, &chat_}) {
    for (auto& message : *messages) {
      if (message.open_chunk()) message.cut_chunk(out.ending, Continuation::aborted);
      out.events.push_back(MessageFailed{session_, message.id, status});
    }
    messages->clear();
  }
  fail_nicknames(status, out);
  backlog_octets_ = 0;
  transactions_.clear();
}

// ---- Nicknames. RFC 7701 7. ----

OutgoingId Sender::request_nickname(std::string_view nickname, Outlet& out) {
  const OutgoingId id{message_number(session_, ++sequence_)};
  const auto drawn = out.ids.draw();
  const TransactionId transaction{drawn};
  const auto quoted = quote(nickname);
  Head head;
  head.transaction_id = transaction.text();
  head.method = "NICKNAME";
  head.to_path = paths_.to;
  head.from_path = paths_.from;
  head.use_nickname = quoted;
  out.frames += bodiless(head);
  transactions_.add({.id = drawn, .message = id, .octets = 0, .since = {}});
  nicknames_.push_back(id);
  return id;
}

void Sender::fail_nicknames(int status, Outlet& out) {
  for (const auto id : nicknames_) out.events.push_back(MessageFailed{session_, id, status});
  nicknames_.clear();
}

bool Sender::settle_nickname(const Transaction& transaction, int status, Outlet& out) {
  const auto asked = std::ranges::find(nicknames_, transaction.message);
  if (asked == nicknames_.end()) return false;
  if (status == 200)
    out.events.push_back(MessageSent{session_, *asked});
  else
    out.events.push_back(MessageFailed{session_, *asked, status});
  nicknames_.erase(asked);
  return true;
}

// ---- Chunks are made. ----

bool Sender::can_bind_by_itself() const {
  const auto binds = [&](const Messages& lane) {
    return !lane.empty() && has_chunk(lane.front()) &&
           lane.front().message.failure_report == FailureReport::yes;
  };
  return binds(chat_) || (chat_.empty() && binds(files_));
}

void Sender::confirm_peer() {
  is_confirmed_ = true;
  for (auto& message : chunked_) message.forget_octets();
}

void Sender::restart() {
  transactions_.clear();
  is_bind_wanted_ = false;
  for (auto place = chunked_.rbegin(); place != chunked_.rend(); ++place) {
    if (place->message.lane == Lane::chat) backlog_octets_ += place->message.total;
  }
  while (!chunked_.empty()) {
    auto& lane = waiting(chunked_.back().message.lane);
    lane.splice(lane.begin(), chunked_, std::prev(chunked_.end()));
  }
  for (auto* lane : {&chat_, &files_}) {
    for (auto& message : *lane) message.restart();
  }
}

// Whether enough of it exists that a chunk is worth its head.
bool Sender::has_chunk(const Outgoing& message) const {
  if (message.open_chunk()) return true;
  if (message.is_ready_to_its_end() || message.is_gathered)
    return message.available() > 0 || message.message.total == 0;
  return message.available() >= std::min<std::uint64_t>(limits_.gather_octets, max_chunk_);
}

bool Sender::has_chunk(Lane lane) const {
  if (lane == Lane::chat && is_bind_wanted_) return true;
  const auto& messages = waiting(lane);
  if (lane == Lane::file && has_open_chunk()) return true;
  return !messages.empty() && transactions_.size() < limits_.max_outstanding &&
         has_chunk(messages.front());
}

void Sender::append_bind(WriteBatch& batch, TransactionIds& ids) {
  const auto id = ids.draw();
  const TransactionId transaction{id};
  const TransactionId message{ids.draw()};
  Head head;
  head.transaction_id = transaction.text();
  head.method = "SEND";
  head.to_path = paths_.to;
  head.from_path = paths_.from;
  head.message_id = message.text();
  head.byte_range = ByteRange{.first = 1, .last = 0, .total = 0};
  batch.text() += bodiless(head);
  is_bind_wanted_ = false;
  transactions_.add({.id = id, .message = {}, .octets = 0, .since = {}});
}

void Sender::append_chunk(Lane lane, WriteBatch& batch, std::uint64_t room, TransactionIds& ids,
                          TimePoint now) {
  if (lane == Lane::chat && is_bind_wanted_) return append_bind(batch, ids);
  auto& messages = waiting(lane);
  auto& message = messages.front();
  if (!message.open_chunk()) begin_chunk(message, batch, ids);
  const auto transaction = *message.open_chunk();
  if (!message.continue_chunk(batch, lane == Lane::chat ? max_chunk_ : room)) return;
  transactions_.close(transaction, 0);
  if (message.available() > 0 && !has_chunk(message))
    message.gather_until = now + limits_.gather_delay;

  if (!message.is_all_chunked()) return;
  if (lane == Lane::chat) backlog_octets_ -= message.message.total;
  if (is_confirmed_) message.forget_octets();
  message.last_progress = now;
  chunked_.splice(chunked_.end(), messages, messages.begin());
}

void Sender::begin_chunk(Outgoing& message, WriteBatch& batch, TransactionIds& ids) {
  const auto id = ids.draw();
  const auto octets = message.begin_chunk(batch, paths_, id, max_chunk_);
  message.gather_until.reset();

  // RFC 4975 7.1.2: "no" is never answered.
  if (message.message.failure_report == FailureReport::no) return;
  ++message.unanswered;
  transactions_.add({.id = id,
                     .message = message.id,
                     .octets = octets,
                     .failure_report = message.message.failure_report,
                     .is_open = true,
                     .since = {}});
}

// RFC 4975 7.1.1
void Sender::cut_chunk(WriteBatch& batch) {
  auto& message = files_.front();
  const auto transaction = *message.open_chunk();
  const auto lacking = message.cut_chunk(batch.text(), Continuation::more);
  const bool waits = transactions_.close(transaction, lacking);
  const bool was_answered_early = !waits && message.message.failure_report != FailureReport::no;
  if (was_answered_early) message.confirmed -= lacking;
}

// ---- Answers and reports come. ----

void Sender::written(TimePoint now, Outlet& out) {
  transactions_.written(now);
  for (auto place = chunked_.begin(); place != chunked_.end();) {
    auto& message = *place++;
    if (message.message.failure_report != FailureReport::no || message.message.success_report)
      continue;
    message.confirmed = message.message.total;
    settle(message, out);
  }
  // Silence is no answer to wait for when the window is full of it.
  while (transactions_.size() >= limits_.max_outstanding) {
    const auto silent = transactions_.take_silent();
    if (!silent) break;
    confirm(*silent, now, out);
  }
}

std::optional<int> Sender::respond(const Head& response, TimePoint now, Outlet& out) {
  const auto transaction = transactions_.take(transaction_value(response.transaction_id), now);
  if (!transaction) return std::nullopt;
  if (settle_nickname(*transaction, response.status, out)) return response.status;
  if (response.status == 200) {
    confirm(*transaction, now, out);
  } else if (auto* message = transaction->message ? find(*transaction->message) : nullptr) {
    fail(*message, response.status, out);
  }
  return response.status;
}

void Sender::confirm(const Transaction& transaction, TimePoint now, Outlet& out) {
  auto* message = transaction.message ? find(*transaction.message) : nullptr;
  if (message == nullptr) return;
  message->confirmed += transaction.octets;
  message->last_progress = now;
  --message->unanswered;
  settle(*message, out);
}

// Tells how far a message has come, and forgets it when nothing more can happen to it.
void Sender::settle(Outgoing& message, Outlet& out) {
  const bool is_answered = message.is_all_chunked() && message.unanswered == 0;
  if (message.message.success_report ? message.reported.ready() >= message.message.total
                                     : is_answered)
    return settle_sent(message, out);
  const bool is_news = is_answered ? message.confirmed > message.told_confirmed
                                   : message.confirmed - message.told_confirmed >= progress_;
  if (!is_news) return;
  message.told_confirmed = message.confirmed;
  out.events.push_back(SendProgress{session_, message.id, message.confirmed});
}

void Sender::settle_sent(Outgoing& message, Outlet& out) {
  out.events.push_back(MessageSent{session_, message.id});
  forget(message);
}

void Sender::fail(Outgoing& message, int status, Outlet& out) {
  end_unfinished(message, out);
  out.events.push_back(MessageFailed{session_, message.id, status});
  forget(message);
}

// RFC 4975 7.1.3: reports may come in pieces, and for what we do not know.
void Sender::report(const Head& report, TimePoint now, Outlet& out) {
  auto* message = find(report.message_id);
  if (message == nullptr || !report.report_status || !message->is_begun()) return;
  if (*report.report_status != 200) return fail(*message, *report.report_status, out);
  if (!message->message.success_report) return;

  const auto total = message->message.total;
  const auto range =
      report.byte_range.value_or(ByteRange{.first = 1, .last = total, .total = total});
  message->reported.add({range.first - 1, std::min(range.last.value_or(total), total)});
  message->last_progress = now;
  if (message->reported.intervals() > max_report_pieces) return fail(*message, 400, out);
  if (message->is_all_chunked()) settle(*message, out);
}

// ---- Time passes. ----

bool Sender::wake(TimePoint now, Outlet& out) {
  for (auto* lane : {&files_, &chat_}) {
    for (auto& message : *lane) {
      if (!is_due(message.gather_until, now)) continue;
      message.gather_until.reset();
      message.is_gathered = true;
    }
  }
  while (const auto late = transactions_.take_late(now, limits_.transaction_timeout)) {
    // A peer that has spoken since need not have answered the SEND that binds.
    if (!late->message && is_confirmed_) continue;
    if (settle_nickname(*late, 408, out)) return true;
    if (late->failure_report != FailureReport::partial) {
      if (auto* message = late->message ? find(*late->message) : nullptr) fail(*message, 408, out);
      return true;
    }
    confirm(*late, now, out);  // RFC 4975 7.1.2: partial: silence is success
  }
  while (!chunked_.empty() && chunked_.front().unanswered == 0 &&
         chunked_.front().message.success_report &&
         chunked_.front().last_progress + limits_.stall_timeout <= now)
    fail(chunked_.front(), 408, out);
  return false;
}

Deadline Sender::deadline() const {
  auto first = transactions_.deadline(limits_.transaction_timeout);
  for (const auto* lane : {&files_, &chat_}) {
    if (!lane->empty()) first = earliest(first, lane->front().gather_until);
  }
  if (!chunked_.empty() && chunked_.front().unanswered == 0 &&
      chunked_.front().message.success_report)
    first = earliest(first, chunked_.front().last_progress + limits_.stall_timeout);
  return first;
}

}  // namespace convene::msrp
