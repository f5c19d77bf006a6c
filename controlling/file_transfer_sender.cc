#include <algorithm>

#include "controlling/audience_invitation.h"
#include "controlling/cpim_from.h"
#include "controlling/create_session_with_participant.h"
#include "controlling/file_transfer.h"
#include "controlling/participant_leg.h"
#include "controlling/sip_request.h"
#include "cpm/ids.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"

namespace convene::controlling {

using sip::Name;

namespace {

constexpr std::uint64_t wrapper_allowance = 4'096;  // a CPIM wrapper around the file
constexpr int wrong_file = 400;                     // in a failure REPORT

}  // namespace

std::uint64_t FileTransfer::most_octets(const Turn& turn) const {
  return plan_.service == cpm::Service::large_message ? turn.policy.message.max_large_octets
                                                      : turn.policy.file_transfer.max_size;
}

std::string FileTransfer::contact(const Turn& turn) const {
  return plan_.audience ? audience_contact(plan_, turn.policy)
                        : focus_contact(plan_.focus, cpm::icsi::file_transfer, turn.policy);
}

// F3.7: the 200 to the sender, and the session its file comes through. RFC 5547 8.3
void FileTransfer::answer_sender(Turn& turn) {
  is_answered_ = true;
  unanswered_until_.reset();
  begin_until_ = turn.now + turn.policy.file_transfer.begin_patience;
  const auto& offered = *plan_.offer.files[plan_.index];
  const auto setup = *cpm::setup_for_answer(offered.media.setup);

  auto media = msrp_media(turn, security_of(offered.media));
  media.setup = setup;
  media.accept_types = offered.media.accept_types;
  media.accept_wrapped_types = offered.media.accept_wrapped_types;
  media.max_size = most_octets(turn);
  const auto answer = cpm::answer_for(offered, std::move(media));

  auto response = begin_ok(turn, plan_.request);
  response.add(Name::contact, contact(turn));
  cpm::write_ids(response, plan_.invitation.ids);
  response.add(Name::allow, allowed_methods);
  std::vector<std::optional<cpm::FileMedia>> answers(plan_.offer.files.size());
  answers[plan_.index] = answer;
  const auto said = cpm::answer_files(plan_.offer, new_description(turn), answers);
  agreed_.emplace(said, plan_.index, answer);
  response.set_body("application/sdp", sdp::to_text(said));
  dialog_ = accept(turn, plan_.transaction, std::move(response), OfFileSender{id_});
  if (!dialog_) return abort(turn, "the sender is gone");

  auto settings =
      session_settings(turn, answer.media, offered.media,
                       setup == sdp::Setup::active ? msrp::Setup::active : msrp::Setup::passive);
  settings.receive = {.into = msrp::Receive::Into::body,
                      .max_octets = std::min(spool_.size(), most_octets(turn)) -
                                    (plan_.rest ? plan_.rest->from : 0) + wrapper_allowance,
                      .expected_octets = {}};
  session_ = open_session(turn, std::move(settings), OfFileSender{id_});
}

void FileTransfer::sender_cancelled(Turn& turn) {
  if (is_over_ || is_answered_) return;
  log(turn, "9.3.1 the sender gave up", plan_.sender.address);
  for (auto& [id, leg] : legs_) leg.end(turn, id_, {});
  give_back(turn, Rest::kept);
  is_over_ = true;  // 487 has been sent
}

// Conversation 9.1.2 (7): the sender's BYE lets the receivers go once their copy is complete. It
// may overtake the last octets, which come another way.
void FileTransfer::sender_ended(Turn& turn) {
  dialog_.reset();
  if (spool_.is_complete()) {
    end_sender(turn);
  } else {
    bye_overtook_until_ = turn.now + turn.policy.file_transfer.bye_overtakes;
  }
  settle(turn);
}

void FileTransfer::end_sender(Turn& turn) {
  if (incoming_ && !spool_.is_complete()) {
    turn.media.refuse(*incoming_, turn.now, turn.msrp);
  }
  incoming_.reset();
  close_session(turn, session_);
  hang_up(turn, dialog_, {});
  sender_is_gone_ = true;
}

// RFC 5547 8.1, G-43: a refresh repeats what is. Another file needs another INVITE (A24). RFC 5547
// 8.4, conversation 14.7: port 0 takes the file back.
void FileTransfer::sender_reinvited(Turn& turn, const PeerRequest& request) {
  const auto answer =
      agreed_ ? agreed_->answer(request.message) : cpm::refuse(488, {}, "nothing was agreed");
  if (!answer) {
    return refuse(turn, request.transaction, request.message,
                  within("9.3.1 re-INVITE refused", answer.error()));
  }
  auto response = begin_ok(turn, request.message);
  response.add(Name::contact, contact(turn));
  response.add(Name::allow, allowed_methods);
  if (!answer->description.empty()) response.set_body("application/sdp", answer->description);
  turn.agent.respond(request.transaction, std::move(response), turn.now, turn.sip);
  if (answer->closes && !spool_.is_complete()) abort(turn, "its sender took it back");
}

void FileTransfer::message_begun(Turn& turn, const msrp::MessageBegun& message) {
  if (incoming_) {  // RFC 5547 8.7: one file, one message
    turn.media.refuse(message.message, turn.now, turn.msrp);
    turn.bodies.drop(message.body);
    return;
  }
  incoming_ = message.message;
  begin_until_.reset();
  if (const auto begun = spool_.begin(message); !begun) {
    turn.media.report_failure(message.message, wrong_file, turn.now, turn.msrp);
    abort(turn, begun.error().detail);
  }
}

void FileTransfer::message_grew(Turn& turn, const msrp::MessageGrew& message) {
  if (message.message != incoming_) return;
  const auto grown = spool_.grow(message.ready, turn.bodies);
  if (!grown) {  // G-31
    turn.media.report_failure(message.message, wrong_file, turn.now, turn.msrp);
    return abort(turn, grown.error().detail);
  }
  if (spool_.wrapper() && claims_to_be_somebody_else(*spool_.wrapper(), plan_.sender, {})) {
    turn.media.report_failure(message.message, 403, turn.now, turn.msrp);
    return abort(turn, "CPIM From of somebody else");
  }
  feed(turn);
}

void FileTransfer::message_received(Turn& turn, const msrp::MessageReceived& message) {
  if (message.message != incoming_) return;
  const auto finished = spool_.finish(message.total, turn.bodies);
  if (!finished) {
    turn.media.report_failure(message.message, wrong_file, turn.now, turn.msrp);
    return abort(turn, finished.error().detail);
  }
  log(turn, "9.3.1 the file is here", plan_.sender.address);
  turn.media.report_success(message.message, turn.now, turn.msrp);
  feed(turn);
  if (!dialog_) end_sender(turn);  // its BYE had come before
  settle(turn);
}

// F11.3. One that was refused before it began is the file, too, while none has begun.
void FileTransfer::message_aborted(Turn& turn, const msrp::MessageAborted& message) {
  if (incoming_ && message.message != incoming_) return;
  incoming_.reset();
  if (spool_.is_complete()) return;
  abort(turn, message.reason, message.by_sender ? Rest::dropped : Rest::kept);
}

void FileTransfer::sender_media_failed(Turn& turn, std::string_view why) {
  incoming_.reset();
  if (!spool_.is_complete()) abort(turn, why, Rest::kept);
}

}  // namespace convene::controlling
