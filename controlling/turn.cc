#include "controlling/turn.h"

#include <utility>

#include "cpm/identity.h"

namespace convene::controlling {

void send_invite(Turn& turn, sip::Message invite, Owner owner,
                 std::optional<sip::RequestId>& request) {
  request = turn.agent.request(std::move(invite), turn.now, turn.sip);
  turn.tables.requests.emplace(*request, owner);
}

std::optional<sip::DialogId> accept(Turn& turn, sip::ServerTransactionId transaction,
                                    sip::Message response, Owner owner) {
  turn.tables.invites.erase(transaction);
  const auto dialog = turn.agent.respond(transaction, std::move(response), turn.now, turn.sip);
  if (dialog) turn.tables.dialogs.insert_or_assign(*dialog, owner);
  return dialog;
}

void refuse(Turn& turn, sip::ServerTransactionId transaction, const sip::Message& request,
            const cpm::Refusal& refusal) {
  const auto originator = cpm::authenticated_originator(request);
  turn.world.log.info(
      "controlling", refusal.detail.empty() ? "refused" : refusal.detail,
      {{"status", std::to_string(refusal.status)},
       {"method", request.method()},
       {"contribution", request.header(sip::Name::contribution_id)},
       {"call_id", request.header(sip::Name::call_id)},
       {"who", originator ? masked(sip::to_text(originator->uri)) : std::string{}}});
  auto response = turn.agent.respond_to(request, refusal.status);
  cpm::write_warning(response, refusal, turn.policy.group.focus_host);
  if (refusal.status == 503) {
    response.set(sip::Name::retry_after, std::to_string(turn.policy.retry_after.count()));
  }
  if (refusal.status == 405) response.set(sip::Name::allow, allowed_methods);
  turn.tables.invites.erase(transaction);
  turn.agent.respond(transaction, std::move(response), turn.now, turn.sip);
}

cpm::Refusal within(std::string_view section, cpm::Refusal refusal) {
  refusal.detail = std::string{section} + ": " + refusal.detail;
  return refusal;
}

msrp::SessionKey open_session(Turn& turn, msrp::SessionSettings settings, Owner owner) {
  const auto session = turn.media.open(std::move(settings), turn.now, turn.msrp);
  turn.tables.sessions.emplace(session, owner);
  return session;
}

void close_session(Turn& turn, std::optional<msrp::SessionKey>& session) {
  if (!session) return;
  turn.tables.sessions.erase(*session);
  turn.media.close(*session, turn.now, turn.msrp);
  session.reset();
}

void hang_up(Turn& turn, std::optional<sip::DialogId>& dialog, std::string_view reason) {
  if (!dialog) return;
  std::vector<std::pair<sip::Name, std::string>> headers;
  if (!reason.empty()) headers.emplace_back(sip::Name::reason, reason);
  turn.tables.dialogs.erase(*dialog);
  turn.agent.bye(*dialog, headers, turn.now, turn.sip);
  dialog.reset();
}

void cancel_invite(Turn& turn, std::optional<sip::RequestId>& request) {
  if (!request) return;
  turn.tables.requests.erase(*request);
  turn.agent.cancel(*request, turn.now, turn.sip);
  request.reset();
}

void hang_up_and_close(Turn& turn, std::optional<sip::DialogId>& dialog,
                       std::optional<msrp::SessionKey>& session, std::string_view reason) {
  if (!dialog) return close_session(turn, session);
  if (const auto open = std::exchange(session, std::nullopt)) {
    turn.tables.sessions.erase(*open);
    turn.tables.closing.emplace(*dialog, *open);
  }
  hang_up(turn, dialog, reason);
}

void hung_up(Turn& turn, sip::DialogId dialog) {
  const auto found = turn.tables.closing.find(dialog);
  if (found == turn.tables.closing.end()) return;
  turn.media.close(found->second, turn.now, turn.msrp);
  turn.tables.closing.erase(found);
}

}  // namespace convene::controlling
