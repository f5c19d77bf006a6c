#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/surroundings.h"
#include "msrp/endpoint.h"
#include "participating/deferral_queue.h"
#include "participating/settings.h"
#include "sip/transaction_layer.h"
#include "store/requests.h"

namespace convene::participating {

// What the Participating Function asks of its node, in order.
struct Output {
  std::vector<sip::Send> sends;
  std::vector<store::Ask> asks;
  DeferralEffects deferrals;
  std::vector<msrp::Effect> msrp;
};

// The CPM Participating Function: for every user it serves a B2BUA between the user's client and
// everybody else, originating and terminating (CPM 8.3). One SIP entity with its own transactions
// and, on either side, dialogs of its own. It keeps the peers' Contacts with all they say, and
// stays on the path by Record-Route (G-02), so focus and client see each other through it. Pure.
class ParticipatingFunction {
 public:
  // `bodies` has the files that pass through it; it outlives it.
  ParticipatingFunction(Settings settings, Surroundings surroundings, msrp::BodyStore& bodies);
  ~ParticipatingFunction();
  ParticipatingFunction(ParticipatingFunction&&) noexcept;

  // Before anything else, once the listeners are bound. `media`: that of our MSRP; without one no
  // media is anchored.
  void start(const sip::LocalAddresses& addresses, std::optional<sip::HostPort> media = {},
             std::optional<msrp::SecureAddress> secure_media = {});

  // What users want, instead of what was loaded before.
  void load_preferences(std::vector<UserPreferences> documents);

  const std::string& uri() const;  // what our Routes say, without "lr"; known from start() on

  // A request is for us when its first Route names us, or it has none and is for something that we
  // have deferred; a response when its branch is ours.
  bool is_for_us(const sip::Message& request) const;
  bool owns_branch(std::string_view branch) const;

  // Only a trusted source may begin anything: it says who is served. RFC 5502 6
  void receive(sip::Message message, const sip::Source& source, TimePoint now, Output& out);
  void transport_failed(const sip::Destination& destination, TimePoint now, Output& out);

  // The message store: what was asked is durable on this machine; and its answer.
  void store_kept(store::RequestId id, TimePoint now, Output& out);
  void store_answered(store::RequestId id, const store::Answer& answer, TimePoint now, Output& out);
  // Messages that an earlier process deferred. After start().
  void restore(const std::vector<DeferredEntry>& deferred, TimePoint now);
  void deferred(DeferralId id, bool is_stored, TimePoint now, Output& out);
  void deferred_fetched(DeferralId id, const Result<DeferredMessage>& message, TimePoint now,
                        Output& out);
  // A user's client has registered, as the registrar of the same node says.
  void registered(std::string_view user, TimePoint now, Output& out);

  // MSRP: see msrp::Endpoint. Its connections are numbered for us alone.
  void msrp_accepted(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                     Output& out);
  void msrp_connected(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                      Output& out);
  void msrp_closed(msrp::ConnectionId connection, TimePoint now, Output& out);
  std::span<std::byte> msrp_prepare(msrp::ConnectionId connection);
  void msrp_commit(msrp::ConnectionId connection, std::size_t count, TimePoint now, Output& out);
  void msrp_writable(msrp::ConnectionId connection, std::size_t budget, TimePoint now, Output& out);
  void msrp_written(msrp::ConnectionId connection, TimePoint now, Output& out);

  // Call no later than deadline(); earlier or again does no harm.
  void wake(TimePoint now, Output& out);
  Deadline deadline() const;

  // What there is, for dumps, and for tests that count leftovers.
  struct Snapshot {
    std::size_t calls = 0;
    std::size_t transactions = 0;
    std::size_t records = 0;   // of the history, that the store has not answered
    std::size_t deferred = 0;  // messages
    std::size_t sessions = 0;  // that take or push deferred ones
    std::size_t media = 0;     // m-lines that are anchored
    std::size_t passing = 0;   // messages on their way through them
  };
  Snapshot snapshot() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace convene::participating
