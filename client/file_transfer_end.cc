#include <string>
#include <utility>

#include "client/core.h"
#include "sip/fields.h"

namespace convene::client {

namespace {

const std::string cancelled = "cancelled";
constexpr Duration stop_patience{2'000};  // for the end of what was refused

}  // namespace

// CPM 7.4.3 CPM File Transfer Session Release: a BYE without Reason. It leaves no group.
void Client::Core::end_transfer(TransferId id, TimePoint now, Output& out) {
  auto node = transfers.extract(id);
  if (!node) return;
  auto& transfer = node.mapped();
  if (auto* group = find(transfer.group)) std::erase(group->waiting_files, id);
  if (transfer.invite) {  // nobody has answered yet
    requests.erase(*transfer.invite);
    sip::UserAgentOutput agent_output;
    agent->cancel(*transfer.invite, now, agent_output);
    settle(std::move(agent_output), now, out);
  }
  if (transfer.pending) {
    answer(transfer.pending->transaction, transfer.pending->request, 480, now, out);
  }
  close(transfer.media, now, out);  // an open chunk ends with '#'. Flow F11.3
  if (transfer.dialog) bye(*transfer.dialog, {}, now, out);
}

void Client::Core::fail_transfer(TransferId id, int status, std::string reason, TimePoint now,
                                 Output& out) {
  const auto* transfer = find(id);
  if (!transfer) return;
  const bool is_news = transfer->state != TransferState::over;  // a whole file cannot fail any more
  end_transfer(id, now, out);
  if (is_news) out.events.emplace_back(FileFailed{id, status, std::move(reason)});  // R4.3
}

// The other side hung up, or the dialog was lost.
void Client::Core::transfer_closed(TransferId id, const sip::DialogEnded& event, TimePoint now,
                                   Output& out) {
  auto* transfer = find(id);
  if (!transfer) return;
  transfer->dialog.reset();
  int status = 0;
  std::string why = "the other side hung up";
  if (event.bye) {
    if (const auto reason = sip::parse_reason(event.bye->header(sip::Name::reason))) {
      status = reason->cause;
      if (!reason->text.empty()) why = reason->text;
    }
  }
  fail_transfer(id, status, std::move(why), now, out);
}

// RFC 5547 8.4, conversation 14.7: who receives says 413 to what still comes; that ends the file,
// and its sender hangs up. Flow F11.1
void Client::Core::stop_receiving(TransferId id, TimePoint now, Output& out) {
  auto& transfer = *find(id);
  msrp::Output media_output;
  endpoint.refuse(*std::exchange(transfer.incoming, std::nullopt), now, media_output);
  transfer.intake.reset();
  transfer.state = TransferState::over;
  transfer.hang_up = now + stop_patience;
  settle(std::move(media_output), now, out);
  out.events.emplace_back(FileFailed{id, 0, cancelled});
}

Result<> Client::cancel_file(TransferId id, TimePoint now, Output& out) {
  const auto* transfer = core_->find(id);
  if (!transfer) return fail(Fault::not_found, "no such transfer");
  if (transfer->incoming)
    core_->stop_receiving(id, now, out);
  else
    core_->fail_transfer(id, 0, cancelled, now, out);
  return {};
}

}  // namespace convene::client
