#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include "controlling/create_session_with_participant.h"
#include "controlling/durable_state.h"
#include "controlling/file_transfer_targets.h"
#include "controlling/group_legs.h"
#include "controlling/identifiers.h"
#include "controlling/invitation.h"
#include "controlling/invitation_limit.h"
#include "controlling/member.h"
#include "controlling/participant_information.h"
#include "controlling/refer_request.h"
#include "controlling/referrals.h"
#include "controlling/report_ledger.h"
#include "controlling/snapshot.h"
#include "controlling/turn.h"
#include "cpim/message.h"
#include "cpm/session_offer.h"
#include "groups/group_document.h"

namespace convene::controlling {

// What a group is from its creation on.
struct GroupProfile {
  std::string focus;  // the CPM Group Session Identity: a URI
  GroupType type = GroupType::open;
  sdp::TypeList wrapped_types = {};    // what may be inside CPIM; learnt from the creator's offer
  Invitation invitation = {};          // the newest: of the creator, then of who rejoined
  std::string recipient_history = {};  // RFC 5366 5: for the INVITEs of the first session
  std::string document = {};           // the group document of a pre-defined group; empty: none
  std::optional<groups::GroupDocument> predefined = {};  // what it says; nothing: an ad-hoc group
};

// A request from a peer, with who that is.
struct PeerRequest {
  sip::ServerTransactionId transaction;
  const sip::Message& message;
  sip::NameAddr originator;  // authenticated
  cpm::Ids ids = {};
};

// One group: its members, who of them is in the session, their chat, and who is told about it.
// Owned by the ControllingFunction beside the file transfers.
//
// Active while it has a session. After the release its state stays as long as the policy says, and
// a member's INVITE makes it active again (conversation 6.4). Each procedure has its own file.
class GroupSession {
 public:
  GroupSession(GroupId id, GroupProfile profile, std::vector<Member> members);
  GroupSession(GroupId id, GroupRecord record, WallTime now,
               TimePoint kept_until);  // as it was stored

  GroupId id() const { return id_; }
  const GroupProfile& profile() const { return profile_; }
  bool is_active() const { return is_active_; }
  bool is_dissolved() const { return is_dissolved_; }
  bool is_over() const { return is_over_; }  // nothing is kept any more: forget it
  const Member* member(std::string_view address) const;
  const ParticipantLeg* leg(LegId id) const { return legs_.find(id); }
  std::size_t members() const { return members_.size(); }
  bool is_in_session(std::string_view address) const;
  bool somebody_is_coming() const;  // invited, and not yet in
  bool allows_anonymity(const Turn& turn, std::string_view address) const;  // R1.17

  // joining.cc, conversation 6.1, 6.3, 6.4: an INVITE to create, join or rejoin. Answers it.
  void join(Turn& turn, const PeerRequest& request);
  void restart(Turn& turn, const PeerRequest& request, std::vector<Member> members);
  // predefined_group_session.cc, conversation 6.2
  void redefine(groups::GroupDocument document, std::vector<Member> members);
  void acknowledged(Turn& turn, LegId leg);
  void cancelled(Turn& turn, LegId leg);  // a creator who was still waiting

  // adding_participants.cc (conversation 6.5), removing_participants.cc (CPM 9.2.11): a REFER of
  // `sender`'s, in the chat's dialog or outside any.
  void referred(Turn& turn, const PeerRequest& request, const std::string& sender,
                std::optional<sip::DialogId> dialog);
  void referral_ended(sip::DialogId dialog) { referrals_.dialog_ended(dialog); }
  void referral_resubscribed(Turn& turn, sip::DialogId dialog, const PeerRequest& request);

  // leg_refresh.cc: the newest Contact of a leg counts (A20, G-40).
  void reinvited(Turn& turn, LegId leg, const PeerRequest& request);
  void refreshed(Turn& turn, LegId leg, const sip::NameAddr& contact);

  // inviting.cc, CPM 9.2.10 (15) and what follows it.
  void invite_everybody(Turn& turn);  // who has no leg
  void answered(Turn& turn, LegId leg, const sip::ResponseReceived& answer);

  // session_leaving.cc, CPM 9.2.7
  void dialog_ended(Turn& turn, LegId leg, const sip::DialogEnded& end);

  // release_policy.cc, conversation 6.8
  enum class Release {
    too_few_joined,
    too_few_members,
    creator_left,
    idle,
    longest,
    administrator
  };
  void release(Turn& turn, Release why);

  // media_plane.cc, CPM 9.2.12
  void message_received(Turn& turn, LegId leg, const msrp::MessageReceived& message);
  void nickname_requested(Turn& turn, LegId leg, const msrp::NicknameRequested& request);
  void media_failed(Turn& turn, LegId leg, std::string_view why);

  // report_routing.cc: a SIP MESSAGE to the focus.
  void page_received(Turn& turn, const PeerRequest& request);
  // waiting_reports.cc: the answer to a report that went as a SIP MESSAGE.
  void page_answered(Turn& turn, const sip::ResponseReceived& answer);

  void report_lost(Turn& turn, std::uint64_t report);

  // failure_reports.cc, RFC 5438 8: what became of the copies of what asks for reports.
  void copy_arrived(LegId leg, msrp::OutgoingId copy);
  void copy_failed(Turn& turn, LegId leg, msrp::OutgoingId copy);
  void file_begins(Turn& turn, const std::string& sender, const cpim::Message& wrapper);
  void copy_news(Turn& turn, const CopyNews& news);

  // group_information.cc, CPM 9.2.14
  void subscribed(Turn& turn, const PeerRequest& request);
  void resubscribed(Turn& turn, sip::DialogId dialog, const PeerRequest& request);
  void subscription_ended(sip::DialogId dialog) { information_.ended(dialog); }
  conference::ConferenceInfo information(const Turn& turn) const;

  // group_state.cc, CPM 9.2.7 (5), R6.8: what outlives the server.
  void answer_when_durable(Turn& turn, WaitingAnswer answer);
  bool keep_state(Turn& turn);
  void state_stored(Turn& turn, std::uint64_t revision, bool is_stored);
  bool was_stored() const { return state_.stored || state_.revision > 0; }

  // What CPM 9.3.1 looks at: one candidate per member in the session, but `sender`.
  std::vector<Candidate> candidates(std::string_view sender) const;

  void wake(Turn& turn);
  Deadline deadline() const;
  GroupView view() const;

 private:
  Member* find_member(std::string_view address);
  const Member* shown_member(
      std::string_view address) const;                  // by what the others see; also who has left
  const Member* known(std::string_view address) const;  // a member, or one who has left
  ParticipantLeg* find_leg(LegId id) { return legs_.find(id); }
  ParticipantLeg& add_leg(Turn& turn, const Member& member);
  std::size_t legs_of(std::string_view address) const { return legs_.of(address).size(); }
  std::size_t members_in_session() const;
  std::string id_text() const { return profile_.invitation.ids.contribution; }

  Member& add_member(Member member);  // who was one before keeps the pseudonym
  void strike_member(Turn& turn, const std::string& address, const Standing& standing);

  cpm::Granted<> may_refer(const Turn& turn, const std::string& sender,
                           const ReferRequest& wanted) const;
  cpm::Granted<> limit_invitations(Turn& turn, ReferRequest& wanted);
  std::size_t pending_referrals() const;
  void refer_kept(Turn& turn, const WaitingAnswer& waiting, const AcceptedRefer& refer);
  void tell_referrer(Turn& turn, const sip::Message& request, sip::DialogId dialog,
                     const AcceptedRefer& refer);
  bool may_remove(const Turn& turn, const Member& sender) const;
  void intend_to_remove(Turn& turn, const std::string& address, const std::string& by);
  void stay_after_all(const std::string& address);
  void remove(Turn& turn, const std::string& address);
  bool stays(const Member& member) const { return !removals_.contains(member.address); }
  auto staying() const {
    return members_ | std::views::filter([this](const Member& one) { return stays(one); });
  }
  std::vector<Member> former_then() const;  // with those that will be removed

  void invite(Turn& turn, Member& member, const std::string& inviter = {});
  void give_up_invitations(Turn& turn);
  std::string asserted_identity() const;
  bool invites_members() const {
    return !profile_.predefined || profile_.predefined->invites_members;
  }
  bool has_room_for(std::string_view address) const;
  void send_invite_to(Turn& turn, ParticipantLeg& leg, const Member& member);
  void accepted(Turn& turn, ParticipantLeg& leg, const sip::ResponseReceived& answer);
  void declined(Turn& turn, ParticipantLeg& leg, const sip::Message& response);
  bool try_secure(Turn& turn, ParticipantLeg& leg, const sip::Message& response);
  bool try_interworking(Turn& turn, ParticipantLeg& leg, const sip::Message& response);
  bool may_be_anonymous(Turn& turn, ParticipantLeg& leg, const sip::Message& response);

  // anonymity.cc: CPM 9.2.10, RFC 3323, 3325
  void hide(Turn& turn, Member& member);
  bool is_shown(const Turn& turn, const Member& member) const;
  std::string shown_inviter(const Turn& turn, const sip::NameAddr& inviter) const;
  void joined(Turn& turn, ParticipantLeg& leg);

  enum class Coming { alone, with_others };
  void come_in(Turn& turn, const PeerRequest& request, Coming how, std::vector<Member> others);
  std::vector<std::string> add_members(Turn& turn, std::vector<Member> members);
  cpm::Granted<> admit(Turn& turn, const PeerRequest& request);
  void begin_session(Turn& turn, const PeerRequest& request, const cpm::ChatDescription& offer);
  void admitted(Turn& turn, const WaitingAnswer& waiting, const Admission& admission);
  void renegotiate(Turn& turn, ParticipantLeg& leg, const cpm::MsrpMedia& theirs, sdp::Setup setup);
  void make_room(Turn& turn, const std::string& address, const cpm::Capabilities& capabilities);
  void accept_leg(Turn& turn, ParticipantLeg& leg, sip::ServerTransactionId transaction,
                  const sip::Message& request, const cpm::ChatDescription& offer, bool is_creation);
  void answer_waiting_creator(Turn& turn);
  void refuse_waiting_creator(Turn& turn, int status);

  // The leg is gone: its member stays, and stands like this if it was the last one.
  void drop_leg(Turn& turn, LegId leg, std::string_view bye_reason, Standing standing);
  void leave(Turn& turn, std::string address, const Standing& standing);  // struck from the list
  void apply_release_policy(Turn& turn);

  GroupRecord record() const;
  bool is_kept_as(const GroupRecord& kept) const;
  bool has_same_members(const GroupRecord& kept) const;
  bool has_same_answers(const GroupRecord& kept) const;
  bool is_kept(const Turn& turn) const;
  void put_off_answers(const Turn& turn, bool has_news);
  std::uint64_t revision_to_wait_for() const;
  bool answer_waiting(Turn& turn);
  void give(Turn& turn, WaitingAnswer waiting);
  bool refuse_waiting(Turn& turn);
  void refuse_overdue(Turn& turn);
  void refuse_unkept(Turn& turn, WaitingAnswer waiting);

  int nickname_status(const Turn& turn, const Member& owner, const std::string& nickname) const;
  int relay(Turn& turn, const ParticipantLeg& from, const msrp::MessageReceived& message);
  int relay_report(Turn& turn, const Member& from, cpim::Message report);
  ReportLedger::Fate admit_report(Turn& turn, const Member& from, const Member& to,
                                  cpim::Message& report);
  void deliver_report(Turn& turn, const Member& from, const Member& to, const cpim::Message& report,
                      const cpm::Ids& ids);
  cpm::Ids ids_of_report(Turn& turn) const;
  void deliver_waiting_reports(Turn& turn, ParticipantLeg& leg);
  bool report_arrived(ParticipantLeg& leg, msrp::OutgoingId copy);
  void report_failure(Turn& turn, const ReportKey& key, std::string_view recipient);
  int relay_private(Turn& turn, const ParticipantLeg& from, const Member& to,
                    const cpim::Message& message, const ReportKey& key);
  void relay_to_all(Turn& turn, const ParticipantLeg& from, const cpim::Message& message,
                    const ReportKey& key);
  enum class Kind { to_all, to_one };
  void send_copy(Turn& turn, ParticipantLeg& to, const cpim::TextForMany& text, Kind kind,
                 const ReportKey& key);
  msrp::OutgoingId send_text(Turn& turn, const ParticipantLeg& to, const cpim::TextForMany& text,
                             Kind kind);
  void send_page(Turn& turn, const Member& to, const Member& from, const cpim::Message& message,
                 const cpm::Ids& ids, std::string_view asserted_service);

  conference::User user_of(const Turn& turn, const Member& member) const;
  void changed(std::string_view address);
  void tell(Turn& turn);

  GroupId id_;
  GroupProfile profile_;
  std::vector<Member> members_;               // in the order of the list, the creator first
  std::vector<Member> former_;                // who left: reports on their files still find them
  std::map<std::string, Standing> removals_;  // members that are removed as soon as it is durable
  GroupLegs legs_;                            // of the members
  ParticipantInformation information_;
  Referrals referrals_;
  InvitationLimit by_refer_;
  ReportLedger ledger_;
  bool remembers_all_ = true;  // false: after a restart, when the ledger begins anew
  struct WaitingReport {
    std::string from, to;  // members' addresses
    cpim::Message report;
  };
  struct ReportUnderWay {
    WaitingReport report;
    std::size_t copies = 0;  // of which nobody knows yet
  };
  void send_report(Turn& turn, const std::vector<LegId>& legs, WaitingReport report);
  std::map<std::uint64_t, ReportUnderWay> reports_;  // in MSRP sessions, by number
  std::uint64_t last_report_ = 0;
  std::map<sip::RequestId, WaitingReport> pages_;  // that are not answered
  std::deque<WaitingReport> waiting_;              // until who they are for is in the session again
  std::size_t dropped_reports_ = 0;

  bool is_active_ = false;
  bool is_dissolved_ = false;  // nobody may come back; reports still pass
  bool is_over_ = false;
  std::uint64_t pseudonyms_ = 0;
  Deadline idle_until_, active_until_, kept_until_;
  WallTime created_ = {};
  std::optional<WallTime> released_;  // nothing while it is active
  DurableState state_;

  struct WaitingCreator {  // conversation 6.1, wait_for_first_joiner
    LegId leg;
    sip::ServerTransactionId transaction;
    sip::Message request;
    cpm::ChatDescription offer;
  };
  std::optional<WaitingCreator> waiting_creator_;  // set until somebody joins
};

}  // namespace convene::controlling
