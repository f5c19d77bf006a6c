#include <utility>

#include "base/base64.h"
#include "base/random.h"
#include "client/core.h"
#include "cpim/imdn_headers.h"
#include "cpm/identity.h"
#include "cpm/service.h"
#include "mime/content_type.h"
#include "mime/part.h"
#include "sip/fields.h"
#include "sip/name_addr.h"

namespace convene::client {

using sip::Name;

namespace {

bool is_icon_type(std::string_view type) { return type == "image/jpeg" || type == "image/png"; }

mime::Part icon_part(const Thumbnail& thumbnail, std::string_view content_id) {
  return {.headers = {{"Content-Type", thumbnail.type},
                      {"Content-Transfer-Encoding", "base64"},
                      {"Content-ID", "<" + std::string{content_id} + ">"},
                      {"Content-Disposition", "icon"}},
          .body = to_base64(thumbnail.octets)};
}

sdp::FileSelector selector_of(const FileToSend& file) {
  sdp::FileSelector selector{.name = file.name, .size = file.size, .type = file.type};
  if (!file.sha1.empty()) selector.hashes = {{.algorithm = "sha-1", .octets = file.sha1}};
  return selector;
}

}  // namespace

// CPM 7.4.1 CPM File Transfer Session Initiation, before any signalling.
Result<> Client::Core::can_send(const FileToSend& file) const {
  TRY(can_offer());
  // (1) f, R4.1f
  if (file.size > settings.max_file_size) {
    return fail(Fault::too_large, "larger than the Max File Transfer Size");
  }
  // (1) d i, R4.1d.i: a file that is pushed has a name, a size and a type.
  if (file.name.empty() || file.name.find('\0') != std::string::npos) {
    return fail(Fault::malformed, "a file needs a name");
  }
  TRY(mime::parse_content_type(file.type));
  if (file.size == 0) return fail(Fault::unsupported, "an empty file");
  if (!file.sha1.empty() && file.sha1.size() != 20) return fail(Fault::malformed, "no SHA-1");
  return {};
}

// CPM 7.4.1 (1) a-h, RFC 5547 8.1. What the other side cannot do is not offered (R4.7d).
void Client::Core::write_offer(FileTransfer& transfer, const cpm::Capabilities& theirs,
                               TimePoint now) {
  const auto& file = *transfer.file;
  cpm::FileMedia line{.media = new_media(offered_setup()), .file = {}};
  const auto type = mime::parse_content_type(file.type)->type;
  line.media.direction = sdp::Direction::sendonly;
  line.media.accept_types = {"message/cpim", type};  // conversation 14.3
  line.media.accept_wrapped_types = {type};
  line.file.selector = selector_of(file);
  line.file.transfer_id = cpm::new_transfer_id(surroundings.random);
  line.file.disposition = file.disposition;

  transfer.offer = {};
  transfer.imdn_id.clear();
  // (1) g, R4.1g
  const auto& thumbnail = file.thumbnail;
  const bool fits = thumbnail && is_icon_type(thumbnail->type) && !thumbnail->octets.empty() &&
                    thumbnail->octets.size() <= cpm::max_icon_octets;
  if (fits && settings.services.thumbnail && theirs.thumbnail) {
    line.file.icon = "icon-" + random_hex(surroundings.random, 8) + "@" + addresses.msrp.host;
    transfer.offer.icon = icon_part(*thumbnail, line.file.icon);
  }
  // (1) h, R4.1h; 7.4.1.1 (2) f, R4.7f
  if (file.wants.any() && settings.services.store_and_forward && theirs.store_and_forward) {
    transfer.imdn_id = new_imdn_id();
    transfer.offer.wrapper =
        cpm::file_wrapper(transfer.imdn_id, date_time(now), file.wants, file.type);
  }
  transfer.ours = line.media;
  transfer.offer.files = {std::move(line)};
}

// R4.1: as a session, with what RFC 5547 says of files.
void Client::Core::invite_file(TransferId id, TimePoint now, Output& out) {
  auto& transfer = *find(id);
  // (1) a, b, c: R4.1a, R4.1b, R4.1c, A7
  auto invite = make_invite(
      transfer.to, cpm::icsi::file_transfer,
      settings.profile == Profile::strict ? cpm::icsi::session : cpm::icsi::file_transfer,
      transfer.ids);
  invite.add(Name::supported, "timer");
  invite.add(Name::allow, allowed_methods);
  const auto description_id = new_description_id();
  cpm::write_file_transfer_offer(invite, transfer.offer, description_id, surroundings.random);
  if (const auto description = cpm::description_of(invite)) {
    transfer.description = sdp::to_text(*description);
  }
  transfer.state = TransferState::offered;
  if (!transfer.imdn_id.empty()) remember_reported(transfer.imdn_id, transfer.group);
  send(std::move(invite), id, now, out);
}

void Client::Core::file_answered(TransferId id, const sip::Message& response,
                                 std::optional<sip::DialogId> dialog, TimePoint now, Output& out) {
  auto* transfer = find(id);
  if (!transfer || transfer->direction != TransferDirection::sending) {
    if (dialog) bye(*dialog, {}, now, out);
    return;
  }
  transfer->invite.reset();
  if (response.status() < 300 && dialog) return file_accepted(id, response, *dialog, now, out);

  // RFC 5547 8.8: a receiver that cannot read a multipart gets the file without its icon.
  if (response.status() == 415 && (transfer->offer.icon || transfer->offer.wrapper)) {
    transfer->file->thumbnail.reset();
    transfer->file->wants = {};
    write_offer(*transfer, {}, now);
    return invite_file(id, now, out);
  }
  fail_transfer(id, response.status(), explanation_of(response), now, out);
}

// RFC 5547 8.4: the receiver takes the file. Its octets leave as soon as the session stands.
void Client::Core::file_accepted(TransferId id, const sip::Message& response, sip::DialogId dialog,
                                 TimePoint now, Output& out) {
  auto& transfer = *find(id);
  transfer.dialog = dialog;
  dialogs.emplace(dialog, id);

  const auto answers =
      cpm::read_file_transfer_answer(response, transfer.offer.files, settings.address_rule);
  if (!answers) return fail_transfer(id, 488, answers.error().detail, now, out);
  const auto& theirs = answers->front()->media;
  const auto setup =
      cpm::setup_after_answer(transfer.ours.setup.value_or(sdp::Setup::active), theirs.setup);
  const auto form =
      cpm::file_form(theirs.accept_types, transfer.offer.files.front()->media.accept_types.back());
  if (!setup || !form || theirs.is_secure) {
    return fail_transfer(id, 488, "an answer that we cannot serve", now, out);
  }

  msrp::OutgoingMessage message{.message_id = {},
                                .content_type = transfer.type,
                                .prefix = {},
                                .octets = {},
                                .body = transfer.file->body,
                                .lane = msrp::OutgoingMessage::Lane::file};
  if (*form == cpm::FileForm::cpim) {  // conversation 14.3
    const cpim::Address nobody{.uri = std::string{cpm::anonymous_uri}};
    message.content_type = "message/cpim";
    message.prefix = cpm::file_prefix(nobody, nobody, selector_of(*transfer.file));
  }
  transfer.prefix_octets = message.prefix.size();
  message.total = transfer.prefix_octets + transfer.size;
  if (theirs.max_size && message.total > *theirs.max_size) {
    return fail_transfer(id, 413, "larger than the other side takes", now, out);
  }

  transfer.state = TransferState::running;
  transfer.theirs = theirs;
  out.events.emplace_back(FileAccepted{id});
  send_octets(id, std::move(message), *setup, now, out);
}

void Client::Core::send_octets(TransferId id, msrp::OutgoingMessage message, msrp::Setup setup,
                               TimePoint now, Output& out) {
  auto& transfer = *find(id);
  const auto key = open({.ours = transfer.ours,
                         .theirs = *transfer.theirs,
                         .setup = setup,
                         .receive = {.max_octets = 0, .expected_octets = {}},
                         .max_chunk = settings.max_chunk},
                        id, now, out);
  transfer.media = key;
  msrp::Output media_output;
  endpoint.send(key, std::move(message), now, media_output);
  endpoint.body_grew(transfer.file->body, transfer.size, now, media_output);
  settle(std::move(media_output), now, out);
}

// CPM 7.4.1 (2) c, R4.2c: no further file, so the session is released. 7.4.3
void Client::Core::file_sent(TransferId id, TimePoint now, Output& out) {
  auto* transfer = find(id);
  if (!transfer || transfer->direction != TransferDirection::sending) return;
  transfer->octets = transfer->size;
  out.events.emplace_back(FileSent{id});
  end_transfer(id, now, out);
}

}  // namespace convene::client
