#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "controlling/agreed_file.h"
#include "controlling/group_file_transfer.h"
#include "controlling/identifiers.h"
#include "controlling/turn.h"
#include "cpm/file_spool.h"
#include "cpm/file_transfer_offer.h"

namespace convene::controlling {

// One receiver of one file: its dialog, its MSRP session, and how much of the file it has.
class FileTransferLeg {
 public:
  enum class State {
    queued,    // 9.3.1 (5)
    inviting,  // no final response yet
    accepted,  // the file has not begun to arrive
    sending,
    complete,  // it has confirmed every octet
    ended,
  };

  FileTransferLeg(LegId id, FileTransferTarget target) : id_{id}, target_{std::move(target)} {}

  State state() const { return state_; }
  const FileTransferTarget& target() const { return target_; }
  bool is_unfinished() const { return state_ != State::complete && state_ != State::ended; }
  bool has_accepted() const { return dialog_.has_value() || state_ == State::complete; }
  int failed_with() const {
    return failed_with_;
  }  // the status that ended it before it had accepted; 0: none
  // It has accepted, and broke off: it may go on with what it lacks. G-29
  bool may_go_on() const { return state_ == State::ended && may_go_on_ && !has_refused_; }
  bool has_accepted_once() const { return session_ || may_go_on_ || is_whole_; }
  bool has_refused() const { return has_refused_ || failed_with_ == 603; }
  bool is_whole() const { return is_whole_; }  // it has confirmed every octet
  std::uint64_t confirmed() const { return confirmed_; }
  const std::optional<sip::DialogId>& dialog() const { return dialog_; }
  Deadline deadline() const { return patience_; }

  void wait(Turn& turn, TransferId transfer);
  void invite(Turn& turn, TransferId transfer, const FileTransferPlan& plan);

  // The final response. False: it ended the leg.
  bool answered(Turn& turn, TransferId transfer, const sip::ResponseReceived& answer);

  // Begins to send, once it has accepted and the file has begun to arrive.
  void send(Turn& turn, const cpm::FileSpool& spool, const FileTransferPlan& plan);
  void sent(std::uint64_t size);
  void progressed(std::uint64_t confirmed);

  // Its participant has asked for the rest itself: our 200. G-29
  void give(Turn& turn, TransferId transfer, const FileTransferPlan& plan,
            const PeerRequest& request, const cpm::FileTransferOffer& asked);

  // Answers a re-INVITE of the receiver's. With port 0 it closes its file (RFC 5547 8.4): that is
  // for the caller to do.
  enum class Reinvited { goes_on, closed };
  Reinvited reinvited(Turn& turn, const PeerRequest& request);

  // BYE, CANCEL, '#': whatever it still takes. `status`: why, if it had not accepted.
  void end(Turn& turn, TransferId transfer, std::string_view reason, int status = 0);
  void hung_up() { dialog_.reset(); }      // the receiver's BYE came
  void refused() { has_refused_ = true; }  // 413 and the like: it does not want the file

 private:
  LegId id_;
  FileTransferTarget target_;
  State state_ = State::queued;
  std::optional<sip::RequestId> invite_;
  std::optional<sip::DialogId> dialog_;
  std::optional<msrp::SessionKey> session_;
  std::optional<msrp::OutgoingId> outgoing_;
  std::optional<AgreedFile> agreed_;  // with ours_
  std::optional<cpm::FileMedia> ours_, theirs_;
  Deadline patience_;            // while inviting
  bool counts_ = false;          // as running, in the queue's books
  std::uint64_t prefix_ = 0;     // octets of its CPIM wrapper
  std::uint64_t confirmed_ = 0;  // of the file, with those it had before
  bool is_whole_ = false;
  bool may_go_on_ = false;
  bool has_refused_ = false;
  int failed_with_ = 0;
};

std::string_view name_of(FileTransferLeg::State state);

}  // namespace convene::controlling
