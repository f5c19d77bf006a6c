#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/surroundings.h"
#include "controlling/controlling_function.h"
#include "msrp/body_store.h"
#include "node/inner_connections.h"
#include "node/node.h"
#include "node/sip_links.h"
#include "participating/participating_function.h"
#include "registrar/registrar.h"

namespace convene::node {

struct ServerSettings {
  SipLinkSettings links;
  controlling::Policy policy;
  sip::UserAgentSettings controlling;  // layer.addresses and outbound are filled in
  msrp::EndpointSettings media;
  // Set: this node is its own SIP/IP core (the lab). Nothing: it stands behind a foreign one, which
  // asserts identities from `links.trusted`, and requests leave by `controlling.outbound` or by the
  // URI's host and port.
  std::optional<registrar::Settings> registrar;
  // Set: the Participating Function of the users, too; its layer's addresses are filled in. With a
  // registrar it serves whom that names, else whom the foreign core routes to it.
  std::optional<participating::Settings> participating{};
};

// A whole server: the Controlling Function, with or without a registrar in front of it, and with or
// without a Participating Function. They meet only in SIP; between them the message object is
// handed over.
class ServerNode final : public Node {
 public:
  ServerNode(ServerSettings settings, Surroundings surroundings, msrp::BodyStore& bodies);

  // Before start(): the groups that an earlier process stored.
  void restore(std::vector<controlling::GroupRecord> groups) { restored_ = std::move(groups); }

  // The same, of messages that wait for users who are away.
  void restore(std::vector<participating::DeferredEntry> deferred) {
    deferred_ = std::move(deferred);
  }

  void start(const Addresses& addresses, TimePoint now, Effects& out) override;
  void datagram(const sip::HostPort& remote, std::string octets, TimePoint now,
                Effects& out) override;
  void sip_unreachable(const sip::HostPort& remote, TimePoint now, Effects& out) override;
  void stream_accepted(sip::Flow flow, sip::Transport transport, const sip::HostPort& remote,
                       TimePoint now, Effects& out) override;
  void stream_opened(sip::Flow flow, TimePoint now, Effects& out) override;
  void stream_received(sip::Flow flow, std::string_view octets, TimePoint now,
                       Effects& out) override;
  void stream_closed(sip::Flow flow, TimePoint now, Effects& out) override;
  void msrp_accepted(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                     Effects& out) override;
  void msrp_connected(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                      Effects& out) override;
  void msrp_closed(msrp::ConnectionId connection, TimePoint now, Effects& out) override;
  std::span<std::byte> msrp_prepare(msrp::ConnectionId connection) override;
  void msrp_commit(msrp::ConnectionId connection, std::size_t count, TimePoint now,
                   Effects& out) override;
  void msrp_writable(msrp::ConnectionId connection, std::size_t budget, TimePoint now,
                     Effects& out) override;
  void msrp_written(msrp::ConnectionId connection, TimePoint now, Effects& out) override;
  void stored(controlling::StoreId id, bool is_stored, TimePoint now, Effects& out) override;
  void store_kept(store::RequestId id, TimePoint now, Effects& out) override;
  void store_answered(store::RequestId id, const store::Answer& answer, TimePoint now,
                      Effects& out) override;
  void deferred(participating::DeferralId id, bool is_stored, TimePoint now, Effects& out) override;
  void deferred_fetched(participating::DeferralId id,
                        const Result<participating::DeferredMessage>& message, TimePoint now,
                        Effects& out) override;
  void document_fetched(controlling::DocumentId id, const controlling::FetchedDocument& document,
                        TimePoint now, Effects& out) override;
  void wake(TimePoint now, Effects& out) override;
  Deadline deadline() const override;

  // Pre-defined groups, instead of those that were loaded before. Conversation 6.2
  void load_groups(std::vector<groups::GroupDocument> documents);

  // What the Participating Function's users want, instead of what was loaded before. May come
  // before start().
  void load_preferences(std::vector<participating::UserPreferences> documents);

  // What there is, for dumps, and for tests that count leftovers.
  struct Snapshot {
    controlling::Snapshot controlling;
    std::size_t registered_users = 0;
    std::size_t registrar_transactions = 0;
    std::size_t streams = 0;
    participating::ParticipatingFunction::Snapshot participating;
  };
  Snapshot snapshot() const;

 private:
  enum class Entity { registrar, controlling, participating };
  struct HandedOver {  // a message on its way from one entity of this node to another
    Entity from;
    Entity to;
    sip::Message message;
  };

  void arrived(SipLinks::Input input, TimePoint now, Effects& out);
  Entity receiver_of(const sip::Message& message) const;
  void deliver(Entity to, sip::Message message, const sip::Source& source, TimePoint now,
               Effects& out);
  void perform(controlling::Output output, TimePoint now, Effects& out);
  void perform(registrar::Output output, TimePoint now, Effects& out);
  void perform(participating::Output output, TimePoint now, Effects& out);
  template <class Call>
  void tell_participating(Call call, TimePoint now, Effects& out);  // if there is one
  template <class Call>
  void tell_msrp(msrp::ConnectionId connection, TimePoint now, Effects& out, Call call);
  void send(sip::Send send, Entity from, TimePoint now, Effects& out);
  void deliver_handed_over(TimePoint now, Effects& out);
  bool is_here(const sip::Destination& destination) const;
  std::optional<Entity> neighbour(const sip::Destination& destination) const;

  ServerSettings settings_;
  Surroundings surroundings_;
  SipLinks links_;
  InnerConnections inner_;
  msrp::BodyStore& bodies_;
  controlling::ControllingFunction controlling_;
  std::optional<registrar::Registrar> registrar_;
  std::optional<participating::ParticipatingFunction> participating_;
  Addresses addresses_;
  std::vector<controlling::GroupRecord> restored_;           // until start()
  std::vector<participating::UserPreferences> preferences_;  // the same
  std::vector<participating::DeferredEntry> deferred_;       // the same
  std::deque<HandedOver> handed_over_;
  bool is_delivering_ = false;
};

}  // namespace convene::node
