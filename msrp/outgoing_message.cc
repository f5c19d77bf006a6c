#include "msrp/outgoing_message.h"

#include <algorithm>
#include <cassert>

#include "msrp/frame_writer.h"

namespace convene::msrp {

Outgoing::Outgoing(OutgoingId number, OutgoingMessage outgoing)
    : id{number}, message{std::move(outgoing)} {
  if (!message.body) message.total = message.prefix.size() + message.octets.size();
  assert(message.total >= message.prefix.size() && message.total <= max_message_octets);
  total_ = message.total;
  ready_ = message.body ? message.prefix.size() : total_;
}

void Outgoing::body_grew(std::uint64_t ready) {
  const auto there = ready - std::min(ready, message.body_offset);
  ready_ = std::clamp(message.prefix.size() + there, ready_, total_);
}

Head Outgoing::head_of_chunk(const SessionPaths& paths, const TransactionId& transaction) const {
  Head head;
  head.transaction_id = transaction.text();
  head.method = "SEND";
  head.to_path = paths.to;
  head.from_path = paths.from;
  head.message_id = message.message_id;
  head.byte_range = ByteRange{.first = at_ + 1, .last = {}, .total = total_};
  if (message.success_report) head.success_report = true;
  head.failure_report = message.failure_report;
  head.content_type = message.content_type;
  head.has_body = true;
  return head;
}

std::uint64_t Outgoing::begin_chunk(WriteBatch& batch, const SessionPaths& paths,
                                    std::uint64_t transaction, std::uint64_t max_octets) {
  const auto size = std::min(available(), max_octets);
  const TransactionId written{transaction};
  auto head = head_of_chunk(paths, written);
  if (size <= max_uninterruptible_octets) head.byte_range->last = at_ + size;
  append_head(batch.text(), head);
  open_ = {.transaction = transaction, .end = at_ + size};
  is_gathered = false;
  return size;
}

bool Outgoing::continue_chunk(WriteBatch& batch, std::uint64_t room) {
  const auto end = std::min(open_->end, at_ + std::min(room, total_));
  append_octets(batch, at_, end);
  at_ = end;
  if (at_ < open_->end) return false;
  is_all_chunked_ = at_ == total_;
  cut_chunk(batch.text(), is_all_chunked_ ? Continuation::complete : Continuation::more);
  return true;
}

std::uint64_t Outgoing::cut_chunk(std::string& text, Continuation flag) {
  append_end_line(text, TransactionId{open_->transaction}.text(), flag, After::body);
  const auto lacking = open_->end - at_;
  open_.reset();
  return lacking;
}

std::optional<std::uint64_t> Outgoing::open_chunk() const {
  return open_ ? std::optional{open_->transaction} : std::nullopt;
}

void Outgoing::append_octets(WriteBatch& batch, std::uint64_t begin, std::uint64_t end) const {
  const auto prefix_size = message.prefix.size();
  if (begin < prefix_size) {
    const auto prefix_end = std::min<std::uint64_t>(end, prefix_size);
    batch.text().append(message.prefix, begin, prefix_end - begin);
    begin = prefix_end;
  }
  if (begin == end) return;
  if (message.body)
    batch.slice({.body = *message.body,
                 .offset = message.body_offset + begin - prefix_size,
                 .size = end - begin});
  else
    batch.text().append(message.octets, begin - prefix_size, end - begin);
}

void Outgoing::append_abort(std::string& frames, const SessionPaths& paths,
                            const TransactionId& transaction) const {
  append_head(frames, head_of_chunk(paths, transaction));
  append_end_line(frames, transaction.text(), Continuation::aborted, After::body);
}

void Outgoing::restart() {
  open_.reset();
  at_ = confirmed = told_confirmed = 0;
  unanswered = 0;
  is_all_chunked_ = false;
  reported = {};
}

void Outgoing::forget_octets() {
  std::string{}.swap(message.octets);
  std::string{}.swap(message.prefix);
}

}  // namespace convene::msrp
