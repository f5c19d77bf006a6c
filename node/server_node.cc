#include "node/server_node.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "cpm/identity.h"
#include "participating/deferred_offer.h"
#include "sip/fields.h"

namespace convene::node {

namespace {

// The ways between the entities of this node, named by who is at the end: no socket, nothing is
// lost.
constexpr std::uint64_t in_node = UINT64_MAX - 8;

template <class Entity>
sip::Destination to_neighbour(Entity entity) {
  return {.transport = sip::Transport::tcp,
          .address = {},
          .flow = sip::Flow{in_node + static_cast<std::uint64_t>(entity)}};
}

template <class Entity>
sip::Source from_neighbour(Entity entity) {
  return {.transport = sip::Transport::tcp,
          .address = {.host = "127.0.0.1", .port = 5060},
          .flow = sip::Flow{in_node + static_cast<std::uint64_t>(entity)},
          .is_trusted = true};
}

// An entity's layer must name an address for the transport of the way between neighbours, even when
// the node does not listen there.
sip::LocalAddresses with_tcp(sip::LocalAddresses addresses) {
  if (!addresses.tcp) addresses.tcp = addresses.udp ? addresses.udp : addresses.tls;
  return addresses;
}

sip::UserAgentSettings focus_agent(const ServerSettings& settings,
                                   const sip::Destination& registrar) {
  auto agent = settings.controlling;
  if (agent.layer.branch_mark.empty()) agent.layer.branch_mark = "cf";
  if (settings.registrar) agent.outbound = registrar;
  return agent;
}

}  // namespace

ServerNode::ServerNode(ServerSettings settings, Surroundings surroundings, msrp::BodyStore& bodies)
    : settings_{std::move(settings)},
      surroundings_{surroundings},
      links_{settings_.links, surroundings},
      bodies_{bodies},
      controlling_{settings_.policy, focus_agent(settings_, to_neighbour(Entity::registrar)),
                   settings_.media, surroundings, bodies} {}

void ServerNode::start(const Addresses& addresses, TimePoint now, Effects& out) {
  addresses_ = addresses;
  if (settings_.participating) {
    if (settings_.registrar) {
      const auto core = with_tcp(addresses.sip);
      settings_.participating->deferral.push_route = registrar::to_client_route(core);
      settings_.participating->deferral.report_route = registrar::to_user_route(core);
    }
    participating_.emplace(*settings_.participating, surroundings_, bodies_);
    participating_->start(with_tcp(addresses.sip), addresses.participating_msrp,
                          addresses.participating_msrps);
    participating_->load_preferences(std::exchange(preferences_, {}));
    participating_->restore(std::exchange(deferred_, {}), now);
    if (addresses.participating_msrp)
      inner_.listen({addresses.msrp, *addresses.participating_msrp});
  }
  if (settings_.registrar) {
    auto own = *settings_.registrar;
    own.layer.branch_mark = "rg";
    own.layer.addresses = with_tcp(addresses.sip);
    own.services_at = to_neighbour(Entity::controlling);
    if (participating_)
      own.participating = {.uri = participating_->uri(),
                           .at = to_neighbour(Entity::participating),
                           .user_mark = std::string{participating::deferral_mark}};
    registrar_.emplace(std::move(own), surroundings_);
  }
  controlling::Output output;
  controlling_.start({.sip = settings_.registrar ? with_tcp(addresses.sip) : addresses.sip,
                      .msrp = addresses.msrp,
                      .msrps = addresses.msrps},
                     now, output);
  controlling_.restore(std::exchange(restored_, {}), now, output);
  perform(std::move(output), now, out);
}

template <class Call>
void ServerNode::tell_participating(Call call, TimePoint now, Effects& out) {
  if (!participating_) return;
  participating::Output output;
  call(*participating_, output);
  perform(std::move(output), now, out);
}

// ---- From the network. ----

void ServerNode::arrived(SipLinks::Input input, TimePoint now, Effects& out) {
  for (auto& [message, source] : input.messages) {
    if (!source.is_trusted) cpm::strip_assertions(message);  // RFC 3325 5
    const auto to = receiver_of(message);
    deliver(to, std::move(message), source, now, out);
  }
  for (const auto& destination : input.failed) {
    controlling::Output output;
    controlling_.transport_failed(destination, now, output);
    perform(std::move(output), now, out);
    tell_participating(
        [&](auto& function, auto& told) { function.transport_failed(destination, now, told); }, now,
        out);
    if (!registrar_) continue;
    registrar::Output from_registrar;
    registrar_->transport_failed(destination, now, from_registrar);
    perform(std::move(from_registrar), now, out);
  }
}

// Responses go to whose branch they carry; requests through the registrar, which knows who asks, or
// to the Participating Function that their Route names, or straight to the focus.
ServerNode::Entity ServerNode::receiver_of(const sip::Message& message) const {
  if (message.is_request()) {
    if (registrar_) return Entity::registrar;
    return participating_ && participating_->is_for_us(message) ? Entity::participating
                                                                : Entity::controlling;
  }
  const auto via = sip::parse_via(
      message.header(sip::Name::via).substr(0, message.header(sip::Name::via).find(',')));
  if (via && registrar_ && registrar_->owns_branch(via->branch())) return Entity::registrar;
  if (via && participating_ && participating_->owns_branch(via->branch()))
    return Entity::participating;
  return Entity::controlling;
}

void ServerNode::deliver(Entity to, sip::Message message, const sip::Source& source, TimePoint now,
                         Effects& out) {
  switch (to) {
    case Entity::registrar: {
      registrar::Output output;
      registrar_->receive(std::move(message), source, now, output);
      return perform(std::move(output), now, out);
    }
    case Entity::participating: {
      participating::Output output;
      participating_->receive(std::move(message), source, now, output);
      return perform(std::move(output), now, out);
    }
    case Entity::controlling: {
      controlling::Output output;
      controlling_.receive(std::move(message), source, now, output);
      return perform(std::move(output), now, out);
    }
  }
}

void ServerNode::datagram(const sip::HostPort& remote, std::string octets, TimePoint now,
                          Effects& out) {
  SipLinks::Input input;
  links_.datagram(remote, std::move(octets), now, input, out);
  arrived(std::move(input), now, out);
}

void ServerNode::sip_unreachable(const sip::HostPort& remote, TimePoint now, Effects& out) {
  SipLinks::Input input;
  links_.unreachable(remote, input);
  arrived(std::move(input), now, out);
}

void ServerNode::stream_accepted(sip::Flow flow, sip::Transport transport,
                                 const sip::HostPort& remote, TimePoint now, Effects& out) {
  links_.accepted(flow, transport, remote, now, out);
}

void ServerNode::stream_opened(sip::Flow flow, TimePoint now, Effects&) {
  links_.opened(flow, now);
}

void ServerNode::stream_received(sip::Flow flow, std::string_view octets, TimePoint now,
                                 Effects& out) {
  SipLinks::Input input;
  links_.received(flow, octets, now, input, out);
  arrived(std::move(input), now, out);
}

void ServerNode::stream_closed(sip::Flow flow, TimePoint now, Effects& out) {
  SipLinks::Input input;
  links_.closed(flow, input);
  arrived(std::move(input), now, out);
}

// ---- To the network, or to the neighbour. ----

bool ServerNode::is_here(const sip::Destination& destination) const {
  if (destination.flow) return false;
  const auto& own = addresses_.sip;
  const auto port = destination.address.port ? destination.address.port : std::uint16_t{5060};
  return std::ranges::any_of(std::array{&own.udp, &own.tcp, &own.tls}, [&](const auto* address) {
    return *address && iequals((*address)->host, destination.address.host) &&
           (*address)->port == port;
  });
}

std::optional<ServerNode::Entity> ServerNode::neighbour(const sip::Destination& destination) const {
  if (!destination.flow || destination.flow->value < in_node) return std::nullopt;
  return static_cast<Entity>(destination.flow->value - in_node);
}

void ServerNode::send(sip::Send send, Entity from, TimePoint now, Effects& out) {
  auto to = neighbour(send.destination);
  if (!to && (registrar_ || participating_) && is_here(send.destination)) {
    to = receiver_of(send.message);
    if (to == from) to = Entity::controlling;  // the registrar routes to a focus by its address
  }
  if (to) {
    handed_over_.push_back({.from = from, .to = *to, .message = std::move(send.message)});
    return;
  }
  links_.send(send.message, send.destination, now, out);
}

void ServerNode::perform(controlling::Output output, TimePoint now, Effects& out) {
  for (auto& one : output.sends) send(std::move(one), Entity::controlling, now, out);
  for (auto& effect : output.msrp)
    if (!inner_.take(effect))
      std::visit([&](auto& what) { out.emplace_back(std::move(what)); }, effect);
  for (auto& store : output.stores)
    std::visit([&](auto& what) { out.emplace_back(std::move(what)); }, store);
  for (auto& one : output.fetches) out.emplace_back(std::move(one));
  deliver_handed_over(now, out);
  inner_.run(*this, bodies_, now, out);
}

void ServerNode::perform(registrar::Output output, TimePoint now, Effects& out) {
  for (auto& one : output.sends) send(std::move(one), Entity::registrar, now, out);
  for (const auto& user : output.registered) {
    tell_participating([&](auto& function, auto& told) { function.registered(user, now, told); },
                       now, out);
  }
  deliver_handed_over(now, out);
}

void ServerNode::perform(participating::Output output, TimePoint now, Effects& out) {
  for (auto& one : output.sends) send(std::move(one), Entity::participating, now, out);
  for (auto& one : output.asks) out.emplace_back(std::move(one));
  for (auto& deferral : output.deferrals)
    std::visit([&](auto& what) { out.emplace_back(std::move(what)); }, deferral);
  for (auto& effect : output.msrp) {
    std::visit([](auto& what) { what.connection.value |= of_participating; }, effect);
    if (!inner_.take(effect))
      std::visit([&](auto& what) { out.emplace_back(std::move(what)); }, effect);
  }
  deliver_handed_over(now, out);
  inner_.run(*this, bodies_, now, out);
}

// One after the other: what a delivery causes waits for its turn.
void ServerNode::deliver_handed_over(TimePoint now, Effects& out) {
  if (std::exchange(is_delivering_, true)) return;
  while (!handed_over_.empty()) {
    auto [from, to, message] = std::move(handed_over_.front());
    handed_over_.pop_front();
    deliver(to, std::move(message), from_neighbour(from), now, out);
  }
  is_delivering_ = false;
}

// ---- The durable state. ----

void ServerNode::stored(controlling::StoreId id, bool is_stored, TimePoint now, Effects& out) {
  controlling::Output output;
  controlling_.stored(id, is_stored, now, output);
  perform(std::move(output), now, out);
}

// ---- The message store: the Participating Function's. ----

void ServerNode::store_kept(store::RequestId id, TimePoint now, Effects& out) {
  tell_participating([&](auto& function, auto& told) { function.store_kept(id, now, told); }, now,
                     out);
}

void ServerNode::store_answered(store::RequestId id, const store::Answer& answer, TimePoint now,
                                Effects& out) {
  tell_participating(
      [&](auto& function, auto& told) { function.store_answered(id, answer, now, told); }, now,
      out);
}

// ---- Group documents. ----

void ServerNode::document_fetched(controlling::DocumentId id,
                                  const controlling::FetchedDocument& document, TimePoint now,
                                  Effects& out) {
  controlling::Output output;
  controlling_.document_fetched(id, document, now, output);
  perform(std::move(output), now, out);
}

void ServerNode::load_groups(std::vector<groups::GroupDocument> documents) {
  controlling_.load_groups(std::move(documents));
}

// ---- Deferred messages. ----

void ServerNode::deferred(participating::DeferralId id, bool is_stored, TimePoint now,
                          Effects& out) {
  tell_participating(
      [&](auto& function, auto& told) { function.deferred(id, is_stored, now, told); }, now, out);
}

void ServerNode::deferred_fetched(participating::DeferralId id,
                                  const Result<participating::DeferredMessage>& message,
                                  TimePoint now, Effects& out) {
  tell_participating(
      [&](auto& function, auto& told) { function.deferred_fetched(id, message, now, told); }, now,
      out);
}

// ---- User preferences. ----

void ServerNode::load_preferences(std::vector<participating::UserPreferences> documents) {
  if (participating_) return participating_->load_preferences(std::move(documents));
  preferences_ = std::move(documents);
}

// ---- Time. ----

void ServerNode::wake(TimePoint now, Effects& out) {
  SipLinks::Input input;
  links_.wake(now, input, out);
  arrived(std::move(input), now, out);

  controlling::Output output;
  controlling_.wake(now, output);
  perform(std::move(output), now, out);
  tell_participating([&](auto& function, auto& told) { function.wake(now, told); }, now, out);
  inner_.run(*this, bodies_, now, out);
  if (!registrar_) return;
  registrar::Output from_registrar;
  registrar_->wake(now, from_registrar);
  perform(std::move(from_registrar), now, out);
}

Deadline ServerNode::deadline() const {
  auto first = earliest(links_.deadline(), controlling_.deadline());
  first = earliest(first, inner_.deadline());
  if (participating_) first = earliest(first, participating_->deadline());
  return registrar_ ? earliest(first, registrar_->deadline()) : first;
}

ServerNode::Snapshot ServerNode::snapshot() const {
  return {.controlling = controlling_.snapshot(),
          .registered_users = registrar_ ? registrar_->users() : 0,
          .registrar_transactions = registrar_ ? registrar_->transactions() : 0,
          .streams = links_.streams(),
          .participating = participating_ ? participating_->snapshot()
                                          : participating::ParticipatingFunction::Snapshot{}};
}

}  // namespace convene::node
