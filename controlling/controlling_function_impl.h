#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "controlling/controlling_function.h"
#include "controlling/deadline_index.h"
#include "controlling/file_transfer.h"
#include "controlling/group_session.h"
#include "controlling/kept_files.h"
#include "controlling/pager_message.h"
#include "controlling/turn.h"

namespace convene::controlling {

// The tables of the focus, and the one place where events find their owners.
class ControllingFunction::Impl {
 public:
  Impl(Policy policy, sip::UserAgentSettings settings, msrp::EndpointSettings media,
       Surroundings surroundings, msrp::BodyStore& bodies);

  void start(const Addresses& addresses);
  void restore(std::vector<GroupRecord> records, TimePoint now, Output& out);
  void stored(StoreId id, bool is_stored, TimePoint now, Output& out);
  bool is_for_us(const sip::Message& request) const;
  bool owns_branch(std::string_view branch) const { return agent_ && agent_->owns_branch(branch); }
  msrp::Endpoint& media() { return media_; }

  // One input: `input` tells the machines what happened; then all that follows from it is done.
  template <class Input>
  void perform(TimePoint now, Output& out, Input input) {
    sip::UserAgentOutput sip;
    msrp::Output msrp;
    input(*agent_, media_, sip, msrp);
    run(now, sip, msrp, out);
  }
  void load_groups(std::vector<groups::GroupDocument> documents) {
    documents_.load(std::move(documents));
  }
  void document_fetched(DocumentId id, const FetchedDocument& document, TimePoint now, Output& out);
  void wake(TimePoint now, Output& out);
  Deadline deadline() const;
  void strip_unless_trusted(sip::Message& message, const sip::Source& source) const;
  Snapshot snapshot() const;

 private:
  Turn turn(TimePoint now, sip::UserAgentOutput& sip, msrp::Output& msrp);
  void run(TimePoint now, sip::UserAgentOutput& sip, msrp::Output& msrp, Output& out);
  bool step(Turn& turn);         // handles what is waiting; false: nothing was
  bool keep_states(Turn& turn);  // of groups that were touched; whether somebody was answered
  void sweep(Output& out);       // forgets what is over, notes new deadlines

  // event_routing.cc
  void handle(Turn& turn, sip::UserAgentEvent& event);
  void handle(Turn& turn, const sip::ResponseReceived& event);
  void handle(Turn& turn, const sip::Cancelled& event);
  void handle(Turn& turn, const sip::Acknowledged& event);
  void handle(Turn& turn, const sip::PeerRefreshed& event);
  void handle(Turn& turn, const sip::DialogEnded& event);
  void handle(Turn& turn, const msrp::Event& event);
  void chat_event(Turn& turn, GroupSession& group, LegId leg, const msrp::Event& event);
  void sender_event(Turn& turn, FileTransfer& transfer, const msrp::Event& event);
  void receiver_event(Turn& turn, FileTransfer& transfer, LegId leg, const msrp::Event& event);
  void handle(Turn& turn, const Notice& notice);
  template <class Action>
  void for_each_transfer_of(GroupId group, Action action);
  void participant_joined(Turn& turn, const ParticipantJoined& notice);

  // group_requests.cc: pre-defined groups, conversation 6.2
  void group_requested(Turn& turn, const PeerRequest& request);
  void hold(Turn& turn, const PeerRequest& request, DocumentId document);
  void held_cancelled(DocumentId document, sip::ServerTransactionId transaction);
  void document_fetched(Turn& turn, DocumentId id, const FetchedDocument& fetched);
  void serve_group(Turn& turn, const PeerRequest& request, const groups::GroupDocument& document);
  void enter_group(Turn& turn, PeerRequest request, const groups::GroupDocument& document);

  // request_routing.cc
  bool give_ids(Turn& turn, PeerRequest& request);
  void handle(Turn& turn, const sip::RequestReceived& event);
  void handle_in_dialog(Turn& turn, const sip::RequestReceived& event);
  void reinvited(Turn& turn, const Owner& owner, const PeerRequest& request);
  void peer_hangs_up(Turn& turn, const Owner& owner, const sip::RequestReceived& event);
  void invited(Turn& turn, const PeerRequest& request);
  void create_group(Turn& turn, const Factory& factory, PeerRequest request);
  bool merge_into_known_group(Turn& turn, const PeerRequest& request,
                              const std::vector<Member>& members);
  void begin_file_transfer(Turn& turn, const PeerRequest& request);
  bool give_rest(Turn& turn, const PeerRequest& request);  // file_rest_requests.cc
  void begin_audience_transfer(Turn& turn, const PeerRequest& request, cpm::Service service,
                               cpm::Granted<Audience> audience);
  void begin_transfer(Turn& turn, const PeerRequest& request, cpm::Granted<FileTransferPlan> plan,
                      std::string_view section);
  void page_received(Turn& turn, const PeerRequest& request);
  void send_page(Turn& turn, const PeerRequest& request, cpm::Granted<Audience> audience);
  void subscribed(Turn& turn, const PeerRequest& request);
  void referred(Turn& turn, const PeerRequest& request);

  // Looking one up means that it may change: it is looked over at the end of the input.
  GroupSession* group(GroupId id);
  GroupSession* group_at(std::string_view uri);  // by its focus URI
  FileTransfer* transfer(TransferId id);

  Policy policy_;
  sip::UserAgentSettings settings_;
  Surroundings world_;
  msrp::BodyStore& bodies_;
  msrp::Endpoint media_;
  std::optional<sip::UserAgent> agent_;  // from start() on
  Addresses addresses_;

  Tables tables_;
  TransferQueue queue_;
  KeptFiles kept_files_;
  std::vector<Notice> notices_;
  std::vector<Store> stores_;
  std::vector<FetchDocument> fetches_;
  GroupDocuments documents_;
  struct HeldRequest {  // until its group's document is here
    sip::ServerTransactionId transaction;
    sip::Message message;
    sip::NameAddr originator;
    cpm::Ids ids;
  };
  std::map<DocumentId, std::vector<HeldRequest>> held_;
  std::map<GroupId, GroupSession> groups_;
  std::map<TransferId, FileTransfer> transfers_;
  std::map<std::string, GroupId, std::less<>> by_focus_;    // address of record
  std::map<std::string, GroupId, std::less<>> by_address_;  // of pre-defined groups
  std::map<std::pair<std::string, std::string>, GroupId>
      by_ids_;  // Conversation-ID, Contribution-ID
  std::map<GroupId, std::set<TransferId>> transfers_of_;
  std::map<MessageId, PagerMessage> messages_;  // whose copies are not all answered

  std::set<GroupId> touched_groups_;
  std::set<TransferId> touched_transfers_;
  DeadlineIndex<GroupId> group_deadlines_;
  DeadlineIndex<TransferId> transfer_deadlines_;
};

}  // namespace convene::controlling
