#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/surroundings.h"
#include "controlling/addresses.h"
#include "controlling/group_documents.h"
#include "controlling/group_record.h"
#include "controlling/policy.h"
#include "controlling/snapshot.h"
#include "msrp/body_store.h"
#include "msrp/endpoint.h"
#include "sip/user_agent.h"

namespace convene::controlling {

// What the Controlling Function asks of its node, in order.
struct Output {
  std::vector<sip::Send> sends;
  std::vector<msrp::Effect> msrp;
  std::vector<Store> stores;           // answered by stored()
  std::vector<FetchDocument> fetches;  // answered by document_fetched()
};

// The CPM Controlling Function: the focus of every group, and the switch of its chat and its files.
// One SIP entity with its own transactions, dialogs and MSRP sessions. Pure.
//
// A group session and a file transfer are owned side by side, neither by the other: the end of one
// is not the end of the other (change 6).
class ControllingFunction {
 public:
  // `settings.layer.addresses` is filled in by start(); an empty `settings.allow` gets the usual
  // list.
  ControllingFunction(Policy policy, sip::UserAgentSettings settings, msrp::EndpointSettings media,
                      Surroundings surroundings, msrp::BodyStore& bodies);
  ~ControllingFunction();
  ControllingFunction(ControllingFunction&&) noexcept;

  // Before anything else, once the listeners are bound.
  void start(const Addresses& addresses, TimePoint now, Output& out);

  // After start(): the groups that an earlier process stored. CPM 9.2.7 (5), R6.8
  void restore(std::vector<GroupRecord> groups, TimePoint now, Output& out);
  void stored(StoreId id, bool is_stored, TimePoint now, Output& out);

  // Pre-defined groups: their documents take the place of those that were loaded before; those
  // that are not loaded are fetched when they are needed. Conversation 6.2
  void load_groups(std::vector<groups::GroupDocument> documents);
  void document_fetched(DocumentId id, const FetchedDocument& document, TimePoint now, Output& out);

  // SIP. A request is for us when its Request-URI is a factory, a pre-defined group or at our host;
  // a response when its branch is ours.
  bool is_for_us(const sip::Message& request) const;
  bool owns_branch(std::string_view branch) const;
  void receive(sip::Message message, const sip::Source& source, TimePoint now, Output& out);
  void transport_failed(const sip::Destination& destination, TimePoint now, Output& out);

  // MSRP: see msrp::Endpoint.
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
  Snapshot snapshot() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace convene::controlling
