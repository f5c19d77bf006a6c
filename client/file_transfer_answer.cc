#include <utility>

#include "client/core.h"

namespace convene::client {

// Of our INVITE for files, the first one or a later one in the dialog.
void Client::Core::files_answered(FileSessionId id, const sip::Message& response,
                                  std::optional<sip::DialogId> dialog, TimePoint now, Output& out) {
  auto* session = find(id);
  if (!session) {
    if (dialog) bye(*dialog, {}, now, out);
    return;
  }
  session->invite.reset();
  if (response.status() < 300 && dialog) {
    if (!session->dialog) {
      session->dialog = dialog;
      dialogs.emplace(*dialog, id);
    }
    return files_accepted(id, response, now, out);
  }
  if (session->dialog) return further_files_refused(id, response, now, out);

  // RFC 5547 8.8: a receiver that cannot read a multipart gets the file without its icon.
  if (response.status() == 415 &&
      (cpm::has_icon(session->offer) || cpm::has_wrapper(session->offer))) {
    for (const auto& line : session->lines) {
      auto* transfer = line ? find(*line) : nullptr;
      if (!transfer || !transfer->file) continue;
      transfer->file->thumbnail.reset();
      transfer->file->wants = {};
    }
    write_offer(*session, now);
    return invite_for_files(id, now, out);
  }
  fail_files(id, {.status = response.status(), .reason = explanation_of(response)}, now, out);
}

// RFC 5547 8.4: which files the other side takes, or gives. Octets leave as soon as a session
// stands.
void Client::Core::files_accepted(FileSessionId id, const sip::Message& response, TimePoint now,
                                  Output& out) {
  auto answers =
      cpm::read_file_transfer_answer(response, find(id)->offer.files, settings.address_rule);
  if (!answers) {
    return fail_files(id, {.status = 488, .reason = answers.error().detail}, now, out);
  }
  for (std::size_t i = 0; i < answers->size(); ++i) {
    const auto* session = find(id);
    if (!session) return;
    const auto line = session->lines[i];
    if (!is_live(line)) continue;
    const auto& answer = (*answers)[i];
    const bool is_new = find(*line)->state == TransferState::offered;
    if (!answer) {
      fail_file(*line, {.status = 603, .reason = "the other side does not want it"}, now, out);
    } else if (is_new && find(*line)->direction == TransferDirection::sending) {
      file_accepted(*line, *answer, now, out);
    } else if (is_new) {
      file_is_given(*line, *answer, now, out);
    }
  }
  const auto* session = find(id);
  if (session && session->offers_again && !session->invite) offer_again(id, now, out);
}

void Client::Core::file_accepted(TransferId id, const cpm::FileMedia& answer, TimePoint now,
                                 Output& out) {
  auto& transfer = *find(id);
  const auto setup =
      cpm::setup_after_answer(transfer.ours.setup.value_or(sdp::Setup::active), answer.media.setup);
  transfer.theirs = answer.media;
  transfer.setup = setup.value_or(msrp::Setup::active);
  const auto planned = plan_sending(transfer);
  if (!setup || !planned || answer.media.is_secure != transfer.ours.is_secure) {
    const bool is_too_large = !planned && planned.error().fault == Fault::too_large;
    return fail_file(
        id,
        {.status = is_too_large ? 413 : 488,
         .reason = planned ? "an answer that we cannot serve" : planned.error().detail},
        now, out);
  }
  // Conversation 14.2: a range is repeated, or the file refused.
  if (transfer.begun > 0 &&
      (!answer.file.range || answer.file.range->first != transfer.begun + 1)) {
    return fail_file(id, {.status = 488, .reason = "not the rest that we offered"}, now, out);
  }
  transfer.state = TransferState::running;
  out.events.emplace_back(FileAccepted{id});
  send_octets(id, now, out);
}

// R4.1d.ii: what we asked for is coming. Conversation 14.4
void Client::Core::file_is_given(TransferId id, const cpm::FileMedia& answer, TimePoint now,
                                 Output& out) {
  auto& transfer = *find(id);
  const auto& selector = answer.file.selector;
  const auto setup =
      cpm::setup_after_answer(transfer.ours.setup.value_or(sdp::Setup::active), answer.media.setup);
  const auto first = answer.file.range ? answer.file.range->first : 1;
  const auto give_up = [&](int status, std::string why) {
    fail_file(id, {.status = status, .reason = std::move(why)}, now, out);
  };
  if (!setup || answer.media.is_secure != transfer.ours.is_secure)
    return give_up(488, "no media that we can connect");
  if (!selector.size || *selector.size == 0 || !sdp::selects(transfer.wanted, selector) ||
      first != transfer.begun + 1) {
    return give_up(488, "not the file that we asked for");
  }
  if (*selector.size > settings.max_file_size) return give_up(413, "a file that is too large");

  if (selector.name) transfer.name = *selector.name;
  if (selector.type) transfer.type = *selector.type;
  transfer.size = *selector.size;
  if (const auto sha1 = sdp::sha1_of(selector)) transfer.sha1 = *sha1;
  transfer.theirs = answer.media;
  transfer.setup = *setup;
  transfer.state = TransferState::running;
  out.events.emplace_back(FileAccepted{id});
  open_file(id, now, out);
}

}  // namespace convene::client
