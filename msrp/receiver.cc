#include "msrp/receiver.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace convene::msrp {

namespace {

// Never 0, which stands for none.
std::size_t hash_of(std::string_view message_id) {
  return std::hash<std::string_view>{}(message_id) | 1;
}

}  // namespace

Receiver::Receiver(SessionKey session, const SessionSettings& settings,
                   const EndpointSettings& limits, const SessionPaths& paths, BodyStore& bodies)
    : session_{session},
      receive_{settings.receive},
      hold_answers_{settings.hold_answers},
      relays_{settings.relays},
      limits_{limits},
      paths_{paths},
      bodies_{bodies} {}

Receiver::UnderWay::iterator Receiver::find(IncomingId id) {
  return std::ranges::find(under_way_, id, &IncomingMessage::id);
}

Receiver::UnderWay::iterator Receiver::find(std::string_view message_id) {
  return std::ranges::find(under_way_, message_id, &IncomingMessage::message_id);
}

// RFC 4975 7.3
int Receiver::begin(const Head& head, TimePoint now, Outlet& out) {
  current_.reset();
  auto message = find(head.message_id);
  const bool is_known = message != under_way_.end();

  // A SEND without a body holds the connection open, or binds it; or goes on with a message.
  const bool is_empty = head.byte_range == ByteRange{.first = 1, .last = 0, .total = 0};
  const bool says_nothing = !head.has_body || (head.content_type.empty() && is_empty);
  if (says_nothing && !is_known) return 200;

  if (head.message_id.empty()) return 400;
  if (!says_nothing && head.content_type.empty() && !is_known) return 415;

  const auto hash = hash_of(head.message_id);
  const auto refusal = std::ranges::find(refused_, hash, &Refused::message_id);
  if (refusal != refused_.end()) return refusal->status;
  const bool is_repetition = std::ranges::find(completed_, hash) != completed_.end();
  if (is_repetition) return 200;  // acknowledged, not received twice

  if (!is_known) {
    if (const auto begun = begin_message(head, now, out); !begun) {
      remember_refusal(head.message_id, status_for(begun.error().fault));
      return status_for(begun.error().fault);
    }
    message = std::prev(under_way_.end());
  } else if (const auto begun = message->begin_chunk(head.byte_range); !begun) {
    return abandon(message, begun.error(), out);
  }
  current_ = message->id;
  return 200;
}

Result<> Receiver::begin_message(const Head& head, TimePoint now, Outlet& out) {
  const bool is_body = receive_.into == Receive::Into::body;
  if (under_way_.size() >= (is_body ? 1 : limits_.max_incoming_messages))
    return fail(Fault::too_large, "too many messages at once");

  IncomingMessage message{{message_number(session_, ++sequence_)}, head, receive_};
  message.last_progress = now;
  const auto begun = message.begin_chunk(head.byte_range);
  const auto stored = begun && is_body ? begin_body(message, out) : begun;
  if (!stored) {
    out.events.push_back(MessageAborted{session_, message.id, stored.error().detail});
    return stored;
  }
  under_way_.push_back(std::move(message));
  return {};
}

Result<> Receiver::begin_body(IncomingMessage& message, Outlet& out) {
  const auto total = message.total() ? message.total() : receive_.expected_octets;
  message.body = TRY(bodies_.create(total));
  out.events.push_back(MessageBegun{.session = session_,
                                    .message = message.id,
                                    .message_id = message.message_id,
                                    .content_type = message.content_type,
                                    .total = message.total(),
                                    .body = *message.body,
                                    .wishes = {message.success_report, message.failure_report}});
  return {};
}

// Ends a message that went wrong; what still comes of it is refused in the same way.
int Receiver::abandon(UnderWay::iterator message, const Error& why, Outlet& out, Aborted how) {
  const auto status = status_for(why.fault);
  out.events.push_back(
      MessageAborted{session_, message->id, why.detail, how == Aborted::by_sender});
  remember_refusal(message->message_id, status);
  under_way_.erase(message);
  current_.reset();
  return status;
}

void Receiver::remember_refusal(std::string_view message_id, int status) {
  refused_[refused_count_++ % remembered] = {hash_of(message_id), status};
}

int Receiver::put(std::span<const std::byte> octets, TimePoint now, Outlet& out) {
  if (!current_) return 200;
  const auto message = find(*current_);
  if (message == under_way_.end()) return 413;
  if (const auto stored = message->put(octets, bodies_); !stored)
    return abandon(message, stored.error(), out);
  message->last_progress = now;
  tell_growth(*message, out);
  return 200;
}

// One MessageGrew for all that comes in one go.
void Receiver::tell_growth(IncomingMessage& message, Outlet& out) {
  if (!message.body || message.ready() <= message.told_ready) return;
  message.told_ready = message.ready();
  auto* last = out.events.empty() ? nullptr : std::get_if<MessageGrew>(&out.events.back());
  if (last != nullptr && last->message == message.id)
    last->ready = message.ready();
  else
    out.events.push_back(MessageGrew{session_, message.id, message.ready()});
}

std::optional<int> Receiver::end(Continuation flag, const Reply& reply, Outlet& out) {
  if (!current_) return 200;
  const auto message = find(*current_);
  current_.reset();
  if (message == under_way_.end()) return 413;

  if (flag == Continuation::aborted) {
    abandon(message, {Fault::too_large, "aborted by its sender"}, out, Aborted::by_sender);
    return 200;
  }
  if (const auto ended = message->end_chunk(flag); !ended)
    return abandon(message, ended.error(), out);
  if (message->is_complete()) return complete(message, reply, out);
  if (relays_ && message->body) return hold(*message, reply);
  return 200;
}

// What is passed on is acknowledged as far as the far side has it, so that a sender knows from
// where to go on if it breaks. Who sends very many chunks without an answer is told early.
std::optional<int> Receiver::hold(IncomingMessage& message, const Reply& reply) {
  if (message.held.size() >= max_held_chunks) return 200;
  message.held.push_back({.reply = reply, .end = message.chunk_end()});
  return std::nullopt;
}

std::vector<Reply> Receiver::confirm(IncomingId id, std::uint64_t octets) {
  const auto message = find(id);
  const auto done = std::ranges::find(received_, id, &Received::id);
  auto* chunks = message != under_way_.end() ? &message->held
                 : done != received_.end()   ? &done->chunks
                                             : nullptr;
  std::vector<Reply> replies;
  while (chunks != nullptr && !chunks->empty() && chunks->front().end <= octets) {
    replies.push_back(std::move(chunks->front().reply));
    chunks->pop_front();
  }
  return replies;
}

std::optional<int> Receiver::complete(UnderWay::iterator message, const Reply& reply, Outlet& out) {
  const bool is_held = hold_answers_ && (relays_ || !message->body);
  if (is_held && received_.size() >= max_held_answers)
    return abandon(message, {Fault::too_large, "too many answers held"}, out);

  auto done = std::move(*message);
  under_way_.erase(message);
  completed_[completed_count_++ % remembered] = hash_of(done.message_id);
  if (is_held || done.body) keep(done, is_held ? std::optional{reply} : std::nullopt);
  if (!is_held && !done.body && done.success_report)
    out.frames += report(paths_, out.ids, {done.message_id, {1, done.total(), done.total()}, 200});

  out.events.push_back(MessageReceived{.session = session_,
                                       .message = done.id,
                                       .message_id = std::move(done.message_id),
                                       .content_type = std::move(done.content_type),
                                       .octets = done.take_octets(),
                                       .total = done.total().value_or(0),
                                       .wishes = {done.success_report, done.failure_report}});
  return is_held ? std::nullopt : std::optional{200};
}

void Receiver::keep(IncomingMessage& message, std::optional<Reply> held) {
  if (!held && received_.size() >= max_kept_bodies) received_.pop_front();
  received_.push_back({.id = message.id,
                       .message_id = message.message_id,
                       .total = message.total().value_or(0),
                       .success_report = message.success_report,
                       .failure_report = message.failure_report,
                       .held = std::move(held),
                       .chunks = std::move(message.held)});
}

bool Receiver::refuse(IncomingId id) {
  const auto message = find(id);
  if (message == under_way_.end()) return false;
  remember_refusal(message->message_id, 413);
  under_way_.erase(message);
  const bool is_current = current_ == id;
  if (is_current) current_.reset();
  return is_current;
}

void Receiver::report_success(IncomingId id, Outlet& out) {
  const auto done = std::ranges::find(received_, id, &Received::id);
  if (done == received_.end()) return;
  if (done->success_report)
    out.frames += report(paths_, out.ids, {done->message_id, {1, done->total, done->total}, 200});
  if (!done->held) received_.erase(done);
}

// RFC 4975 7.1.3: not when the sender wants no failures told; nor when it will see the status of a
// chunk.
std::vector<Reply> Receiver::report_failure(IncomingId id, int status, Outlet& out) {
  const auto message = find(id);
  if (message != under_way_.end()) {
    auto replies = confirm(id, UINT64_MAX);
    if (message->failure_report != FailureReport::no && replies.empty())
      out.frames += report(paths_, out.ids,
                           {message->message_id, {1, message->ready(), message->total()}, status});
    remember_refusal(message->message_id, status);
    if (current_ == id) current_.reset();
    under_way_.erase(message);
    return replies;
  }
  const auto done = std::ranges::find(received_, id, &Received::id);
  if (done == received_.end()) return {};
  if (done->failure_report != FailureReport::no)
    out.frames +=
        report(paths_, out.ids, {done->message_id, {1, done->total, done->total}, status});
  if (!done->held) received_.erase(done);
  return {};
}

std::vector<Reply> Receiver::answer(IncomingId id, int status, Outlet& out) {
  const auto done = std::ranges::find(received_, id, &Received::id);
  if (done == received_.end() || !done->held) return {};
  auto held = confirm(id, UINT64_MAX);
  held.push_back(*std::exchange(done->held, {}));
  if (status == 200 && done->success_report) {
    if (relays_) {  // the far side's report is still to come
      forget_oldest_answered();
      return held;
    }
    out.frames += report(paths_, out.ids, {done->message_id, {1, done->total, done->total}, 200});
  }
  received_.erase(done);
  return held;
}

void Receiver::forget_oldest_answered() {
  const auto is_answered = [](const Received& one) { return !one.held; };
  if (std::cmp_greater(std::ranges::count_if(received_, is_answered), max_kept_relayed))
    received_.erase(std::ranges::find_if(received_, is_answered));
}

void Receiver::lose(const std::string& reason, Outlet& out) {
  for (const auto& message : under_way_)
    out.events.push_back(MessageAborted{session_, message.id, reason});
  under_way_.clear();
  received_.clear();
  current_.reset();
}

// A message in memory may wait long for its next chunk (RFC 7701 6.1); a file must move.
Duration Receiver::patience() const {
  return receive_.into == Receive::Into::body ? limits_.stall_timeout : limits_.incomplete_timeout;
}

void Receiver::wake(TimePoint now, Outlet& out) {
  for (;;) {
    const auto late = std::ranges::find_if(under_way_, [&](const IncomingMessage& message) {
      return message.last_progress + patience() <= now;
    });
    if (late == under_way_.end()) return;
    if (late->failure_report != FailureReport::no)
      out.frames +=
          report(paths_, out.ids, {late->message_id, {1, late->ready(), late->total()}, 408});
    abandon(late, {Fault::timed_out, "its rest did not come in time"}, out);
  }
}

Deadline Receiver::deadline() const {
  Deadline first;
  for (const auto& message : under_way_)
    first = earliest(first, message.last_progress + patience());
  return first;
}

}  // namespace convene::msrp
