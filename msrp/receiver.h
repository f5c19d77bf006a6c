#pragma once

#include <array>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "msrp/incoming_message.h"
#include "msrp/outlet.h"
#include "msrp/reports.h"

namespace convene::msrp {

// The incoming messages of one session, chunk by chunk: RFC 4975 7.3, RFC 7701 6.1. A session's
// chunks come one after another, since it has one connection.
//
// Statuses are those of the response: 200 so far, or what refuses the chunk; its rest then needs
// not be shown.
class Receiver {
 public:
  static constexpr std::size_t max_held_answers = 4'096;
  static constexpr std::size_t max_kept_bodies = 16;  // received, and perhaps still to be reported
  static constexpr std::size_t max_held_chunks = 4'096;  // of one message
  static constexpr std::size_t max_kept_relayed = 256;   // the same, of messages that are passed on
  static constexpr std::size_t remembered = 16;          // Message-IDs, to know repetitions

  // The references outlive it.
  Receiver(SessionKey session, const SessionSettings& settings, const EndpointSettings& limits,
           const SessionPaths& paths, BodyStore& bodies);

  int begin(const Head& head, TimePoint now, Outlet& out);
  int put(std::span<const std::byte> octets, TimePoint now, Outlet& out);
  // Nothing: the answer is held, until answer(). `reply` is what it will need.
  std::optional<int> end(Continuation flag, const Reply& reply, Outlet& out);

  // As the Endpoint's. True from refuse(): the chunk that is coming in belongs to it.
  bool refuse(IncomingId message);
  void report_success(IncomingId message, Outlet& out);
  // Replies that were held, and are to have this status now; or else a REPORT.
  std::vector<Reply> report_failure(IncomingId message, int status, Outlet& out);
  // Replies that were held: of chunks within the octets; of the whole message.
  std::vector<Reply> confirm(IncomingId message, std::uint64_t octets);
  std::vector<Reply> answer(IncomingId message, int status, Outlet& out);

  // The session is gone.
  void lose(const std::string& reason, Outlet& out);
  void wake(TimePoint now, Outlet& out);
  Deadline deadline() const;

 private:
  struct Received {  // complete, but something may still be said about it
    IncomingId id;
    std::string message_id;
    std::uint64_t total = 0;
    bool success_report = false;
    FailureReport failure_report = FailureReport::yes;
    std::optional<Reply> held;     // of the chunk that completed it
    std::deque<HeldChunk> chunks;  // before that
  };
  struct Refused {
    std::size_t message_id = 0;  // its hash
    int status = 0;
  };
  using UnderWay = std::vector<IncomingMessage>;

  Result<> begin_message(const Head& head, TimePoint now, Outlet& out);
  Result<> begin_body(IncomingMessage& message, Outlet& out);
  enum class Aborted { by_us, by_sender };
  int abandon(UnderWay::iterator message, const Error& why, Outlet& out,
              Aborted how = Aborted::by_us);
  void remember_refusal(std::string_view message_id, int status);
  std::optional<int> complete(UnderWay::iterator message, const Reply& reply, Outlet& out);
  void keep(IncomingMessage& message, std::optional<Reply> held);
  static std::optional<int> hold(IncomingMessage& message, const Reply& reply);
  void forget_oldest_answered();
  void tell_growth(IncomingMessage& message, Outlet& out);
  Duration patience() const;
  UnderWay::iterator find(IncomingId id);
  UnderWay::iterator find(std::string_view message_id);

  SessionKey session_;
  const Receive& receive_;
  bool hold_answers_;
  bool relays_;
  const EndpointSettings& limits_;
  const SessionPaths& paths_;
  BodyStore& bodies_;

  UnderWay under_way_;
  std::optional<IncomingId> current_;  // the message of the chunk that is coming in
  std::list<Received> received_;
  std::array<std::size_t, remembered> completed_{};  // hashes of Message-IDs
  std::array<Refused, remembered> refused_{};
  std::size_t completed_count_ = 0;
  std::size_t refused_count_ = 0;
  std::uint64_t sequence_ = 0;
};

}  // namespace convene::msrp
