#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "controlling/file_transfer_leg.h"
#include "controlling/group_file_transfer.h"
#include "controlling/identifiers.h"
#include "controlling/snapshot.h"
#include "controlling/turn.h"
#include "cpm/file_spool.h"

namespace convene::controlling {

// One file from one member to the others; or, in no session, one file or large message to an
// audience (CPM 9.1.2: only the SDP differs). Owned by the ControllingFunction beside the group
// sessions, so that the end of the chat does not touch it, nor the other way round: R6.9.
//
// The roster is that of the beginning (G-07), and whoever joins within the late-join window (G-06).
// What arrives is spooled and sent on while it grows; each receiver goes at its own pace and fails
// alone.
class FileTransfer {
 public:
  FileTransfer(TransferId id, FileTransferPlan plan, TimePoint now, const Policy& policy);

  GroupId group() const { return plan_.group; }
  bool is_over() const { return is_over_; }  // everything has been given back: forget it
  bool has_leg_to(std::string_view participant) const;
  ReportKey report_key() const;  // without a Message-ID: nobody reports
  const std::string& sender() const { return plan_.sender.address; }

  // file_transfer.cc
  void start(Turn& turn);
  void participant_joined(Turn& turn, const FileTransferTargets& targets);  // G-06
  void serve(Turn& turn);             // no sender: who lacks something of a kept file asks. G-29
  void session_released(Turn& turn);  // nobody can join any more
  void participant_removed(Turn& turn, std::string_view participant);  // G-07
  void may_begin(Turn& turn, LegId leg);  // its turn in the queue has come
  bool takes_late_joiners(TimePoint now) const {
    return !sender_is_gone_ || now < late_join_until_;
  }

  // The receivers: file_transfer_receivers.cc
  void receiver_answered(Turn& turn, LegId leg, const sip::ResponseReceived& answer);
  void receiver_ended(Turn& turn, LegId leg, std::string_view why);  // its dialog
  void receiver_reinvited(Turn& turn, LegId leg, const PeerRequest& request);
  // Whether it is of this file that a receiver lacks a part, and what it is given. G-29
  bool can_give(std::string_view participant, const sdp::FileSelector& selector,
                std::uint64_t from) const;
  void give(Turn& turn, FileTransferTarget target, const PeerRequest& request,
            const cpm::FileTransferOffer& asked);
  void message_sent(Turn& turn, LegId leg);
  void message_failed(Turn& turn, LegId leg, int status);
  void message_progressed(LegId leg, std::uint64_t confirmed);
  void receiver_media_failed(Turn& turn, LegId leg, std::string_view why);

  // The sender: file_transfer_sender.cc
  void sender_cancelled(Turn& turn);
  void sender_ended(Turn& turn);  // its dialog
  void sender_reinvited(Turn& turn, const PeerRequest& request);
  void message_begun(Turn& turn, const msrp::MessageBegun& message);
  void message_grew(Turn& turn, const msrp::MessageGrew& message);
  void message_received(Turn& turn, const msrp::MessageReceived& message);
  void message_aborted(Turn& turn, const msrp::MessageAborted& message);
  void sender_media_failed(Turn& turn, std::string_view why);

  void wake(Turn& turn);
  Deadline deadline() const;
  TransferView view() const;

 private:
  void invite(Turn& turn, const FileTransferTarget& target);
  bool may_be_asked_otherwise(const Turn& turn, const sip::Message& refusal,
                              FileTransferTarget& target) const;
  void answer_sender(Turn& turn);
  void refuse_sender(Turn& turn);
  void feed(Turn& turn);              // what has arrived may go out
  void settle(Turn& turn);            // looks at where all this stands, and ends what is over
  enum class Rest { dropped, kept };  // what is here of the file, for who asks for the rest. G-29
  void abort(Turn& turn, std::string_view why, Rest rest = Rest::dropped);
  void give_back(Turn& turn, Rest rest);
  std::string whole_sha1() const;  // empty: not known, so nothing of it can go on
  void broke_off(Turn& turn, LegId leg);
  void invite_again(Turn& turn);
  void end_sender(Turn& turn);
  bool is_anybody_unfinished() const;
  // file_transfer_reports.cc
  void tell_copies(Turn& turn);
  void tell_copy(Turn& turn, const std::string& recipient, CopyNews::Fate fate);
  const cpim::Message* asks_for_reports() const;
  std::uint64_t most_octets(const Turn& turn) const;
  std::string contact(const Turn& turn) const;  // towards its sender
  void log(const Turn& turn, std::string_view text, std::string_view who,
           std::string_view why = {}) const;

  TransferId id_;
  FileTransferPlan plan_;
  cpm::FileSpool spool_;
  std::map<LegId, FileTransferLeg> legs_;
  struct Again {  // a receiver that broke off is invited again. G-29
    FileTransferTarget target;
    TimePoint at;
  };
  std::vector<Again> again_;
  std::map<std::string, std::size_t> retries_;
  std::set<std::string> told_;  // receivers of whose end the group session has been told

  // The sender's side.
  bool is_answered_ = false;  // 200 has been sent
  bool sender_is_gone_ = false;
  std::optional<sip::DialogId> dialog_;
  std::optional<msrp::SessionKey> session_;
  std::optional<msrp::IncomingId> incoming_;
  std::optional<AgreedFile> agreed_;  // once our 200 has said it

  bool is_over_ = false;
  Deadline unanswered_until_;    // G-08: until somebody accepts
  Deadline begin_until_;         // answered: until its first octet
  Deadline sender_bye_until_;    // all have it, the sender is still there
  Deadline bye_overtook_until_;  // the sender's BYE came before its last octets
  TimePoint late_join_until_;
  TimePoint longest_until_;
};

}  // namespace convene::controlling
