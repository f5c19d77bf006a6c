#include <utility>

#include "client/core.h"
#include "cpm/identity.h"
#include "mime/content_type.h"

namespace convene::client {

// Conversation 14.3: the file's own octets, or a CPIM message around them, as the receiver said.
Result<> Client::Core::plan_sending(FileTransfer& transfer) const {
  const auto& theirs = *transfer.theirs;
  const auto type = TRY(mime::parse_content_type(transfer.type)).type;
  const auto form = cpm::file_form(theirs.accept_types, type);
  if (!form) return fail(Fault::unsupported, "an answer that we cannot serve");
  transfer.prefix_octets = 0;
  if (*form == cpm::FileForm::cpim) {
    const cpim::Address nobody{.uri = std::string{cpm::anonymous_uri}};
    transfer.prefix_octets = cpm::file_prefix(nobody, nobody, selector_of(*transfer.file)).size();
  }
  const auto total = transfer.prefix_octets + transfer.size - transfer.begun;
  if (theirs.max_size && total > *theirs.max_size) {
    return fail(Fault::too_large, "larger than the other side takes");
  }
  return {};
}

// One file is one MSRP message (RFC 5547 8.7), and so is what is missing of one.
void Client::Core::send_octets(TransferId id, TimePoint now, Output& out) {
  auto& transfer = *find(id);
  msrp::OutgoingMessage message{.message_id = {},
                                .content_type = transfer.type,
                                .prefix = {},
                                .octets = {},
                                .body = transfer.file->body,
                                .body_offset = transfer.begun,
                                .lane = msrp::OutgoingMessage::Lane::file};
  if (transfer.prefix_octets > 0) {
    const cpim::Address nobody{.uri = std::string{cpm::anonymous_uri}};
    message.content_type = "message/cpim";
    message.prefix = cpm::file_prefix(nobody, nobody, selector_of(*transfer.file));
  }
  message.total = transfer.prefix_octets + transfer.size - transfer.begun;
  transfer.octets = transfer.begun;

  const auto key = open({.ours = transfer.ours,
                         .theirs = *transfer.theirs,
                         .setup = transfer.setup,
                         .receive = {.max_octets = 0, .expected_octets = {}},
                         .max_chunk = settings.max_chunk},
                        id, now, out);
  transfer.media = key;
  msrp::Output media_output;
  endpoint.send(key, std::move(message), now, media_output);
  endpoint.body_grew(transfer.file->body, transfer.size, now, media_output);
  settle(std::move(media_output), now, out);
}

void Client::Core::open_file(TransferId id, TimePoint now, Output& out) {
  auto& transfer = *find(id);
  if (transfer.direction == TransferDirection::sending) return send_octets(id, now, out);
  std::optional<FileIntake::Begun> begun;
  if (const auto body = std::exchange(transfer.begun_body, std::nullopt)) {
    begun = FileIntake::Begun{.body = *body, .octets = transfer.begun};
  }
  transfer.octets = transfer.begun;
  transfer.intake = std::make_unique<FileIntake>(
      bodies,
      FileIntake::Expected{.type = transfer.type, .size = transfer.size, .sha1 = transfer.sha1},
      begun);
  transfer.media =
      open({.ours = transfer.ours,
            .theirs = *transfer.theirs,
            .setup = transfer.setup,
            .receive = {.into = msrp::Receive::Into::body,
                        .max_octets = transfer.size - transfer.begun + cpm::max_wrapper_octets,
                        .expected_octets = {}},
            .max_chunk = settings.max_chunk},
           id, now, out);
}

// CPM 7.4.1 (2): the last octet was answered.
void Client::Core::file_sent(TransferId id, TimePoint now, Output& out) {
  auto* transfer = find(id);
  if (!transfer || transfer->direction != TransferDirection::sending) return;
  if (transfer->state == TransferState::over) return;
  transfer->octets = transfer->size;
  transfer->state = TransferState::over;
  out.events.emplace_back(FileSent{id, transfer->imdn_id});
  file_is_over(transfer->session, now, out);
}

}  // namespace convene::client
