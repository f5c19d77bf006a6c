#pragma once

#include <list>
#include <optional>
#include <string_view>
#include <vector>

#include "msrp/head.h"
#include "msrp/outgoing_message.h"
#include "msrp/outlet.h"
#include "msrp/reports.h"
#include "msrp/transactions.h"

namespace convene::msrp {

// The outgoing messages of one session: two lanes of messages that wait, chunks made of them when
// the connection takes octets, the transactions that are not answered yet, and what became of each
// message. RFC 4975 5.1, 7.1.
class Sender {
 public:
  using Lane = OutgoingMessage::Lane;
  static constexpr std::uint64_t progress_octets = 65'536;  // between two SendProgress
  static constexpr std::size_t max_report_pieces = 64;      // that do not touch

  // The references outlive it.
  Sender(SessionKey session, const SessionSettings& settings, const EndpointSettings& limits,
         const SessionPaths& paths);

  OutgoingId add(OutgoingMessage message, Outlet& out);
  void body_grew(BodyId body, std::uint64_t ready, TimePoint now);
  bool is_using(BodyId body) const;
  void abort(OutgoingId message, Outlet& out);
  // Ends every message that has begun with '#', and tells nothing.
  void abort_all(Outlet& out);
  // The session is gone: every message fails.
  void fail_all(int status, Outlet& out);

  // A NICKNAME, to be sent at once. RFC 7701 7.
  OutgoingId request_nickname(std::string_view nickname, Outlet& out);
  void fail_nicknames(int status, Outlet& out);

  // Asks for an empty SEND. RFC 4975 5.4.
  void bind() { is_bind_wanted_ = true; }
  // Whether something waits that the peer will answer, so that it binds as well.
  bool can_bind_by_itself() const;
  // The peer has proved that it is there: nothing will be sent twice.
  void confirm_peer();
  // Another connection is used from now on: all begins again.
  void restart();

  bool has_chunk(Lane lane) const;
  // Begins a chunk, or goes on with the open one, by about `room` octets at most. A file's chunk
  // that has more stays open: nothing else may be written before it has been gone on with, or cut.
  // A chat message's is whole.
  void append_chunk(Lane lane, WriteBatch& batch, std::uint64_t room, TransactionIds& ids,
                    TimePoint now);
  bool has_open_chunk() const { return !files_.empty() && files_.front().open_chunk(); }
  // Ends the open chunk with '+': the rest of its message comes in a chunk of its own.
  void cut_chunk(WriteBatch& batch);
  // All that was appended has left.
  void written(TimePoint now, Outlet& out);

  // The status if it answers one of our transactions.
  std::optional<int> respond(const Head& response, TimePoint now, Outlet& out);
  void report(const Head& report, TimePoint now, Outlet& out);

  // True: the peer did not answer in time, and is taken for dead.
  bool wake(TimePoint now, Outlet& out);
  Deadline deadline() const;

 private:
  using Messages = std::list<Outgoing>;

  Messages& waiting(Lane lane) { return lane == Lane::chat ? chat_ : files_; }
  const Messages& waiting(Lane lane) const { return lane == Lane::chat ? chat_ : files_; }
  bool has_chunk(const Outgoing& message) const;
  void append_bind(WriteBatch& batch, TransactionIds& ids);
  void begin_chunk(Outgoing& message, WriteBatch& batch, TransactionIds& ids);
  void end_unfinished(Outgoing& message, Outlet& out);
  void confirm(const Transaction& transaction, TimePoint now, Outlet& out);
  bool settle_nickname(const Transaction& transaction, int status, Outlet& out);
  void settle(Outgoing& message, Outlet& out);
  void settle_sent(Outgoing& message, Outlet& out);
  void fail(Outgoing& message, int status, Outlet& out);
  bool is_congested(const OutgoingMessage& message) const;
  Outgoing* find(OutgoingId id);
  Outgoing* find(std::string_view message_id);
  void forget(const Outgoing& message);

  SessionKey session_;
  const EndpointSettings& limits_;
  const SessionPaths& paths_;
  bool is_relayed_;  // there are relays on the way
  std::uint64_t progress_;
  std::uint64_t max_chunk_;

  Messages chat_;                      // waiting for chunks
  Messages files_;                     // waiting for chunks
  Messages chunked_;                   // waiting for answers and reports
  std::size_t backlog_octets_ = 0;     // of chat_
  std::vector<OutgoingId> nicknames_;  // asked for
  Transactions transactions_;
  bool is_bind_wanted_ = false;
  bool is_confirmed_ = false;
  std::uint64_t sequence_ = 0;
};

}  // namespace convene::msrp
