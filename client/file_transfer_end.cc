#include <algorithm>
#include <string>
#include <utility>

#include "client/core.h"
#include "sip/fields.h"

namespace convene::client {

namespace {

const std::string cancelled = "cancelled";
constexpr Duration stop_patience{2'000};  // for the end of what was refused
constexpr Duration pull_patience{1'000};  // for our last answers to arrive before our BYE

}  // namespace

bool Client::Core::is_live(std::optional<TransferId> file) const {
  const auto* transfer = file ? find(*file) : nullptr;
  return transfer && transfer->state != TransferState::over;
}

bool Client::Core::has_live_files(const FileSession& session) const {
  return std::ranges::any_of(session.lines, [&](const auto& line) { return is_live(line); });
}

// One file of a session is over, and not whole. R4.3
void Client::Core::fail_file(TransferId id, Failure failure, TimePoint now, Output& out) {
  const auto* transfer = find(id);
  if (!transfer) return;
  const auto session_id = transfer->session;
  if (!is_live(id)) return;  // a whole file cannot fail any more; its session ends by itself
  const bool has_waited = transfer->state == TransferState::waiting;
  tell_failure(id, std::move(failure), now, out);

  auto* session = find(session_id);
  if (has_waited || !session) {
    if (session) std::erase(session->waiting, id);
    return forget_file(id, now, out);
  }
  if (!session->dialog) {
    session->offers_again = true;
    if (!has_live_files(*session)) end_files(session_id, now, out);
    return;
  }
  if (session->pending) return;  // the answer to come says what is left
  if (has_live_files(*session)) {
    // Conversation 14.7: the others go on; the m-line of this one is closed.
    if (!session->is_ours) return;
    session->offers_again = true;
    if (!session->invite) offer_again(session_id, now, out);
    return;
  }
  if (session->is_ours && !session->waiting.empty()) return file_is_over(session_id, now, out);
  end_files(session_id, now, out);
}

void Client::Core::tell_failure(TransferId id, Failure failure, TimePoint now, Output& out) {
  auto& transfer = *find(id);
  const bool is_sending = transfer.direction == TransferDirection::sending;
  const auto* session = find(transfer.session);
  const bool asked_in_vain = transfer.begun_body && (!session || session->is_ours);
  const bool is_kept =
      (failure.broke_off || failure.hung_up || asked_in_vain) && keep_begun(id, now);
  const bool may_be_sent_on = is_sending && failure.broke_off && transfer.octets > 0 &&
                              !transfer.sha1.empty() && transfer.octets < transfer.size;
  const bool was_running = transfer.state == TransferState::running;
  transfer.state = TransferState::over;
  transfer.intake.reset();
  transfer.incoming.reset();
  close(transfer.media, now, out);  // an open chunk ends with '#'. Flow F11.3
  if (transfer.is_known) return;
  out.events.emplace_back(FileFailed{.transfer = id,
                                     .status = failure.status,
                                     .reason = std::move(failure.reason),
                                     .octets = was_running ? transfer.octets : 0,
                                     .may_resume = is_kept || may_be_sent_on});
}

// CPM 7.4.1 (2): when none is under way any more there are further files (a, b), or the session is
// released (c, R4.2c).
void Client::Core::file_is_over(FileSessionId id, TimePoint now, Output& out) {
  auto* session = find(id);
  if (!session || session->pending || has_live_files(*session)) return;
  if (!session->is_ours) {
    session->hang_up = now + settings.bye_patience;
    return;
  }
  if (session->invite && session->dialog) return;  // its answer comes first
  if (offers_further_files(id, now, out)) return;
  const bool has_received = std::ranges::any_of(session->lines, [&](const auto& line) {
    return line && find(*line)->direction == TransferDirection::receiving;
  });
  if (!has_received) return end_files(id, now, out);
  session->hang_up = now + pull_patience;
}

// All of them, and those that wait for them.
void Client::Core::fail_files(FileSessionId id, const Failure& failure, TimePoint now,
                              Output& out) {
  auto* session = find(id);
  if (!session) return;
  auto files = session->waiting;
  for (const auto& line : session->lines) {
    if (line) files.push_back(*line);
  }
  std::ranges::sort(files);
  for (const auto file : files) {
    if (is_live(file)) tell_failure(file, failure, now, out);
  }
  end_files(id, now, out);
}

// CPM 7.4.3 CPM File Transfer Session Release: a BYE without Reason. It leaves no group.
void Client::Core::end_files(FileSessionId id, TimePoint now, Output& out) {
  auto node = file_sessions.extract(id);
  if (!node) return;
  auto& session = node.mapped();
  if (session.invite) requests.erase(*session.invite);
  if (session.invite && !session.dialog) {  // nobody has answered yet
    sip::UserAgentOutput agent_output;
    agent->cancel(*session.invite, now, agent_output);
    settle(std::move(agent_output), now, out);
  }
  if (session.pending) {
    answer(session.pending->transaction, session.pending->request, 480, now, out);
  }
  for (const auto& line : session.lines) {
    if (line) forget_file(*line, now, out);
  }
  for (const auto file : session.waiting) forget_file(file, now, out);
  if (session.dialog) bye(*session.dialog, {}, now, out);
}

void Client::Core::forget_file(TransferId id, TimePoint now, Output& out) {
  auto node = transfers.extract(id);
  if (!node) return;
  auto& transfer = node.mapped();
  if (auto* group = find(transfer.group)) std::erase(group->waiting_files, id);
  close(transfer.media, now, out);
  if (transfer.begun_body) bodies.drop(*transfer.begun_body);
}

// The other side hung up, or the dialog was lost.
void Client::Core::files_closed(FileSessionId id, const sip::DialogEnded& event, TimePoint now,
                                Output& out) {
  auto* session = find(id);
  if (!session) return;
  session->dialog.reset();
  Failure failure{.status = 0,
                  .reason = "the other side hung up",
                  .broke_off = !event.bye,
                  .hung_up = event.bye.has_value()};
  if (event.bye) {
    if (const auto reason = sip::parse_reason(event.bye->header(sip::Name::reason))) {
      failure.status = reason->cause;
      if (!reason->text.empty()) failure.reason = reason->text;
    }
  }
  fail_files(id, failure, now, out);
}

// RFC 5547 8.4, conversation 14.7: who receives says 413 to what still comes; that ends the file,
// and its sender hangs up. Flow F11.1
void Client::Core::stop_receiving(TransferId id, TimePoint now, Output& out) {
  auto& transfer = *find(id);
  msrp::Output media_output;
  endpoint.refuse(*std::exchange(transfer.incoming, std::nullopt), now, media_output);
  transfer.intake.reset();
  transfer.state = TransferState::over;
  out.events.emplace_back(FileFailed{id, 0, cancelled});
  if (auto* session = find(transfer.session); session && !has_live_files(*session)) {
    session->hang_up = now + stop_patience;
  }
  settle(std::move(media_output), now, out);
}

Result<> Client::cancel_file(TransferId id, TimePoint now, Output& out) {
  const auto* transfer = core_->find(id);
  if (!transfer) return fail(Fault::not_found, "no such transfer");
  if (!core_->is_live(id)) return fail(Fault::out_of_order, "it is over");
  if (transfer->incoming) {
    core_->stop_receiving(id, now, out);
    return {};
  }
  auto* session = core_->find(transfer->session);
  if (session && session->pending && transfer->state == TransferState::offered) {
    return decline_file(id, {}, now, out);
  }
  core_->fail_file(id, {.reason = cancelled}, now, out);
  return {};
}

}  // namespace convene::client
