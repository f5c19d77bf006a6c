#include <algorithm>
#include <utility>

#include "client/core.h"
#include "cpim/imdn_headers.h"
#include "cpm/identity.h"
#include "cpm/report.h"
#include "cpm/service.h"
#include "mime/part.h"
#include "sdp/session_description.h"
#include "sip/name_addr.h"

namespace convene::client {

using sip::Name;

namespace {

// CPM 7.3.2 (3) c holds for files too. A wrapper knows best who sends: the focus wrote it.
Person sender_of(const sip::Message& invite, const cpm::FileTransferOffer& offer) {
  if (cpm::asks_for_anonymity(invite)) return {};
  if (offer.wrapper) {
    const auto from = cpim::from_of(*offer.wrapper);
    if (from && !cpm::is_anonymous(from->uri)) {
      return {.address = from->uri, .display_name = from->display};
    }
  }
  return inviter_of(invite);
}

std::optional<Thumbnail> thumbnail_of(const cpm::FileTransferOffer& offer) {
  if (!offer.icon) return std::nullopt;
  auto octets = mime::decoded_body(*offer.icon);
  if (!octets) return std::nullopt;
  return Thumbnail{.type = mime::type_of(*offer.icon), .octets = *std::move(octets)};
}

}  // namespace

// One file is taken, the first (R4.1n); nothing is given away (RFC 5547 8.2).
cpm::Granted<std::size_t> Client::Core::file_to_take(const cpm::FileTransferOffer& offer) const {
  const auto first = std::ranges::find_if(
      offer.files, [](const auto& file) { return file.has_value() && !file->is_pull(); });
  if (first == offer.files.end()) return std::unexpected(refusal(488, "a file is asked for"));
  const auto& file = **first;
  if (file.media.is_secure || !answered_setup(file.media.setup))
    return std::unexpected(refusal(488, "no media that we can connect"));
  if (*file.file.selector.size > settings.max_file_size)
    return cpm::refuse(403, "133 Size exceeded", "a file that is too large");
  if (file.file.range && file.file.range->first != 1)
    return std::unexpected(refusal(488, "the rest of a file"));
  return static_cast<std::size_t>(first - offer.files.begin());
}

// An INVITE for a file transfer. RFC 5547 8.3, conversation 14.2
void Client::Core::file_offered(const sip::RequestReceived& event, TimePoint now, Output& out) {
  const auto& invite = event.request;
  const auto refuse_with = [&](const cpm::Refusal& refusal) {
    refuse(event.transaction, invite, refusal, now, out);
  };
  if (!settings.services.file_transfer) {
    return refuse_with(refusal(488, "we do not transfer files"));
  }
  if (transfers.size() >= settings.max_transfers) {
    return refuse_with(refusal(480, "too many transfers"));
  }
  auto offer = cpm::read_file_transfer_offer(invite, settings.address_rule);
  if (!offer) return refuse_with(offer.error());
  auto ids = cpm::read_ids(invite);
  if (!ids) return refuse_with(cpm::refusal_of(ids.error()));

  const auto index = file_to_take(*offer);
  if (!index) return refuse_with(index.error());
  const auto& selector = offer->files[*index]->file.selector;

  const TransferId id{++last_number};
  auto& transfer = transfers[id];
  transfer.direction = TransferDirection::receiving;
  transfer.state = TransferState::offered;
  transfer.group = session_of(invite, *ids).value_or(GroupId{});
  transfer.name = *selector.name;
  transfer.type = *selector.type;
  transfer.size = *selector.size;
  transfer.ids = *std::move(ids);
  transfer.wrapper = offer->wrapper;
  FileOffered offered{
      .transfer = id,
      .group = transfer.group,
      .from = sender_of(invite, *offer),
      .name = transfer.name,
      .type = transfer.type,
      .size = transfer.size,
      .sha1 = std::string{sdp::sha1_of(selector).value_or("")},
      .thumbnail = settings.services.thumbnail ? thumbnail_of(*offer) : std::nullopt};
  transfer.pending = PendingOffer{.transaction = event.transaction,
                                  .request = invite,
                                  .offer = *std::move(offer),
                                  .index = *index,
                                  .give_up = now + settings.invitation_timeout};
  offers.emplace(event.transaction, id);
  out.events.emplace_back(std::move(offered));
  if (settings.accept_files) return accept_offer(id, now, out);
  answer(event.transaction, invite, 180, now, out);
}

// G-12: by the focus first, then by the ids.
std::optional<GroupId> Client::Core::session_of(const sip::Message& invite,
                                                const cpm::Ids& ids) const {
  const auto contacts = invite.values(Name::contact);
  if (!contacts.empty()) {
    const auto contact = sip::parse_name_addr(contacts.front());
    const auto known = contact ? session_at(sip::to_text(contact->uri)) : std::nullopt;
    if (known) return known;
  }
  if (ids.conversation.empty()) return std::nullopt;
  const auto found = std::ranges::find_if(
      sessions, [&](const auto& one) { return one.second.ids.conversation == ids.conversation; });
  return found == sessions.end() ? std::nullopt : std::optional{found->first};
}

Result<> Client::accept_file(TransferId id, TimePoint now, Output& out) {
  const auto* transfer = core_->find(id);
  if (!transfer) return fail(Fault::not_found, "no such transfer");
  if (!transfer->pending) return fail(Fault::out_of_order, "nothing to accept");
  core_->accept_offer(id, now, out);
  return {};
}

Result<> Client::decline_file(TransferId id, const Decline& how, TimePoint now, Output& out) {
  auto* transfer = core_->find(id);
  if (!transfer) return fail(Fault::not_found, "no such transfer");
  if (!transfer->pending) return fail(Fault::out_of_order, "nothing to decline");
  const auto pending = *std::exchange(transfer->pending, std::nullopt);
  core_->decline(pending.transaction, pending.request, how, now, out);
  core_->end_transfer(id, now, out);
  return {};
}

void Client::Core::time_out_offer(TransferId id, TimePoint now, Output& out) {
  const auto pending = *std::exchange(find(id)->pending, std::nullopt);
  answer(pending.transaction, pending.request, 408, now, out);
  fail_transfer(id, 408, "nobody accepted it", now, out);
}

// RFC 5547 8.3.1: name, type, size and id repeated; no icon, disposition or date; recvonly.
void Client::Core::accept_offer(TransferId id, TimePoint now, Output& out) {
  auto& transfer = *find(id);
  const auto pending = *std::exchange(transfer.pending, std::nullopt);
  const auto& offered = *pending.offer.files[pending.index];
  const auto setup = answered_setup(offered.media.setup).value_or(sdp::Setup::active);

  transfer.ours = new_media(setup);
  transfer.ours.accept_types = offered.media.accept_types;  // raw or in CPIM: its sender's choice
  transfer.ours.accept_wrapped_types = offered.media.accept_wrapped_types;
  transfer.ours.max_size = settings.max_file_size;
  transfer.theirs = offered.media;
  std::vector<std::optional<cpm::FileMedia>> answers(pending.offer.files.size());
  answers[pending.index] = cpm::answer_for(offered, transfer.ours);
  transfer.description =
      sdp::to_text(cpm::answer_files(pending.offer, new_description_id(), answers));
  transfer.intake = std::make_unique<FileIntake>(
      bodies,
      FileIntake::Expected{.type = transfer.type,
                           .size = transfer.size,
                           .sha1 = std::string{sdp::sha1_of(offered.file.selector).value_or("")}});
  transfer.hash_is_known = sdp::sha1_of(offered.file.selector).has_value();
  transfer.state = TransferState::running;

  const auto dialog = respond(
      pending.transaction,
      make_acceptance(pending.request, cpm::icsi::file_transfer, transfer.description), now, out);
  if (!dialog) return fail_transfer(id, 487, "its sender gave up", now, out);
  transfer.dialog = dialog;
  dialogs.emplace(*dialog, id);
  if (setup == sdp::Setup::passive) open_file(id, msrp::Setup::passive, now, out);
}

void Client::Core::file_acknowledged(TransferId id, TimePoint now, Output& out) {
  const auto* transfer = find(id);
  if (!transfer || transfer->direction != TransferDirection::receiving || transfer->media) return;
  if (transfer->state == TransferState::running) open_file(id, msrp::Setup::active, now, out);
}

void Client::Core::open_file(TransferId id, msrp::Setup setup, TimePoint now, Output& out) {
  auto& transfer = *find(id);
  transfer.media = open({.ours = transfer.ours,
                         .theirs = *transfer.theirs,
                         .setup = setup,
                         .receive = {.into = msrp::Receive::Into::body,
                                     .max_octets = transfer.size + cpm::max_wrapper_octets,
                                     .expected_octets = {}},
                         .max_chunk = settings.max_chunk},
                        id, now, out);
}

}  // namespace convene::client
