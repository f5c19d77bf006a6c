#include "controlling/file_transfer_leg.h"

#include <algorithm>
#include <utility>

#include "controlling/cpim_from.h"
#include "controlling/create_session_with_participant.h"
#include "controlling/file_transfer_invitation.h"
#include "controlling/interworking.h"
#include "controlling/participant_leg.h"
#include "controlling/sip_request.h"
#include "cpm/ids.h"
#include "cpm/large_message_offer.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"
#include "cpm/standalone_message.h"

namespace convene::controlling {

namespace {

constexpr int gone = 480;

}  // namespace

std::string_view name_of(FileTransferLeg::State state) {
  using enum FileTransferLeg::State;
  switch (state) {
    case queued: return "queued";
    case inviting: return "inviting";
    case accepted: return "accepted";
    case sending: return "sending";
    case complete: return "complete";
    case ended: return "ended";
  }
  return {};
}

// CPM 9.3.1 (5)
void FileTransferLeg::wait(Turn& turn, TransferId transfer) {
  turn.queue.wait(target_.address, {transfer, id_});
}

// CPM 9.3.1 (1), (3) b
void FileTransferLeg::invite(Turn& turn, TransferId transfer, const FileTransferPlan& plan) {
  counts_ = true;  // the queue has counted it already
  state_ = State::inviting;
  confirmed_ = target_.begun;
  patience_ = turn.now + turn.policy.file_transfer.acceptance_patience;

  const auto security = target_.is_secure ? Security::tls : usual_security(turn);
  const auto offer = offer_for(plan, target_, msrp_media(turn, security),
                               cpm::new_transfer_id(turn.world.random), turn.policy.file_transfer);
  ours_ = offer.files.front();
  auto invite = file_transfer_invitation(turn, plan, target_);
  cpm::write_file_transfer_offer(invite, offer, new_description(turn), turn.world.random);
  ours_->icon.reset();  // has been said
  ours_->wrapper.reset();
  if (const auto said = cpm::description_of(invite)) agreed_.emplace(*said, 0, *ours_);
  // RFC 5366 5, RFC 5364: who else gets it; never in a group session (R3.7).
  if (plan.audience && !plan.audience->history.empty()) {
    cpm::add_part(invite, cpm::recipient_history_part(plan.audience->history), turn.world.random);
  }
  if (target_.by_interworking) route_to_interworking(turn, invite);  // 9.1.2 (6)
  send_invite(turn, std::move(invite), OfFileReceiver{transfer, id_}, invite_);
}

bool FileTransferLeg::answered(Turn& turn, TransferId transfer,
                               const sip::ResponseReceived& answer) {
  if (state_ != State::inviting || answer.request != invite_) return true;
  invite_.reset();
  patience_.reset();

  const auto status = answer.response.status();
  if (status >= 300 || !answer.dialog) {
    end(turn, transfer, {}, status >= 300 ? status : gone);
    return false;
  }
  dialog_ = answer.dialog;
  turn.tables.dialogs.insert_or_assign(*dialog_, OfFileReceiver{transfer, id_});

  const auto answers =
      cpm::read_file_transfer_answer(answer.response, {ours_}, cpm::AddressRule::may_differ);
  const auto setup =
      answers ? cpm::setup_after_answer(*ours_->media.setup, answers->front()->media.setup)
              : std::optional<msrp::Setup>{};
  const bool is_same_transport =
      setup && answers->front()->media.is_secure == ours_->media.is_secure;
  if (!is_same_transport) {  // RFC 5547 8.3.1: port 0 refuses the file
    end(turn, transfer, {}, 488);
    return false;
  }
  theirs_ = answers->front();
  session_ = open_session(turn, session_settings(turn, ours_->media, theirs_->media, *setup),
                          OfFileReceiver{transfer, id_});
  state_ = State::accepted;
  return true;
}

// RFC 5547 8.3.2: we give what was asked for. Conversation 14.10
void FileTransferLeg::give(Turn& turn, TransferId transfer, const FileTransferPlan& plan,
                           const PeerRequest& request, const cpm::FileTransferOffer& asked) {
  const auto index = asked.first_file();
  const auto& line = *asked.files[index];
  const auto setup = *cpm::setup_for_answer(line.media.setup);
  auto media = msrp_media(turn, security_of(line.media));
  media.setup = setup;
  media.accept_types = line.media.accept_types;
  media.accept_wrapped_types = line.media.accept_wrapped_types;
  ours_ = cpm::answer_for(line, std::move(media));
  ours_->file.selector = plan.offer.files[plan.index]->file.selector;
  theirs_ = line;

  auto response = begin_ok(turn, request.message);
  response.add(sip::Name::contact,
               focus_contact(plan.focus, cpm::icsi::file_transfer, turn.policy));
  cpm::write_ids(response, request.ids);
  response.add(sip::Name::allow, allowed_methods);
  std::vector<std::optional<cpm::FileMedia>> answers(asked.files.size());
  answers[index] = ours_;
  const auto said = cpm::answer_files(asked, new_description(turn), answers);
  agreed_.emplace(said, index, *ours_);
  response.set_body("application/sdp", sdp::to_text(said));
  counts_ = true;
  confirmed_ = target_.begun;
  state_ = State::accepted;
  dialog_ = accept(turn, request.transaction, std::move(response), OfFileReceiver{transfer, id_});
  if (!dialog_) return end(turn, transfer, {});
  session_ = open_session(
      turn,
      session_settings(turn, ours_->media, theirs_->media,
                       setup == sdp::Setup::active ? msrp::Setup::active : msrp::Setup::passive),
      OfFileReceiver{transfer, id_});
}

// Conversation 14.3, G-18: raw if the receiver lists the file's type, else in CPIM.
void FileTransferLeg::send(Turn& turn, const cpm::FileSpool& spool, const FileTransferPlan& plan) {
  if (state_ != State::accepted || !spool.body() || !spool.is_size_known()) return;
  const auto form = cpm::file_form(theirs_->media.accept_types, spool.content_type());

  msrp::OutgoingMessage message{.message_id = {},
                                .content_type = spool.content_type(),
                                .prefix = {},
                                .octets = {},
                                .body = spool.body(),
                                .total = spool.size()};
  if (cpm::is_large_message(*ours_)) {
    auto wrapper = *spool.wrapper();
    cpim::set_from(wrapper, shown_sender(plan.sender));
    cpim::set_to(wrapper, {.uri = target_.address});
    message.prefix = cpim::to_text(wrapper);
    message.content_type = "message/cpim";
    message.total += message.prefix.size();
  } else if (form == cpm::FileForm::cpim) {
    auto selector = ours_->file.selector;
    selector.type = spool.content_type();
    message.prefix =
        cpm::file_prefix(shown_sender(plan.sender), {.uri = target_.address}, selector);
    message.content_type = "message/cpim";
    message.total += message.prefix.size();
  }
  prefix_ = message.prefix.size();
  message.body_offset = target_.begun;  // conversation 14.10
  message.total -= target_.begun;
  message.lane = msrp::OutgoingMessage::Lane::file;
  outgoing_ = turn.media.send(*session_, std::move(message), turn.now, turn.msrp);
  state_ = State::sending;
}

void FileTransferLeg::progressed(std::uint64_t confirmed) {
  confirmed_ = target_.begun + confirmed - std::min(confirmed, prefix_);
}

void FileTransferLeg::sent(std::uint64_t size) {
  state_ = State::complete;
  is_whole_ = true;
  confirmed_ = size;
  outgoing_.reset();
}

// RFC 5547 8.1, G-43: a refresh repeats what is; nothing else can be negotiated here. RFC 5547 8.4,
// conversation 14.7, R4.2: port 0 closes the file.
FileTransferLeg::Reinvited FileTransferLeg::reinvited(Turn& turn, const PeerRequest& request) {
  const auto answer =
      agreed_ ? agreed_->answer(request.message) : cpm::refuse(488, {}, "nothing was agreed");
  if (!answer) {
    refuse(turn, request.transaction, request.message,
           within("9.3.1 re-INVITE refused", answer.error()));
    return Reinvited::goes_on;
  }
  auto response = begin_ok(turn, request.message);
  response.add(sip::Name::allow, allowed_methods);
  if (!answer->description.empty()) response.set_body("application/sdp", answer->description);
  turn.agent.respond(request.transaction, std::move(response), turn.now, turn.sip);
  return answer->closes ? Reinvited::closed : Reinvited::goes_on;
}

void FileTransferLeg::end(Turn& turn, TransferId transfer, std::string_view reason, int status) {
  if (state_ == State::ended) return;
  if (state_ == State::queued) turn.queue.withdraw(target_.address, {transfer, id_});
  if (std::exchange(counts_, false)) turn.queue.end(target_.address);
  const bool had_no_answer = state_ == State::queued || state_ == State::inviting;
  if (had_no_answer) failed_with_ = status;
  may_go_on_ = state_ == State::accepted || state_ == State::sending;

  close_session(turn, session_);  // an unfinished message ends with '#'
  outgoing_.reset();
  cancel_invite(turn, invite_);
  hang_up(turn, dialog_, reason);
  patience_.reset();
  state_ = State::ended;
}

}  // namespace convene::controlling
