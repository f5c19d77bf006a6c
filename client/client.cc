#include "client/client.h"

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "client/core.h"

namespace convene::client {

namespace {

constexpr std::size_t secret_octets = 32;

}  // namespace

Client::Client(Settings settings, Surroundings surroundings, msrp::BodyStore& bodies)
    : core_{std::make_unique<Core>(std::move(settings), surroundings, bodies)} {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;

void Client::start(const Addresses& addresses, TimePoint now, Output& out) {
  core_->start(addresses);
  if (core_->settings.relay) core_->register_at_relay(now, out);
}

void Client::Core::start(const Addresses& own) {
  addresses = own;
  if (settings.device_secret.empty()) {
    settings.device_secret = random_hex(surroundings.random, secret_octets);
  }
  agent.emplace(
      sip::UserAgentSettings{
          .layer = {.branch_mark = {},
                    .addresses = own.sip,
                    .timers = settings.timers,
                    .max_transactions = 10'000},
          .product = settings.product,
          .allow = std::string{allowed_methods},
          .credentials = settings.credentials,
          .outbound = settings.outbound,
          .supported = {"timer"},
          .max_dialogs = 4 * (settings.max_sessions + settings.max_transfers) + 100},
      surroundings);
}

void Client::receive(sip::Message message, const sip::Source& source, TimePoint now, Output& out) {
  sip::UserAgentOutput agent_output;
  core_->agent->receive(std::move(message), source, now, agent_output);
  core_->settle(std::move(agent_output), now, out);
}

void Client::transport_failed(const sip::Destination& destination, TimePoint now, Output& out) {
  sip::UserAgentOutput agent_output;
  core_->agent->transport_failed(destination, now, agent_output);
  core_->settle(std::move(agent_output), now, out);
  core_->connection_lost(destination, now);
}

bool Client::owns_branch(std::string_view branch) const {
  return core_->agent->owns_branch(branch);
}

void Client::msrp_accepted(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                           Output& out) {
  msrp::Output media_output;
  core_->endpoint.accepted(connection, remote, now, media_output);
  core_->settle(std::move(media_output), now, out);
}

void Client::msrp_connected(msrp::ConnectionId connection, const msrp::Remote& remote,
                            TimePoint now, Output& out) {
  msrp::Output media_output;
  core_->endpoint.connected(connection, remote, now, media_output);
  core_->settle(std::move(media_output), now, out);
}

void Client::msrp_closed(msrp::ConnectionId connection, TimePoint now, Output& out) {
  msrp::Output media_output;
  core_->endpoint.closed(connection, now, media_output);
  core_->settle(std::move(media_output), now, out);
}

std::span<std::byte> Client::msrp_prepare(msrp::ConnectionId connection) {
  return core_->endpoint.prepare(connection);
}

void Client::msrp_commit(msrp::ConnectionId connection, std::size_t count, TimePoint now,
                         Output& out) {
  msrp::Output media_output;
  core_->endpoint.commit(connection, count, now, media_output);
  core_->settle(std::move(media_output), now, out);
}

void Client::msrp_writable(msrp::ConnectionId connection, std::size_t budget, TimePoint now,
                           Output& out) {
  msrp::Output media_output;
  core_->endpoint.writable(connection, budget, now, media_output);
  core_->settle(std::move(media_output), now, out);
}

void Client::msrp_written(msrp::ConnectionId connection, TimePoint now, Output& out) {
  msrp::Output media_output;
  core_->endpoint.written(connection, now, media_output);
  core_->settle(std::move(media_output), now, out);
}

void Client::wake(TimePoint now, Output& out) { core_->wake(now, out); }
Deadline Client::deadline() const { return core_->deadline(); }

std::vector<GroupId> Client::sessions() const {
  std::vector<GroupId> ids;
  for (const auto& [id, group] : core_->sessions) ids.push_back(id);
  return ids;
}

std::optional<Session> Client::session(GroupId id) const {
  const auto* group = std::as_const(*core_).find(id);
  if (!group) return std::nullopt;
  return Session{.state = group->state,
                 .is_group = group->is_group,
                 .focus = group->focus,
                 .peer = group->is_group ? std::string{} : group->peer,
                 .subject = group->subject,
                 .ids = group->ids,
                 .capabilities = group->capabilities,
                 .roster = core_->roster(*group),
                 .can_send_chat = group->state == SessionState::active && group->is_bound};
}

std::vector<TransferId> Client::transfers() const {
  std::vector<TransferId> ids;
  for (const auto& [id, transfer] : core_->transfers) {
    if (transfer.state != TransferState::over) ids.push_back(id);
  }
  return ids;
}

std::optional<Transfer> Client::transfer(TransferId id) const {
  const auto* transfer = std::as_const(*core_).find(id);
  if (!transfer) return std::nullopt;
  return Transfer{.direction = transfer->direction,
                  .state = transfer->state,
                  .group = transfer->group,
                  .name = transfer->name,
                  .type = transfer->type,
                  .size = transfer->size,
                  .octets = transfer->octets,
                  .imdn_id = transfer->imdn_id};
}

bool Client::is_idle() const {
  return core_->requests.empty() && core_->offers.empty() && core_->agent->dialogs() == 0;
}

std::size_t Client::dialogs() const { return core_->agent->dialogs(); }
std::size_t Client::media_sessions() const { return core_->endpoint.sessions(); }
std::size_t Client::kept_files() const { return core_->begun_files.size(); }

}  // namespace convene::client
