#include <algorithm>
#include <utility>

#include "client/core.h"
#include "cpim/imdn_headers.h"
#include "cpm/identity.h"
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
  for (const auto& file : offer.files) {
    const auto from = file && file->wrapper ? cpim::from_of(*file->wrapper) : std::nullopt;
    if (from && !cpm::is_anonymous(from->uri)) {
      return {.address = from->uri, .display_name = from->display};
    }
  }
  return inviter_of(invite);
}

std::optional<Thumbnail> thumbnail_of(const cpm::FileMedia& file) {
  if (!file.icon) return std::nullopt;
  auto octets = mime::decoded_body(*file.icon);
  if (!octets) return std::nullopt;
  return Thumbnail{.type = mime::type_of(*file.icon), .octets = *std::move(octets)};
}

}  // namespace

// Nothing is given away unasked (RFC 5547 8.2), a group asks for nothing (G-30), and the rest of a
// file is taken where its beginning is (conversation 14.10).
std::optional<cpm::Refusal> Client::Core::why_not(const cpm::FileMedia& file, bool is_from_focus,
                                                  std::string_view originator) const {
  const auto& selector = file.file.selector;
  const auto& range = file.file.range;
  if (const auto setup = answered_setup(file.media); !setup) return setup.error();
  if (range && range->first == 0) return refusal(488, "no such part of a file");
  if (file.is_pull()) {
    if (is_from_focus) return refusal(488, "a file is asked for");
    return std::nullopt;
  }
  if (*selector.size > settings.max_file_size) {
    return cpm::Refusal{
        .status = 403, .warning = "133 Size exceeded", .detail = "a file that is too large"};
  }
  if (*selector.size == 0) return refusal(488, "an empty file");
  if (sdp::is_whole(file.file)) return std::nullopt;
  const auto* begun = begun_file(originator, selector);
  if (!sdp::is_to_the_end(*range, selector) || !begun || range->first > begun->octets.octets + 1) {
    return refusal(488, "the rest of a file that we have not");
  }
  return std::nullopt;
}

// An INVITE for a file transfer. RFC 5547 8.3, conversation 14.2
void Client::Core::files_offered(const sip::RequestReceived& event, TimePoint now, Output& out) {
  const auto& invite = event.request;
  const auto refuse_with = [&](const cpm::Refusal& refusal) {
    refuse(event.transaction, invite, refusal, now, out);
  };
  if (!settings.services.file_transfer) {
    return refuse_with(refusal(488, "we do not transfer files"));
  }
  auto offer = cpm::read_file_transfer_offer(invite, settings.address_rule);
  if (!offer) return refuse_with(offer.error());
  auto ids = cpm::read_ids(invite);
  if (!ids) return refuse_with(cpm::refusal_of(ids.error()));

  // From a group only the first is taken (R4.1n).
  const auto from = sender_of(invite, *offer);
  const bool is_from_focus = cpm::capabilities_of(invite).is_focus;
  std::vector<std::size_t> taken;
  std::optional<cpm::Refusal> why;
  for (std::size_t i = 0; i < offer->files.size(); ++i) {
    if (!offer->files[i]) continue;
    if (auto not_this =
            why_not(*offer->files[i], is_from_focus, sip::address_of_record(from.address))) {
      if (!why) why = std::move(not_this);
    } else if (taken.size() < (is_from_focus ? 1 : settings.max_files_per_offer)) {
      taken.push_back(i);
    }
  }
  if (taken.empty()) return refuse_with(why.value_or(refusal(488, "no file")));
  if (!has_room_for_files(taken.size())) return refuse_with(refusal(480, "too many transfers"));

  const FileSessionId id{++last_number};
  auto& session = file_sessions[id];
  session.is_ours = false;
  session.group = session_of(invite, *ids).value_or(GroupId{});
  session.peer = from.address;
  session.ids = *std::move(ids);
  session.description_id = new_description_id();
  session.lines.resize(offer->files.size());
  session.answers.resize(offer->files.size());
  session.from = from;
  session.pending = PendingOffer{.transaction = event.transaction,
                                 .request = invite,
                                 .offer = *std::move(offer),
                                 .give_up = now + settings.invitation_timeout};
  offers.emplace(event.transaction, id);
  for (const auto line : taken) {
    const auto transfer = take_line(id, line);
    const auto key = key_of_file(*find(transfer));
    find(transfer)->is_known = !key.empty() && seen_files.knows(find(transfer)->originator, key);
    if (!find(transfer)->is_known) tell_offer(transfer, out);
  }
  accept_by_itself(id, now, out);
  if (find(id) && find(id)->pending) answer(event.transaction, invite, 180, now, out);
}

// Reliability: once. Who was away gets a file again that he has, when nobody could note that he
// has it: it is taken, reported on as before, and not told. Files of one offer may share their id.
std::string Client::Core::key_of_file(const FileTransfer& transfer) {
  const auto id = transfer.wrapper ? cpim::imdn_message_id(*transfer.wrapper) : std::string{};
  return id.empty() ? id : id + "\n" + sdp::to_text(transfer.wanted);
}

// A file of their offer becomes a transfer of ours.
TransferId Client::Core::take_line(FileSessionId session_id, std::size_t line) {
  auto& session = *find(session_id);
  const auto& offered = *session.pending->offer.files[line];
  const auto& selector = offered.file.selector;
  const auto begun = offered.file.range ? offered.file.range->first - 1 : 0;

  const TransferId id{++last_number};
  auto& transfer = transfers[id];
  transfer.direction =
      offered.is_pull() ? TransferDirection::sending : TransferDirection::receiving;
  transfer.state = TransferState::offered;
  transfer.group = session.group;
  transfer.session = session_id;
  transfer.line = line;
  transfer.name = selector.name.value_or("");
  transfer.type = selector.type.value_or("");
  transfer.size = selector.size.value_or(0);
  transfer.sha1 = sdp::sha1_of(selector).value_or("");
  transfer.wanted = selector;
  transfer.originator = sip::address_of_record(session.from.address);
  transfer.begun = begun;
  transfer.wrapper = offered.wrapper;
  if (!offered.is_pull() && begun > 0) use_begun(transfer, begun);
  session.lines[line] = id;
  session.known.push_back({.transfer_id = offered.file.transfer_id, .selector = selector});
  if (session.known.size() > max_known_files) session.known.pop_front();
  return id;
}

void Client::Core::tell_offer(TransferId id, Output& out) {
  const auto& transfer = *find(id);
  const auto& session = *find(transfer.session);
  const auto& offer = session.pending->offer;
  if (transfer.direction == TransferDirection::sending) {
    out.events.emplace_back(FileWanted{.transfer = id,
                                       .group = transfer.group,
                                       .from = session.from,
                                       .name = transfer.name,
                                       .type = transfer.type,
                                       .size = transfer.size,
                                       .sha1 = transfer.sha1,
                                       .begun = transfer.begun});
    return;
  }
  out.events.emplace_back(FileOffered{.transfer = id,
                                      .group = transfer.group,
                                      .from = session.from,
                                      .name = transfer.name,
                                      .type = transfer.type,
                                      .size = transfer.size,
                                      .sha1 = transfer.sha1,
                                      .thumbnail = settings.services.thumbnail
                                                       ? thumbnail_of(*offer.files[transfer.line])
                                                       : std::nullopt});
}

void Client::Core::accept_by_itself(FileSessionId id, TimePoint now, Output& out) {
  const bool has_known = std::ranges::any_of(
      find(id)->lines, [&](const auto& line) { return is_live(line) && find(*line)->is_known; });
  if (!settings.accept_files && !has_known) return;
  for (const auto& line : find(id)->lines) {
    if (!is_live(line) || find(*line)->state != TransferState::offered) continue;
    if (find(*line)->direction == TransferDirection::receiving) find(*line)->word = Word::yes;
  }
  decide(id, {}, now, out);
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
  auto* transfer = core_->find(id);
  if (!transfer) return fail(Fault::not_found, "no such transfer");
  const auto* session = core_->find(transfer->session);
  const bool is_offered = session && session->pending && transfer->state == TransferState::offered;
  if (!is_offered || transfer->direction != TransferDirection::receiving) {
    return fail(Fault::out_of_order, "nothing to accept");
  }
  transfer->word = Word::yes;
  core_->decide(transfer->session, {}, now, out);
  return {};
}

Result<> Client::decline_file(TransferId id, const Decline& how, TimePoint now, Output& out) {
  auto* transfer = core_->find(id);
  if (!transfer) return fail(Fault::not_found, "no such transfer");
  const auto* session = core_->find(transfer->session);
  if (!session || !session->pending || transfer->state != TransferState::offered) {
    return fail(Fault::out_of_order, "nothing to decline");
  }
  transfer->word = Word::no;
  core_->decide(transfer->session, how, now, out);
  return {};
}

// The offer is answered when a word was said about each of its files.
void Client::Core::decide(FileSessionId id, const Decline& how, TimePoint now, Output& out) {
  auto& session = *find(id);
  bool any = false;
  for (const auto& line : session.lines) {
    if (!is_live(line) || find(*line)->state != TransferState::offered) continue;
    if (find(*line)->word == Word::none) return;
    any = any || find(*line)->word == Word::yes;
  }
  if (any || session.dialog) return answer_offer(id, now, out);
  const auto pending = *std::exchange(session.pending, std::nullopt);
  decline(pending.transaction, pending.request, how, now, out);
  end_files(id, now, out);
}

// RFC 5547 8.3.1: name, type, size and id repeated; no icon, disposition or date; recvonly. What is
// not wanted has port 0.
void Client::Core::answer_offer(FileSessionId id, TimePoint now, Output& out) {
  auto& session = *find(id);
  const auto pending = *std::exchange(session.pending, std::nullopt);
  std::vector<TransferId> accepted;
  for (std::size_t i = 0; i < session.lines.size(); ++i) {
    if (!is_live(session.lines[i])) continue;
    auto& transfer = *find(*session.lines[i]);
    if (transfer.state != TransferState::offered) continue;
    if (transfer.word == Word::yes) {
      session.answers[i] = answer_line(*session.lines[i], *pending.offer.files[i]);
      accepted.push_back(*session.lines[i]);
    } else {
      session.answers[i].reset();
      transfer.state = TransferState::over;
    }
  }
  session.description =
      sdp::to_text(cpm::answer_files(pending.offer, session.description_id, session.answers));
  ++session.description_id.version;

  const auto dialog = respond(
      pending.transaction,
      make_acceptance(pending.request, cpm::icsi::file_transfer, session.description), now, out);
  if (!find(id)) return;
  if (dialog) {
    find(id)->dialog = dialog;
    dialogs.emplace(*dialog, id);
  }
  if (!find(id)->dialog) {
    return fail_files(id, {.status = 487, .reason = "its sender gave up"}, now, out);
  }
  // Who is waited for must be ready before the ACK.
  for (const auto file : accepted) {
    if (is_live(file) && find(file)->setup == msrp::Setup::passive) open_file(file, now, out);
  }
  file_is_over(id, now, out);  // when none of them is wanted
}

// Our m-line for a file of theirs that is wanted, or for one that they want (RFC 5547 8.3.2).
cpm::FileMedia Client::Core::answer_line(TransferId id, const cpm::FileMedia& offered) {
  auto& transfer = *find(id);
  const auto setup = answered_setup(offered.media).value_or(sdp::Setup::active);
  transfer.setup = setup == sdp::Setup::active ? msrp::Setup::active : msrp::Setup::passive;
  transfer.ours = new_media(setup, offered.media.is_secure);
  transfer.ours.accept_types = offered.media.accept_types;  // raw or in CPIM: its sender's choice
  transfer.ours.accept_wrapped_types = offered.media.accept_wrapped_types;
  transfer.theirs = offered.media;
  transfer.state = TransferState::running;
  if (transfer.direction == TransferDirection::receiving) {
    transfer.ours.max_size = settings.max_file_size;
  }
  auto answer = cpm::answer_for(offered, transfer.ours);
  if (transfer.file) answer.file.selector = selector_of(*transfer.file);
  return answer;
}

void Client::Core::time_out_offer(FileSessionId id, TimePoint now, Output& out) {
  const auto pending = *std::exchange(find(id)->pending, std::nullopt);
  const bool is_first = !find(id)->dialog;  // 408 would end a dialog. RFC 3261 12.2.1.2
  answer(pending.transaction, pending.request, is_first ? 408 : 480, now, out);
  offer_is_gone(id, {.status = 408, .reason = "nobody accepted it"}, now, out);
}

void Client::Core::offer_cancelled(FileSessionId id, TimePoint now, Output& out) {
  if (!find(id)) return;
  find(id)->pending.reset();
  offer_is_gone(id, {.status = 487, .reason = "its sender gave up"}, now, out);
}

// What was offered in vain; what was agreed before goes on.
void Client::Core::offer_is_gone(FileSessionId id, const Failure& why, TimePoint now, Output& out) {
  if (!find(id)->dialog) return fail_files(id, why, now, out);
  for (const auto line : std::vector{find(id)->lines}) {
    if (!find(id)) return;
    if (is_live(line) && find(*line)->state == TransferState::offered) {
      fail_file(*line, why, now, out);
    }
  }
}

void Client::Core::files_acknowledged(FileSessionId id, TimePoint now, Output& out) {
  const auto* session = find(id);
  if (!session || session->is_ours) return;
  for (const auto line : std::vector{session->lines}) {
    if (!is_live(line)) continue;
    const auto* transfer = find(*line);
    if (transfer->state == TransferState::running && !transfer->media) open_file(*line, now, out);
  }
}

}  // namespace convene::client
