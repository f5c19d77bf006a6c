#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/surroundings.h"
#include "client/delivery_state.h"
#include "client/event.h"
#include "client/ids.h"
#include "client/settings.h"
#include "cpim/imdn_headers.h"
#include "cpm/capabilities.h"
#include "cpm/ids.h"
#include "msrp/body_store.h"
#include "msrp/endpoint.h"
#include "sip/user_agent.h"

namespace convene::client {

// What the client asks of its node, and what it tells its user, in order.
struct Output {
  std::vector<sip::Send> sends;
  std::vector<msrp::Effect> msrp;
  std::vector<Event> events;
};

// Who shall be in a group. CPM 7.3.1.2
struct NewGroup {
  std::string subject;               // empty: none
  std::vector<std::string> members;  // CPM addresses, without our own
};

// A session with one other user. CPM 7.3.1.1
struct NewSession {
  std::string peer;     // the other user's CPM address
  std::string subject;  // empty: none
  cpm::Ids ids;         // of the thread it continues, as far as known; what is empty is drawn
};

// A group that exists: its identity, and the ids it was created with. Conversation 6.3, 6.4
struct KnownGroup {
  std::string focus;
  cpm::Ids ids;                           // empty: a new Conversation-ID and Contribution-ID
  std::string subject;                    // empty: unknown
  std::vector<std::string> members = {};  // who is in it: a focus that forgot it begins anew
};

struct ChatMessage {
  std::string octets;
  std::string content_type = "text/plain;charset=UTF-8";
  cpim::DispositionNotification wants = {.positive_delivery = true};
  std::string to = {};  // one participant alone (RFC 7701 6); empty: everybody
};

// A message outside any session. CPM 7.2
struct StandaloneMessage {
  std::vector<std::string> to;  // a user or a pre-defined group alone; or several, as a list
  std::vector<std::string> cc = {};
  std::vector<std::string> bcc = {};
  std::string octets = {};
  std::string content_type = "text/plain;charset=UTF-8";
  cpim::DispositionNotification wants = {.positive_delivery = true};
  std::string conversation = {};  // Conversation-ID of the thread; empty: a new one
  std::string in_reply_to = {};   // Contribution-ID of the message it answers; empty: none
};

struct FileToSend {
  msrp::BodyId body;  // stays the caller's: keep it until FileSent or FileFailed
  std::string name;
  std::string type = "application/octet-stream";
  std::uint64_t size = 0;
  std::string sha1 = {};  // 20 octets; empty: not said
  std::optional<Thumbnail> thumbnail = {};
  cpim::DispositionNotification wants = {};  // R4.1h: reports from each recipient
  std::string disposition = "attachment";
  std::uint64_t begun = 0;  // octets that the receiver has already: FileFailed told. Needs `sha1`
};

// Where files go, or come from: the members of a session of ours, or one user outside of any, or
// (they only go) those of a list or of a pre-defined group.
struct FileDestination {
  GroupId group = {};                  // the value 0: none
  std::string address = {};            // a CPM address; only without `group`
  std::vector<std::string> list = {};  // several CPM addresses, instead of `address`. RFC 5366
  cpm::Ids ids = {};  // outside: of the thread it belongs to; what is empty is drawn
};

// A file that somebody else has, as far as we know it. R4.1d.ii
struct WantedFile {
  std::string name = {};  // empty, 0: unknown
  std::string type = {};
  std::uint64_t size = 0;
  std::string sha1 = {};  // 20 octets
};

// How an invitation is declined. R2.5
struct Decline {
  enum class How { decline, busy, redirect };
  How how = How::decline;
  std::string to = {};  // redirect: where else, a URI
};

enum class SessionState { creating, invited, accepting, active, ended };

// A session as it is now.
struct Session {
  SessionState state = SessionState::creating;
  bool is_group = true;
  std::string focus;  // the Group Session Identity; empty while it is being created
  std::string peer;   // between two: the other user's address; empty: stays unknown
  std::string subject;
  cpm::Ids ids;
  cpm::Capabilities capabilities;  // of the focus, or of the other user
  std::vector<Participant> roster;
  bool can_send_chat = false;  // active, and its MSRP session stands
};

enum class TransferState { offered, waiting, running, over };
enum class TransferDirection { sending, receiving };

struct Transfer {
  TransferDirection direction = TransferDirection::sending;
  TransferState state = TransferState::offered;
  GroupId group;
  std::string name;
  std::string type;
  std::uint64_t size = 0;
  std::uint64_t octets = 0;  // done so far
  std::string imdn_id;       // what DeliveryReports of it will name; empty: none asked for
};

// The CPM Client: registers, is in groups, chats, sends and receives files. Pure; one SIP entity.
//
// Verbs come back at once; what becomes of them is told by events. A verb that cannot be begun says
// why: not_found (no such session or transfer), out_of_order (not now), unsupported (the other side
// cannot), too_large. A session and a file transfer are owned side by side: the end of one is not
// the end of the other (change 6).
class Client {
 public:
  // `bodies` outlives the client.
  Client(Settings settings, Surroundings surroundings, msrp::BodyStore& bodies);
  ~Client();
  Client(Client&&) noexcept;

  // Before anything else, once the addresses are known.
  void start(const Addresses& addresses, TimePoint now, Output& out);

  // Registration. RFC 3261 10.2
  void register_user(TimePoint now, Output& out);  // and again before it expires
  void unregister(TimePoint now, Output& out);

  // Sessions. CPM 7.3.1.1, 7.3.1.2, 7.3.1.5, 7.3.2, 7.3.5
  Result<GroupId> create_session(NewSession session, TimePoint now, Output& out);
  Result<GroupId> create_group(NewGroup group, TimePoint now, Output& out);
  // A session between two becomes a group of the two and these. Conversation 6.10. The other user
  // then ends the session between the two: Ended with `replaced`.
  Result<GroupId> extend_to_group(GroupId one_to_one, NewGroup group, TimePoint now, Output& out);
  Result<GroupId> join(KnownGroup group, TimePoint now, Output& out);
  Result<> rejoin(GroupId group, TimePoint now, Output& out);  // one that has ended: the same ids
  // The same at the factory, with those that are known to be in it. By itself after a 404.
  Result<> restart(GroupId group, TimePoint now, Output& out);
  Result<> accept(GroupId invitation, TimePoint now, Output& out);
  Result<> decline(GroupId invitation, const Decline& how, TimePoint now, Output& out);
  Result<> leave(GroupId group, TimePoint now, Output& out);       // for good. R6.4
  Result<> disconnect(GroupId group, TimePoint now, Output& out);  // stays a member

  // Others, in a session we are in: what the focus says is told by Referred, what becomes of them
  // by RosterChanged. CPM 7.3.1.3, conversation 6.5, 6.6
  Result<> add(GroupId group, std::vector<std::string> members, TimePoint now, Output& out);
  Result<> remove(GroupId group, std::string member, TimePoint now, Output& out);

  // Chat. Returns the imdn.Message-ID.
  Result<std::string> send_chat(GroupId group, ChatMessage message, TimePoint now, Output& out);
  Result<> displayed(GroupId group, std::string_view id, TimePoint now, Output& out);
  Result<> composing(GroupId group, bool is_active, TimePoint now, Output& out);
  Result<> set_nickname(GroupId group, std::string nickname, TimePoint now, Output& out);

  // A message outside any session, in pager mode if it fits. ChatSent and ChatFailed of the group 0
  // tell how it went. Returns the imdn.Message-ID. CPM 7.2
  Result<std::string> send_message(StandaloneMessage message, TimePoint now, Output& out);

  // Files. CPM 7.4.1, 7.4.1.1: one file, to the group or the other user of a session. Into a group
  // that has ended: joins it again first (R4.8).
  Result<TransferId> send_file(GroupId group, FileToSend file, TimePoint now, Output& out);
  // The same to one user, in a session between two or outside of any: also several files at once
  // (R4.1e), and further ones while they are under way (R4.2). To a list: one file (A24).
  Result<std::vector<TransferId>> send_files(const FileDestination& to,
                                             std::vector<FileToSend> files, TimePoint now,
                                             Output& out);
  // Asks one user for a file (R4.1d.ii), and answers who asks (FileWanted).
  Result<TransferId> request_file(const FileDestination& from, WantedFile file, TimePoint now,
                                  Output& out);
  Result<> give_file(TransferId transfer, FileToSend file, TimePoint now, Output& out);
  // Asks for what is missing of a file that broke off: one of FileFailed's with `may_resume`.
  Result<TransferId> fetch_rest(TransferId failed, TimePoint now, Output& out);
  Result<> accept_file(TransferId transfer, TimePoint now, Output& out);
  Result<> decline_file(TransferId transfer, const Decline& how, TimePoint now, Output& out);
  Result<> cancel_file(TransferId transfer, TimePoint now, Output& out);  // in any state

  // What there is.
  bool is_registered() const;
  std::vector<GroupId> sessions() const;  // also those that have ended
  std::optional<Session> session(GroupId group) const;
  std::vector<TransferId> transfers() const;  // not those that are over
  std::optional<Transfer> transfer(TransferId transfer) const;
  // What is known of a message or file, by its imdn.Message-ID, at each of its recipients. R4.1h
  std::vector<Delivery> deliveries(std::string_view id) const;
  std::size_t dropped_reports() const;  // about nothing of ours, forged, or told before
  bool is_idle() const;  // nothing of ours waits for an answer any more: the process may end
  std::size_t dialogs() const;
  std::size_t media_sessions() const;
  std::size_t kept_files() const;  // that broke off, and may go on

  // SIP.
  void receive(sip::Message message, const sip::Source& source, TimePoint now, Output& out);
  void transport_failed(const sip::Destination& destination, TimePoint now, Output& out);
  bool owns_branch(std::string_view branch) const;

  // MSRP: see msrp::Endpoint.
  void msrp_accepted(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                     Output& out);
  void msrp_connected(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                      Output& out);
  void msrp_closed(msrp::ConnectionId connection, TimePoint now, Output& out);
  std::span<std::byte> msrp_prepare(msrp::ConnectionId connection);
  void msrp_commit(msrp::ConnectionId connection, std::size_t count, TimePoint now, Output& out);
  void msrp_writable(msrp::ConnectionId connection, std::size_t budget, TimePoint now, Output& out);
  void msrp_written(msrp::ConnectionId connection, TimePoint now, Output& out);

  // Call no later than deadline(); earlier or again does no harm.
  void wake(TimePoint now, Output& out);
  Deadline deadline() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace convene::client
