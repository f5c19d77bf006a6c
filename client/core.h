#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/client.h"
#include "client/delivery_state.h"
#include "client/large_message.h"
#include "client/peer.h"
#include "client/registration.h"
#include "client/relay.h"
#include "client/session_state.h"

namespace convene::client {

// The inside of the client: what it knows, and its procedures. The verbs of Client stand in the
// same files as the procedures they begin.
class Client::Core {
 public:
  Core(Settings own_settings, Surroundings own_surroundings, msrp::BodyStore& body_store);
  void start(const Addresses& own);

  // core.cc: from the machines below to the procedures
  void settle(sip::UserAgentOutput agent_output, TimePoint now, Output& out);
  void settle(msrp::Output media_output, TimePoint now, Output& out);
  void on(sip::RequestReceived& event, TimePoint now, Output& out);
  void on(sip::ResponseReceived& event, TimePoint now, Output& out);
  void on(sip::Cancelled& event, TimePoint now, Output& out);
  void on(sip::Acknowledged& event, TimePoint now, Output& out);
  void on(sip::PeerRefreshed& event, TimePoint now, Output& out);
  void on(sip::DialogEnded& event, TimePoint now, Output& out);
  void on(msrp::Bound& event, TimePoint now, Output& out);
  void on(msrp::MessageBegun& event, TimePoint now, Output& out);
  void on(msrp::MessageGrew& event, TimePoint now, Output& out);
  void on(msrp::MessageReceived& event, TimePoint now, Output& out);
  void on(msrp::MessageAborted& event, TimePoint now, Output& out);
  void on(msrp::MessageSent& event, TimePoint now, Output& out);
  void on(msrp::MessageFailed& event, TimePoint now, Output& out);
  void on(msrp::SendProgress& event, TimePoint now, Output& out);
  void on(msrp::NicknameRequested& event, TimePoint now, Output& out);
  void on(msrp::SessionFailed& event, TimePoint now, Output& out);
  void wake(TimePoint now, Output& out);
  void wake_session(GroupId id, TimePoint now, Output& out);
  void wake_files(FileSessionId id, TimePoint now, Output& out);
  Deadline deadline() const;

  // requests.cc: what all our requests say
  std::string own_name_addr() const;
  std::string own_host() const;  // of our Via
  std::string contact_uri() const;
  std::string contact(std::string_view icsi) const;  // with our tags
  sip::Message make_request(std::string_view method, std::string_view uri);
  sip::Message make_invite(std::string_view uri, std::string_view icsi,
                           std::string_view preferred_service, const cpm::Ids& ids);
  sip::Message make_acceptance(const sip::Message& invite, std::string_view icsi,
                               std::string_view description);
  void ask_for_anonymity(sip::Message& message) const;
  void own(sip::RequestId request, const RequestOwner& owner);
  void send(sip::Message request, const RequestOwner& owner, TimePoint now, Output& out);
  bool send_in(sip::DialogId dialog, sip::Message request, const RequestOwner& owner, TimePoint now,
               Output& out);
  void answer(sip::ServerTransactionId transaction, const sip::Message& request, int status,
              TimePoint now, Output& out);
  void refuse(sip::ServerTransactionId transaction, const sip::Message& request,
              const cpm::Refusal& refusal, TimePoint now, Output& out);
  std::optional<sip::DialogId> respond(sip::ServerTransactionId transaction, sip::Message response,
                                       TimePoint now, Output& out);
  void bye(sip::DialogId dialog, std::string_view reason, TimePoint now, Output& out);
  std::optional<sip::NameAddr> remote_contact(sip::DialogId dialog) const;

  // media.cc: our side of an MSRP m-line
  cpm::SecurityTerms security_terms() const;
  bool listens(bool is_secure) const;
  bool offers_tls() const;
  sdp::Setup offered_setup() const;
  cpm::Granted<sdp::Setup> answered_setup(const cpm::MsrpMedia& offered) const;
  cpm::MsrpMedia new_media(sdp::Setup setup, bool is_secure) const;
  cpm::DescriptionId new_description_id() const;
  msrp::SessionKey open(const MediaPlan& plan, const MediaOwner& owner, TimePoint now, Output& out);
  void close(std::optional<msrp::SessionKey>& key, TimePoint now, Output& out);

  // relay.cc: RFC 4976 5
  void register_at_relay(TimePoint now, Output& out);
  void on(msrp::RelayReady& event, TimePoint now, Output& out);
  void on(msrp::RelayLost& event, TimePoint now, Output& out);
  bool can_be_reached() const { return !settings.relay || relay.is_ready(); }
  Result<> can_offer() const;

  // registration.cc: RFC 3261 10.2
  void send_register(TimePoint now, Output& out);
  std::string registered_contact() const;
  void registration_answered(const sip::Message& response, TimePoint now, Output& out);
  void registration_succeeded(const sip::Message& response, TimePoint now, Output& out);
  void registration_failed(const sip::Message& response, TimePoint now, Output& out);
  void connection_lost(const sip::Destination& destination, TimePoint now);

  // one_to_one_session.cc: CPM 7.3.1.1
  void stop_inviting(GroupId id, TimePoint now, Output& out);
  void is_used(GroupId id, TimePoint now);
  void wake_one_to_one(GroupId id, TimePoint now, Output& out);

  // session_extension.cc: conversation 6.10
  std::string replacing_entry(const GroupSession& one_to_one) const;
  void forget_extension(GroupId group);

  // group_creation.cc: CPM 7.3.1.2, 7.3.1.5
  Result<GroupId> begin_group(NewGroup wanted, std::optional<GroupId> extends, TimePoint now,
                              Output& out);
  std::string recipient_list(const GroupSession& group) const;
  bool has_room_for_session() const;
  void invite_group(GroupId id, GroupInvite kind, TimePoint now, Output& out);
  cpm::MsrpMedia chat_media(const GroupSession& group, sdp::Setup setup, bool is_secure) const;
  void group_answered(GroupId id, const sip::Message& response, std::optional<sip::DialogId> dialog,
                      TimePoint now, Output& out);
  void group_accepted(GroupId id, const sip::Message& response, sip::DialogId dialog, TimePoint now,
                      Output& out);
  void open_chat(GroupId id, msrp::Setup setup, TimePoint now, Output& out);
  void session_is_up(GroupId id, TimePoint now, Output& out);

  // adding_participants.cc: CPM 7.3.1.3
  Result<> can_refer(GroupId id) const;
  void refer(GroupId id, Referred::How how, std::vector<std::string> addresses, TimePoint now,
             Output& out);
  void refer_answered(const OfReferral& referral, const sip::Message& response, Output& out);

  // session_invitation.cc: CPM 7.3.2
  std::optional<GroupId> session_at(std::string_view focus) const;
  std::optional<GroupId> known_session(std::string_view focus, const cpm::Ids& ids) const;
  std::optional<GroupId> replaced_session(const sip::Message& invite) const;
  void session_invited(const sip::RequestReceived& event, TimePoint now, Output& out);
  cpm::Granted<cpm::ChatDescription> chat_to_join(const sip::Message& invite) const;
  void accept_invitation(GroupId id, TimePoint now, Output& out);
  void session_acknowledged(GroupId id, TimePoint now, Output& out);
  void decline(sip::ServerTransactionId transaction, const sip::Message& request,
               const Decline& how, TimePoint now, Output& out);
  void time_out_invitation(GroupId id, TimePoint now, Output& out);
  void offered_again(const sip::RequestReceived& event, TimePoint now, Output& out);

  // participant_information.cc: CPM 7.3.10
  void subscribe(GroupId id, TimePoint now, Output& out);
  void subscribe_again(GroupId id, TimePoint now, Output& out);
  void subscription_answered(GroupId id, const sip::Message& response,
                             std::optional<sip::DialogId> dialog, TimePoint now);
  void notified(const sip::RequestReceived& event, TimePoint now, Output& out);
  std::optional<GroupId> subscription_of(const sip::RequestReceived& event);
  void remember_members(GroupSession& group) const;
  void read_participants(GroupId id, std::string_view document, TimePoint now, Output& out);
  void subscription_ended(GroupId id, std::string_view reason, TimePoint now);
  void wake_subscription(GroupId id, TimePoint now, Output& out);
  void let_subscription_end(GroupSession& group, TimePoint now) const;
  void forget_subscription(GroupSession& group);
  std::vector<Participant> roster(const GroupSession& group) const;

  // chat.cc
  Result<> can_chat(GroupId id) const;
  cpim::Message new_chat_message(GroupId group, std::string_view to, std::string_view id,
                                 TimePoint now) const;
  std::string new_imdn_id() const;
  std::string date_time(TimePoint now) const;
  void send_message(GroupId id, msrp::OutgoingMessage message, std::optional<std::string> imdn_id,
                    TimePoint now, Output& out);
  void chat_received(GroupId id, const msrp::MessageReceived& event, TimePoint now, Output& out);
  void take_chat(GroupId id, const cpim::Message& message, const Origin& origin, TimePoint now,
                 Output& out);
  bool is_private(GroupId id, const cpim::Message& message) const;
  Person speaker(GroupId id, const cpim::Message& message) const;
  void take_composing(GroupId id, const Person& from, std::string_view document, Output& out);

  // standalone_message.cc, standalone_message_intake.cc: CPM 7.2
  Result<> can_send(const StandaloneMessage& message) const;
  cpim::Message new_standalone_message(const StandaloneMessage& message, std::string_view imdn_id,
                                       TimePoint now) const;
  void send_page(const StandaloneMessage& message, const cpim::Message& content,
                 std::string imdn_id, TimePoint now, Output& out);
  std::string target_of(const StandaloneMessage& message) const;
  cpm::Ids ids_of(const StandaloneMessage& message, const sip::Message& request) const;
  void write_recipients(sip::Message& request, const StandaloneMessage& message,
                        std::string_view option) const;
  void page_answered(const OfPage& page, const sip::Message& response, Output& out) const;
  void message_received(const sip::RequestReceived& event, TimePoint now, Output& out);
  void take_standalone(const sip::Message& request, cpim::Message content, TimePoint now,
                       Output& out);

  // large_message.cc, large_message_intake.cc: CPM 7.2.1.2
  Result<> has_room_for_message() const;
  void send_large(const StandaloneMessage& message, std::string octets, std::string imdn_id,
                  TimePoint now, Output& out);
  void large_answered(MessageId id, const sip::Message& response,
                      std::optional<sip::DialogId> dialog, TimePoint now, Output& out);
  void large_sent(MessageId id, TimePoint now, Output& out);
  void fail_large(MessageId id, int status, TimePoint now, Output& out);
  void end_large(MessageId id, TimePoint now, Output& out);
  void large_closed(MessageId id, TimePoint now, Output& out);
  void wake_message(MessageId id, TimePoint now, Output& out);
  void large_offered(const sip::RequestReceived& event, TimePoint now, Output& out);
  void large_acknowledged(MessageId id, TimePoint now, Output& out);
  void open_large(MessageId id, msrp::Setup setup, TimePoint now, Output& out);
  void large_received(MessageId id, const msrp::MessageReceived& event, TimePoint now, Output& out);

  // delivery_reports.cc
  void remember_reported(std::string id, GroupId group, const std::string& to = {});
  void remember_reported(std::string id, const std::vector<std::string>& to);
  std::vector<Delivery> expected_recipients(GroupId group, const std::string& to) const;
  void take_report(GroupId via, const cpim::Message& message, const Origin& origin, Output& out);
  std::string who_copies(const DeliveryStates::Sent& about) const;
  bool may_report(const DeliveryStates::Sent& about, GroupId via, const std::string& recipient,
                  const Origin& origin) const;
  void report(GroupId id, const cpim::Message& original, imdn::Disposition disposition,
              imdn::Status status, std::string_view conversation, TimePoint now, Output& out);
  void report_by_message(const cpim::Message& report, std::string_view conversation, TimePoint now,
                         Output& out);

  struct Failure {  // of a file
    int status = 0;
    std::string reason = {};
    bool broke_off = false;  // may go on another time
    bool hung_up = false;    // a BYE: of the focus, too, when it lost the sender
  };

  // file_transfer_initiation.cc: CPM 7.4.1
  Result<> can_send(const FileToSend& file) const;
  Result<> can_exchange_files(const FileDestination& with, std::size_t count) const;
  Result<> can_exchange_files(const std::vector<std::string>& list, std::size_t count) const;
  bool has_room_for_files(std::size_t count) const;
  TransferId add_file(GroupId group, FileToSend file);
  void start_files(const FileDestination& to, const std::vector<TransferId>& files, TimePoint now,
                   Output& out);
  cpm::FileMedia new_line(const FileTransfer& transfer) const;
  void add_icon(const FileSession& session, const FileTransfer& transfer, cpm::FileMedia& line);
  void add_wrapper(const FileSession& session, FileTransfer& transfer, cpm::FileMedia& line,
                   TimePoint now);
  void remember_reported(const FileSession& session);
  void write_offer(FileSession& session, TimePoint now);
  sip::Message make_file_invite(FileSession& session);
  void invite_for_files(FileSessionId id, TimePoint now, Output& out);

  // file_transfer_in_session.cc: CPM 7.4.1.1
  Result<> can_receive_files(const GroupSession& group) const;
  void start_waiting_files(GroupId id, TimePoint now, Output& out);

  // file_transfer_answer.cc: RFC 5547 8.4
  void files_answered(FileSessionId id, const sip::Message& response,
                      std::optional<sip::DialogId> dialog, TimePoint now, Output& out);
  void files_accepted(FileSessionId id, const sip::Message& response, TimePoint now, Output& out);
  void file_accepted(TransferId id, const cpm::FileMedia& answer, TimePoint now, Output& out);
  void file_is_given(TransferId id, const cpm::FileMedia& answer, TimePoint now, Output& out);

  // further_files.cc: CPM 7.4.1 (2)
  std::optional<FileSessionId> file_session_to(const FileDestination& to) const;
  bool offers_further_files(FileSessionId id, TimePoint now, Output& out);
  void offer_again(FileSessionId id, TimePoint now, Output& out);
  void further_files_refused(FileSessionId id, const sip::Message& response, TimePoint now,
                             Output& out);

  // file_receiving.cc: RFC 5547 8.3, conversation 14
  void files_offered(const sip::RequestReceived& event, TimePoint now, Output& out);
  std::optional<cpm::Refusal> why_not(const cpm::FileMedia& file, bool is_from_focus,
                                      std::string_view originator) const;
  TransferId take_line(FileSessionId id, std::size_t line);
  void tell_offer(TransferId id, Output& out);
  static std::string key_of_file(const FileTransfer& transfer);  // empty: it has no id
  void accept_by_itself(FileSessionId id, TimePoint now, Output& out);
  std::optional<GroupId> session_of(const sip::Message& invite, const cpm::Ids& ids) const;
  void decide(FileSessionId id, const Decline& how, TimePoint now, Output& out);
  void answer_offer(FileSessionId id, TimePoint now, Output& out);
  cpm::FileMedia answer_line(TransferId id, const cpm::FileMedia& offered);
  void time_out_offer(FileSessionId id, TimePoint now, Output& out);
  void offer_cancelled(FileSessionId id, TimePoint now, Output& out);
  void offer_is_gone(FileSessionId id, const Failure& why, TimePoint now, Output& out);
  void files_acknowledged(FileSessionId id, TimePoint now, Output& out);

  // file_offer_again.cc: RFC 5547 8.3.1
  void files_offered_again(FileSessionId id, const sip::RequestReceived& event, TimePoint now,
                           Output& out);
  bool line_offered_again(FileSessionId id, std::size_t line, TimePoint now, Output& out);
  void close_line(FileSessionId id, std::size_t line, std::string why, TimePoint now, Output& out);

  // file_pull.cc: RFC 5547 8.2
  TransferId add_wanted(const FileDestination& from, sdp::FileSelector selector);

  // file_media.cc: the MSRP session of one file
  void open_file(TransferId id, TimePoint now, Output& out);
  void send_octets(TransferId id, TimePoint now, Output& out);
  Result<> plan_sending(FileTransfer& transfer) const;
  void file_sent(TransferId id, TimePoint now, Output& out);

  // file_octets.cc: the same, once octets come
  void file_begins(TransferId id, const msrp::MessageBegun& event, TimePoint now, Output& out);
  void file_grew(TransferId id, const msrp::MessageGrew& event, TimePoint now, Output& out);
  void file_is_whole(TransferId id, const msrp::MessageReceived& event, TimePoint now, Output& out);
  void file_is_wrong(TransferId id, msrp::IncomingId message, const Error& error, TimePoint now,
                     Output& out);
  void report_on_file(TransferId id, imdn::Status status, TimePoint now, Output& out);

  // file_resumption.cc: conversation 14.10
  bool keep_begun(TransferId id, TimePoint now);
  const BegunFile* begun_file(std::string_view originator, const sdp::FileSelector& selector) const;
  void use_begun(FileTransfer& transfer, std::uint64_t octets);
  void forget_begun(TimePoint now);

  // file_transfer_end.cc: CPM 7.4.3
  bool is_live(std::optional<TransferId> file) const;
  bool has_live_files(const FileSession& session) const;
  void fail_file(TransferId id, Failure failure, TimePoint now, Output& out);
  void tell_failure(TransferId id, Failure failure, TimePoint now, Output& out);
  void file_is_over(FileSessionId id, TimePoint now, Output& out);
  void fail_files(FileSessionId id, const Failure& failure, TimePoint now, Output& out);
  void end_files(FileSessionId id, TimePoint now, Output& out);
  void forget_file(TransferId id, TimePoint now, Output& out);
  void stop_receiving(TransferId id, TimePoint now, Output& out);
  void files_closed(FileSessionId id, const sip::DialogEnded& event, TimePoint now, Output& out);

  // leaving.cc: CPM 7.3.5
  Result<> hang_up(GroupId id, std::string_view reason, EndReason why, TimePoint now, Output& out);
  void say_goodbye(GroupId id, std::string_view reason, TimePoint now, Output& out);
  void hung_up(sip::DialogId dialog, TimePoint now, Output& out);
  void session_closed(GroupId id, const sip::DialogEnded& event, TimePoint now, Output& out);
  void end_session(Ended event, TimePoint now, Output& out);
  void fail_chats(GroupId id, Output& out);
  void revive(GroupId id);
  void drop_leg(GroupId id, TimePoint now, Output& out);
  void forget_oldest_sessions();

  GroupSession* find(GroupId id);
  const GroupSession* find(GroupId id) const;
  FileTransfer* find(TransferId id);
  const FileTransfer* find(TransferId id) const;
  FileSession* find(FileSessionId id);
  const FileSession* find(FileSessionId id) const;
  LargeMessage* find(MessageId id);
  std::optional<MediaOwner> owner_of(msrp::SessionKey key) const;

  Settings settings;
  Surroundings surroundings;
  msrp::BodyStore& bodies;
  Addresses addresses;
  std::string own_address_of_record;
  std::string contact_user;             // of our Contact
  std::string registrar_uri;            // Request-URI of REGISTER
  std::optional<sip::UserAgent> agent;  // set by start()
  msrp::Endpoint endpoint;
  Registration registration;
  Relay relay;

  std::map<GroupId, GroupSession> sessions;
  std::map<TransferId, FileTransfer> transfers;
  std::map<FileSessionId, FileSession> file_sessions;
  std::deque<BegunFile> begun_files;
  std::map<MessageId, LargeMessage> large_messages;
  std::uint64_t last_number = 0;  // of all of them
  std::deque<GroupId> ended;      // the oldest first

  std::map<sip::RequestId, RequestOwner> requests;
  std::map<sip::DialogId, DialogOwner> dialogs;
  std::map<sip::ServerTransactionId, OfferOwner> offers;
  std::map<msrp::SessionKey, MediaOwner> media;
  std::map<sip::DialogId, msrp::SessionKey> closing;  // when our BYE is over
  std::map<msrp::OutgoingId, Reported> chats;         // under way
  std::map<msrp::OutgoingId, Nickname> nicknames;     // asked for
  std::deque<Unread> unread;
  SeenMessages seen;
  SeenMessages seen_files;  // that we have, whole: by what their wrappers say
  DeliveryStates deliveries;
  std::size_t dropped_reports = 0;
};

}  // namespace convene::client
