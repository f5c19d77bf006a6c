#include "controlling/controlling_function.h"

#include "controlling/conference_factory.h"
#include "controlling/controlling_function_impl.h"
#include "controlling/predefined_group.h"
#include "cpm/identity.h"

namespace convene::controlling {

ControllingFunction::Impl::Impl(Policy policy, sip::UserAgentSettings settings,
                                msrp::EndpointSettings media, Surroundings surroundings,
                                msrp::BodyStore& bodies)
    : policy_{std::move(policy)},
      settings_{std::move(settings)},
      world_{surroundings},
      bodies_{bodies},
      media_{media, surroundings, bodies} {
  if (settings_.allow.empty()) settings_.allow = allowed_methods;
  settings_.hold_bye = policy_.state.is_durable;
  settings_.supported.emplace_back("recipient-list-message");  // RFC 5365
}

void ControllingFunction::Impl::start(const Addresses& addresses) {
  addresses_ = addresses;
  settings_.layer.addresses = addresses.sip;
  agent_.emplace(settings_, world_);
}

bool ControllingFunction::Impl::is_for_us(const sip::Message& request) const {
  const auto uri = sip::parse_uri(request.uri());
  if (!uri || !uri->is_sip()) return false;
  const auto ours = sip::parse_host_port(policy_.group.focus_host);
  const bool is_at_our_host = ours && uri->host == ours->host && uri->port == ours->port;
  return is_at_our_host || factory_of(request.uri(), policy_.group) != nullptr ||
         is_group_address(request.uri(), policy_.group);
}

// RFC 3325 6: what an untrusted peer asserts is worth nothing.
void ControllingFunction::Impl::strip_unless_trusted(sip::Message& message,
                                                     const sip::Source& source) const {
  if (!source.is_trusted) cpm::strip_assertions(message);
}

Turn ControllingFunction::Impl::turn(TimePoint now, sip::UserAgentOutput& sip, msrp::Output& msrp) {
  return {.policy = policy_,
          .world = world_,
          .addresses = addresses_,
          .agent = *agent_,
          .media = media_,
          .bodies = bodies_,
          .tables = tables_,
          .queue = queue_,
          .kept_files = kept_files_,
          .now = now,
          .sip = sip,
          .msrp = msrp,
          .notices = notices_,
          .stores = stores_,
          .fetches = fetches_};
}

void ControllingFunction::Impl::run(TimePoint now, sip::UserAgentOutput& sip, msrp::Output& msrp,
                                    Output& out) {
  auto turn = this->turn(now, sip, msrp);
  while (step(turn)) {
  }
  std::ranges::move(sip.sends, std::back_inserter(out.sends));
  std::ranges::move(msrp.effects, std::back_inserter(out.msrp));
  std::ranges::move(std::exchange(stores_, {}), std::back_inserter(out.stores));
  sweep(out);
  std::ranges::move(std::exchange(fetches_, {}), std::back_inserter(out.fetches));
}

bool ControllingFunction::Impl::step(Turn& turn) {
  if (!turn.sip.events.empty()) {
    auto events = std::exchange(turn.sip.events, {});
    for (auto& event : events) handle(turn, event);
    return true;
  }
  if (!turn.sip.hung_up.empty()) {
    for (const auto dialog : std::exchange(turn.sip.hung_up, {})) hung_up(turn, dialog);
    return true;
  }
  if (!turn.msrp.events.empty()) {
    const auto events = std::exchange(turn.msrp.events, {});
    for (const auto& event : events) handle(turn, event);
    return true;
  }
  if (!notices_.empty()) {
    const auto notices = std::exchange(notices_, {});
    for (const auto& notice : notices) handle(turn, notice);
    return true;
  }
  if (const auto leg = queue_.next(policy_.file_transfer.max_running_per_participant)) {
    if (auto* one = transfer(leg->transfer)) one->may_begin(turn, leg->leg);
    return true;
  }
  return keep_states(turn);
}

bool ControllingFunction::Impl::keep_states(Turn& turn) {
  bool has_answered = false;
  for (const auto id : touched_groups_) {
    const auto found = groups_.find(id);
    if (found != groups_.end()) has_answered |= found->second.keep_state(turn);
  }
  return has_answered;
}

void ControllingFunction::Impl::wake(TimePoint now, Output& out) {
  if (!agent_) return;
  sip::UserAgentOutput sip;
  msrp::Output msrp;
  agent_->wake(now, sip);
  media_.wake(now, msrp);
  kept_files_.forget(now, bodies_);
  run(now, sip, msrp, out);
  for (const auto id : documents_.overdue(now)) {
    document_fetched(id, {.why = "no answer in time"}, now, out);
  }

  while (const auto id = group_deadlines_.due(now)) {
    auto turn = this->turn(now, sip, msrp);
    group(*id)->wake(turn);
    run(now, sip, msrp, out);
  }
  while (const auto id = transfer_deadlines_.due(now)) {
    auto turn = this->turn(now, sip, msrp);
    transfer(*id)->wake(turn);
    run(now, sip, msrp, out);
  }
}

void ControllingFunction::Impl::document_fetched(DocumentId id, const FetchedDocument& document,
                                                 TimePoint now, Output& out) {
  sip::UserAgentOutput sip;
  msrp::Output msrp;
  auto turn = this->turn(now, sip, msrp);
  document_fetched(turn, id, document);
  run(now, sip, msrp, out);
}

Deadline ControllingFunction::Impl::deadline() const {
  const auto ours = earliest(earliest(group_deadlines_.earliest(), documents_.deadline()),
                             transfer_deadlines_.earliest());
  const auto sip = agent_ ? agent_->deadline() : Deadline{};
  return earliest(earliest(ours, kept_files_.deadline()), earliest(sip, media_.deadline()));
}

void ControllingFunction::Impl::sweep(Output& out) {
  for (const auto id : std::exchange(touched_groups_, {})) {
    const auto found = groups_.find(id);
    if (found == groups_.end()) continue;
    const auto& group = found->second;
    group_deadlines_.set(id, group.is_over() ? Deadline{} : group.deadline());
    if (!group.is_over()) continue;
    const auto& ids = group.profile().invitation.ids;
    const auto by_ids = by_ids_.find({ids.conversation, ids.contribution});
    if (by_ids != by_ids_.end() && by_ids->second == id) by_ids_.erase(by_ids);
    by_focus_.erase(sip::address_of_record(group.profile().focus));
    if (group.was_stored()) out.stores.emplace_back(ForgetGroup{group.profile().focus});
    std::erase_if(by_address_, [id](const auto& entry) { return entry.second == id; });
    groups_.erase(found);
  }
  for (const auto id : std::exchange(touched_transfers_, {})) {
    const auto found = transfers_.find(id);
    if (found == transfers_.end()) continue;
    const auto& transfer = found->second;
    transfer_deadlines_.set(id, transfer.is_over() ? Deadline{} : transfer.deadline());
    if (!transfer.is_over()) continue;
    auto& of_group = transfers_of_[transfer.group()];
    of_group.erase(id);
    if (of_group.empty()) transfers_of_.erase(transfer.group());
    transfers_.erase(found);
  }
}

GroupSession* ControllingFunction::Impl::group(GroupId id) {
  const auto found = groups_.find(id);
  if (found == groups_.end()) return nullptr;
  touched_groups_.insert(id);
  return &found->second;
}

GroupSession* ControllingFunction::Impl::group_at(std::string_view uri) {
  const auto found = by_focus_.find(sip::address_of_record(uri));
  return found == by_focus_.end() ? nullptr : group(found->second);
}

FileTransfer* ControllingFunction::Impl::transfer(TransferId id) {
  const auto found = transfers_.find(id);
  if (found == transfers_.end()) return nullptr;
  touched_transfers_.insert(id);
  return &found->second;
}

Snapshot ControllingFunction::Impl::snapshot() const {
  Snapshot snapshot{.groups = {}, .transfers = {}};
  for (const auto& [id, group] : groups_) snapshot.groups.push_back(group.view());
  for (const auto& [id, transfer] : transfers_) snapshot.transfers.push_back(transfer.view());
  snapshot.dialogs = agent_ ? agent_->dialogs() : 0;
  snapshot.transactions = agent_ ? agent_->transactions() : 0;
  snapshot.msrp_sessions = media_.sessions();
  snapshot.msrp_connections = media_.connections();
  snapshot.kept_files = kept_files_.size();
  snapshot.bodies = bodies_.bodies() - snapshot.kept_files;
  snapshot.pending = tables_.size();
  snapshot.next_alarm = deadline();
  return snapshot;
}

ControllingFunction::ControllingFunction(Policy policy, sip::UserAgentSettings settings,
                                         msrp::EndpointSettings media, Surroundings surroundings,
                                         msrp::BodyStore& bodies)
    : impl_{std::make_unique<Impl>(std::move(policy), std::move(settings), media, surroundings,
                                   bodies)} {}
ControllingFunction::~ControllingFunction() = default;
ControllingFunction::ControllingFunction(ControllingFunction&&) noexcept = default;

void ControllingFunction::start(const Addresses& addresses, TimePoint, Output&) {
  impl_->start(addresses);
}

void ControllingFunction::restore(std::vector<GroupRecord> groups, TimePoint now, Output& out) {
  impl_->restore(std::move(groups), now, out);
}

void ControllingFunction::stored(StoreId id, bool is_stored, TimePoint now, Output& out) {
  impl_->stored(id, is_stored, now, out);
}

void ControllingFunction::load_groups(std::vector<groups::GroupDocument> documents) {
  impl_->load_groups(std::move(documents));
}

void ControllingFunction::document_fetched(DocumentId id, const FetchedDocument& document,
                                           TimePoint now, Output& out) {
  impl_->document_fetched(id, document, now, out);
}

bool ControllingFunction::is_for_us(const sip::Message& request) const {
  return impl_->is_for_us(request);
}

bool ControllingFunction::owns_branch(std::string_view branch) const {
  return impl_->owns_branch(branch);
}

void ControllingFunction::receive(sip::Message message, const sip::Source& source, TimePoint now,
                                  Output& out) {
  impl_->strip_unless_trusted(message, source);
  impl_->perform(now, out, [&](auto& agent, auto&, auto& sip, auto&) {
    agent.receive(std::move(message), source, now, sip);
  });
}

void ControllingFunction::transport_failed(const sip::Destination& destination, TimePoint now,
                                           Output& out) {
  impl_->perform(now, out, [&](auto& agent, auto&, auto& sip, auto&) {
    agent.transport_failed(destination, now, sip);
  });
}

void ControllingFunction::msrp_accepted(msrp::ConnectionId connection, const msrp::Remote& remote,
                                        TimePoint now, Output& out) {
  impl_->perform(now, out, [&](auto&, auto& media, auto&, auto& msrp) {
    media.accepted(connection, remote, now, msrp);
  });
}

void ControllingFunction::msrp_connected(msrp::ConnectionId connection, const msrp::Remote& remote,
                                         TimePoint now, Output& out) {
  impl_->perform(now, out, [&](auto&, auto& media, auto&, auto& msrp) {
    media.connected(connection, remote, now, msrp);
  });
}

void ControllingFunction::msrp_closed(msrp::ConnectionId connection, TimePoint now, Output& out) {
  impl_->perform(now, out, [&](auto&, auto& media, auto&, auto& msrp) {
    media.closed(connection, now, msrp);
  });
}

std::span<std::byte> ControllingFunction::msrp_prepare(msrp::ConnectionId connection) {
  return impl_->media().prepare(connection);
}

void ControllingFunction::msrp_commit(msrp::ConnectionId connection, std::size_t count,
                                      TimePoint now, Output& out) {
  impl_->perform(now, out, [&](auto&, auto& media, auto&, auto& msrp) {
    media.commit(connection, count, now, msrp);
  });
}

void ControllingFunction::msrp_writable(msrp::ConnectionId connection, std::size_t budget,
                                        TimePoint now, Output& out) {
  impl_->perform(now, out, [&](auto&, auto& media, auto&, auto& msrp) {
    media.writable(connection, budget, now, msrp);
  });
}

void ControllingFunction::msrp_written(msrp::ConnectionId connection, TimePoint now, Output& out) {
  impl_->perform(now, out, [&](auto&, auto& media, auto&, auto& msrp) {
    media.written(connection, now, msrp);
  });
}

void ControllingFunction::wake(TimePoint now, Output& out) { impl_->wake(now, out); }
Deadline ControllingFunction::deadline() const { return impl_->deadline(); }
Snapshot ControllingFunction::snapshot() const { return impl_->snapshot(); }

}  // namespace convene::controlling
