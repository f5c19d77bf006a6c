#include <algorithm>
#include <utility>

#include "client/core.h"
#include "cpim/imdn_headers.h"
#include "cpm/file_transfer_offer.h"
#include "cpm/identity.h"

namespace convene::client {

void Client::Core::file_begins(TransferId id, const msrp::MessageBegun& event, TimePoint now,
                               Output& out) {
  auto* transfer = find(id);
  if (!transfer || !transfer->intake) return bodies.drop(event.body);
  transfer->incoming = event.message;
  const auto begun = transfer->intake->begin(event.body, event.content_type, event.total);
  if (!begun) file_is_wrong(id, event.message, begun.error(), now, out);
}

void Client::Core::file_grew(TransferId id, const msrp::MessageGrew& event, TimePoint now,
                             Output& out) {
  auto* transfer = find(id);
  if (!transfer || !transfer->intake) return;
  const auto taken = transfer->intake->grow(event.ready);
  if (!taken) return file_is_wrong(id, event.message, taken.error(), now, out);
  if (transfer->intake->octets() == transfer->octets) return;
  transfer->octets = transfer->intake->octets();
  if (transfer->is_known) return;
  out.events.emplace_back(FileProgress{id, transfer->octets, transfer->size});
}

void Client::Core::file_is_whole(TransferId id, const msrp::MessageReceived& event, TimePoint now,
                                 Output& out) {
  auto* transfer = find(id);
  if (!transfer || !transfer->intake || !transfer->intake->has_begun()) return;  // a binding SEND
  const auto file = transfer->intake->finish(event.total);
  if (!file) return file_is_wrong(id, event.message, file.error(), now, out);

  transfer->intake.reset();
  transfer->incoming.reset();
  transfer->state = TransferState::over;
  transfer->octets = transfer->size;
  if (const auto key = key_of_file(*transfer); !key.empty())
    seen_files.is_new(transfer->originator, key, max_seen);
  if (transfer->is_known)
    bodies.drop(*file);
  else
    out.events.emplace_back(FileReceived{.transfer = id,
                                         .body = *file,
                                         .size = transfer->size,
                                         .hash_was_checked = !transfer->sha1.empty()});
  msrp::Output media_output;
  endpoint.report_success(event.message, now, media_output);
  settle(std::move(media_output), now, out);
  report_on_file(id, imdn::Status::delivered, now, out);
  if (const auto* over = find(id)) file_is_over(over->session, now, out);
}

// Another size or hash than was offered: a lie, or a broken disk. Conversation 14.2
void Client::Core::file_is_wrong(TransferId id, msrp::IncomingId message, const Error& error,
                                 TimePoint now, Output& out) {
  const int status = error.fault == Fault::too_large || error.fault == Fault::closed ? 413 : 400;
  msrp::Output media_output;
  endpoint.report_failure(message, status, now, media_output);
  endpoint.refuse(message, now, media_output);
  settle(std::move(media_output), now, out);
  if (find(id)) report_on_file(id, imdn::Status::failed, now, out);
  fail_file(id, {.status = status, .reason = error.detail}, now, out);
}

// Conversation 11, 14.6: by SIP MESSAGE, if its wrapper asked for it. One that is about several
// files is reported on once, when none of them is still under way. Flow F3.14
void Client::Core::report_on_file(TransferId id, imdn::Status status, TimePoint now, Output& out) {
  auto& transfer = *find(id);
  auto* session = find(transfer.session);
  if (!session || !transfer.wrapper || !settings.services.store_and_forward) return;
  auto wrapper = *std::exchange(transfer.wrapper, std::nullopt);
  const auto imdn_id = cpim::imdn_message_id(wrapper);
  if (status == imdn::Status::failed) session->failed.push_back(imdn_id);
  const bool others_go_on = std::ranges::any_of(session->lines, [&](const auto& line) {
    if (line == id || !is_live(line)) return false;
    const auto& other = find(*line)->wrapper;
    return other && cpim::imdn_message_id(*other) == imdn_id;
  });
  if (others_go_on) return;
  const bool has_failed = std::ranges::find(session->failed, imdn_id) != session->failed.end();
  const auto from = cpim::from_of(wrapper);  // between two nobody has put in who sends
  if (from && cpm::is_anonymous(from->uri) && !session->from.address.empty()) {
    cpim::set_from(wrapper, {.display = {}, .uri = session->from.address});
  }
  const auto conversation = session->ids.conversation;
  report({}, wrapper, imdn::Disposition::delivery,
         has_failed ? imdn::Status::failed : imdn::Status::delivered, conversation, now, out);
}

}  // namespace convene::client
