#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/surroundings.h"
#include "base/time.h"
#include "sip/hop.h"
#include "sip/message.h"
#include "sip/timers.h"

namespace convene::sip {

// Names one transaction inside its layer; never used again.
struct ServerTransactionId {
  std::uint64_t value = 0;
  auto operator<=>(const ServerTransactionId&) const = default;
};
struct ClientTransactionId {
  std::uint64_t value = 0;
  auto operator<=>(const ClientTransactionId&) const = default;
};

// The addresses that our Via headers name, by transport: what peers send their responses to.
struct LocalAddresses {
  std::optional<HostPort> udp;
  std::optional<HostPort> tcp;
  std::optional<HostPort> tls;
  const std::optional<HostPort>& of(Transport transport) const;
  bool operator==(const LocalAddresses&) const = default;
};

// What the layer asks of the network.
struct Send {
  Message message;
  Destination destination;
  bool operator==(const Send&) const = default;
};

// What the layer tells its user (core, proxy).
struct RequestArrived {  // not ACK, not CANCEL, not a retransmission
  ServerTransactionId transaction;
  Message request;
  Source source;
};
struct AckArrived {  // for a 2xx: belongs to no transaction
  Message ack;
  Source source;
};
struct CancelArrived {  // the CANCEL has been answered 200; the user answers the INVITE with 487
  ServerTransactionId invite;
};
struct ResponseArrived {  // provisional and final; every 2xx to an INVITE, also repeated ones
  ClientTransactionId transaction;
  Message response;
  Source source;
};
struct StrayResponse {  // fits no transaction: a late 2xx, or a proxy's business
  Message response;
  Source source;
};
// No final response in time (408), or the message could not be sent (503): RFC 3261 8.1.3.1.
struct NoResponse {
  ClientTransactionId transaction;
  int status = 408;
};
struct NoAck {  // RFC 3261 17.2.1: the ACK to a non-2xx never came. For the log.
  ServerTransactionId transaction;
};
using LayerEvent = std::variant<RequestArrived, AckArrived, CancelArrived, ResponseArrived,
                                StrayResponse, NoResponse, NoAck>;

struct LayerOutput {
  std::vector<Send> sends;
  std::vector<LayerEvent> events;  // in order
};

struct LayerSettings {
  // Appears in every branch after the magic cookie: tells apart the layers of one node.
  std::string branch_mark{};

  LocalAddresses addresses{};
  Timers timers{};

  // Beyond: 503 with Retry-After, before any state is made.
  std::size_t max_transactions = 100'000;

  // RFC 3261 18.1.1: larger requests leave over TCP, when we have TCP.
  std::size_t udp_limit = 1'300;
};

// RFC 3261 17 with RFC 6026: all transactions of one SIP entity. Matches messages to them,
// retransmits, times out. Answers by itself: 400-class for defects (sip::defect), 482 for merged
// requests and loops, 481 for a CANCEL without INVITE, 100 to an INVITE that nobody answered within
// 200 ms, 503 when full.
class TransactionLayer {
 public:
  TransactionLayer(LayerSettings settings, Surroundings surroundings);
  ~TransactionLayer();
  TransactionLayer(TransactionLayer&&) noexcept;

  // A message from the network, or handed over by another entity of the same node.
  void receive(Message message, const Source& source, TimePoint now, LayerOutput& out);

  // Sends a request in a new transaction: puts our Via on top (with a new branch, rport over UDP).
  // Not for ACK.
  ClientTransactionId send(Message request, const Destination& destination, TimePoint now,
                           LayerOutput& out);

  // CANCELs an INVITE without final response: at once after a provisional one, else as soon as one
  // comes. RFC 3261 9.1.
  void cancel(ClientTransactionId invite, TimePoint now, LayerOutput& out);

  // An ACK to a 2xx, or another request without transaction: Via on top, sent once.
  void send_without_transaction(Message request, const Destination& destination, LayerOutput& out);

  // Answers. A second final response is dropped. A 2xx to an INVITE may be given again
  // (retransmission by the core).
  void respond(ServerTransactionId transaction, Message response, TimePoint now, LayerOutput& out);

  // Answers an INVITE with a failure, for who no longer has the request at hand: 487 after
  // CancelArrived.
  void refuse(ServerTransactionId invite, int status, TimePoint now, LayerOutput& out);

  // The node could not send to `destination` (connect refused, reset): affects the transactions
  // under way there.
  void transport_failed(const Destination& destination, TimePoint now, LayerOutput& out);

  void wake(TimePoint now, LayerOutput& out);
  Deadline deadline() const;

  // Whether a response with this top-Via branch belongs to this layer.
  bool owns_branch(std::string_view branch) const;

  std::size_t transactions() const;

  // The To tag of every response that this entity makes to `request`, its CANCEL and its
  // retransmissions: it depends on nothing but the request and a secret of this layer. RFC
  // 3261 8.2.7, 9.2.
  std::string to_tag(const Message& request) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// A response to `request` with Via, From, To (with `to_tag` when it has none and status > 100),
// Call-ID, CSeq, and Timestamp for 100. RFC 3261 8.2.6.
Message make_response(const Message& request, int status, std::string_view to_tag,
                      std::string_view reason = {});

}  // namespace convene::sip
