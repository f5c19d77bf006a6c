#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "controlling/fetch_document.h"
#include "controlling/group_record.h"
#include "msrp/endpoint.h"
#include "participating/deferral_queue.h"
#include "sip/hop.h"
#include "sip/transaction_layer.h"
#include "store/requests.h"

namespace convene::node {

// What a node asks of the machine (`io`) or of the simulated network (`sim`). MSRP effects are
// those of msrp/, those for the durable state are the roles', store::Ask goes to the message store.
struct SendDatagram {    // SIP over UDP, from the node's socket
  sip::HostPort remote;  // a name is looked up; failure is told by sip_unreachable()
  std::string octets;
};
struct OpenStream {  // SIP over TCP or TLS; answered by stream_opened() or stream_closed()
  sip::Flow
      flow;  // odd: chosen by the node. Accepted streams have even numbers, chosen by the machine
  sip::Transport transport = sip::Transport::tcp;
  sip::HostPort remote;
};
struct SendStream {  // kept until the stream is open; dropped when it is closed
  sip::Flow flow;
  std::string octets;
};
struct CloseStream {
  sip::Flow flow;
};
using Effect =
    std::variant<SendDatagram, OpenStream, SendStream, CloseStream, msrp::Connect, msrp::WantWrite,
                 msrp::Write, msrp::Close, controlling::StoreGroup, controlling::ForgetGroup,
                 controlling::FetchDocument, store::Ask, participating::StoreDeferred,
                 participating::FetchDeferred, participating::ForgetDeferred>;
using Effects = std::vector<Effect>;

// Where the node can be reached: what its Via, Contact and a=path say. Known once its listeners are
// bound.
struct Addresses {
  sip::LocalAddresses sip;
  sip::HostPort msrp;  // port 9 when it does not listen (always active)
  // The same over TLS; nothing: it speaks none.
  std::optional<msrp::SecureAddress> msrps = {};
  // Of the Participating Function, if any; over TLS it always listens.
  std::optional<sip::HostPort> participating_msrp = {};
  std::optional<msrp::SecureAddress> participating_msrps = {};
};

// MSRP connections of the Participating Function, which has a listener of its own, have this bit in
// their numbers: the machine sets it in those that it accepts there, the node in those that it
// opens for it.
inline constexpr std::uint64_t of_participating = 1ULL << 63;

// One whole server or client, without the machine: everything that arrives goes in, everything to
// be done comes out as effects, which the caller performs after the call has returned, in order.
// SIP flows and MSRP connections number separately; the machine gives even numbers to what it
// accepts, the node odd ones to what it opens.
class Node {
 public:
  virtual ~Node() = default;

  virtual void start(const Addresses& addresses, TimePoint now, Effects& out) = 0;

  // SIP. A datagram is one message; a stream is cut by the node.
  virtual void datagram(const sip::HostPort& remote, std::string octets, TimePoint now,
                        Effects& out) = 0;
  virtual void sip_unreachable(const sip::HostPort& remote, TimePoint now,
                               Effects& out) = 0;  // UDP: ICMP, no such name
  virtual void stream_accepted(sip::Flow flow, sip::Transport transport,
                               const sip::HostPort& remote, TimePoint now, Effects& out) = 0;
  virtual void stream_opened(sip::Flow flow, TimePoint now, Effects& out) = 0;
  virtual void stream_received(sip::Flow flow, std::string_view octets, TimePoint now,
                               Effects& out) = 0;
  virtual void stream_closed(sip::Flow flow, TimePoint now,
                             Effects& out) = 0;  // also: could not be opened

  // MSRP: see msrp::Endpoint.
  virtual void msrp_accepted(msrp::ConnectionId connection, const msrp::Remote& remote,
                             TimePoint now, Effects& out) = 0;
  virtual void msrp_connected(msrp::ConnectionId connection, const msrp::Remote& remote,
                              TimePoint now, Effects& out) = 0;
  virtual void msrp_closed(msrp::ConnectionId connection, TimePoint now, Effects& out) = 0;
  virtual std::span<std::byte> msrp_prepare(msrp::ConnectionId connection) = 0;
  virtual void msrp_commit(msrp::ConnectionId connection, std::size_t count, TimePoint now,
                           Effects& out) = 0;
  virtual void msrp_writable(msrp::ConnectionId connection, std::size_t budget, TimePoint now,
                             Effects& out) = 0;
  virtual void msrp_written(msrp::ConnectionId connection, TimePoint now, Effects& out) = 0;

  // The durable state: whether what was to be stored is on the disk now.
  virtual void stored(controlling::StoreId, bool /*is_stored*/, TimePoint, Effects&) {}

  // Messages that wait for users who are away: whether one is on the disk now, and one that was
  // stored; Fault::not_found: it is there no more.
  virtual void deferred(participating::DeferralId, bool /*is_stored*/, TimePoint, Effects&) {}
  virtual void deferred_fetched(participating::DeferralId,
                                const Result<participating::DeferredMessage>&, TimePoint,
                                Effects&) {}

  // The answer to a FetchDocument, whatever it is: once, and not within the call that wanted it.
  virtual void document_fetched(controlling::DocumentId, const controlling::FetchedDocument&,
                                TimePoint, Effects&) {}

  // The message store, never within the call that asked; ids are the node's own, each used once.
  // Kept: a Write is durable on this machine, and reaches the store whatever happens: it is not to
  // be asked for again, and the files in it are needed no more. Before its answer, or not at all
  // when the answer is a failure. A failure after it says only that there is no UID to be had yet.
  virtual void store_kept(store::RequestId, TimePoint, Effects&) {}
  virtual void store_answered(store::RequestId, const store::Answer&, TimePoint, Effects&) {}

  // Time. Call wake() no later than deadline(); earlier or again does no harm.
  virtual void wake(TimePoint now, Effects& out) = 0;
  virtual Deadline deadline() const = 0;
};

}  // namespace convene::node
