#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "client/ids.h"
#include "imdn/notification.h"
#include "msrp/body_store.h"

namespace convene::client {

// What the client tells its user. Words of peers (names, subjects, texts, types) are as they came:
// a terminal shows them through printable(), a file name through a rule of its own.

// Another user, as far as we may know. R2.3c
struct Person {
  std::string address = {};  // empty: asked to stay unknown
  std::string display_name = {};
  bool operator==(const Person&) const = default;
};

struct Registered {
  std::chrono::seconds expires{0};
  bool operator==(const Registered&) const = default;
};
struct RegistrationFailed {  // tried again by itself, but not after 401, 403, 404 and 407
  int status = 0;
  std::string reason = {};
  bool operator==(const RegistrationFailed&) const = default;
};
struct RelayLost {  // our MSRP relay; tried again by itself, but not after 401 and 403
  int status = 0;   // of MSRP; 0: none
  std::string reason = {};
  bool operator==(const RelayLost&) const = default;
};
struct Unregistered {
  bool operator==(const Unregistered&) const = default;
};

// An invitation, to be answered with accept() or decline(). R2.3
struct Invited {
  GroupId group = {};
  bool is_group = true;              // false: between two
  std::string focus = {};            // the Group Session Identity
  std::string subject = {};          // R2.3a; empty: none
  Person inviter = {};               // R2.3c
  bool replaces_one_to_one = false;  // R2.3b
  bool operator==(const Invited&) const = default;
};
// The session is up: after create_group(), join(), or accept() and its ACK. Chat may be sent.
struct Joined {
  GroupId group = {};
  std::string focus = {};  // R2.6a
  bool operator==(const Joined&) const = default;
};

enum class EndReason {
  left,          // leave()
  disconnected,  // disconnect(), or the session's connection or timer was lost: may join again
  closed,        // BYE from the focus: may join again
  gone,          // BYE from the focus with cause 410: the group is no more
  removed,       // BYE from the focus for another reason: see `text`
  refused,       // our INVITE was answered with `status`
  declined,      // decline()
  cancelled,     // the inviter gave up, or we did before an answer
  timed_out,     // nobody answered the invitation in time: 408
  replaced,      // a one-to-one session became a group session. R2.6b
  idle,          // nothing was said in a one-to-one session for long: we hung up
};
// There is no session any more, or it did not come about. Its transfers go on (change 6).
struct Ended {
  GroupId group = {};
  EndReason reason = EndReason::left;
  int status = 0;         // of the refusal, or the cause of the BYE's Reason; 0: none
  std::string text = {};  // its reason phrase, Warning or Reason text
  bool operator==(const Ended&) const = default;
};

// One participant of a roster.
struct Participant {
  enum class State { invited, joined, gone };
  std::string address = {};
  std::string display_name = {};
  std::string nickname = {};
  State state = State::joined;
  std::string how = {};  // of those that are gone: "departed", "booted", "failed", "busy"; or empty
  bool is_me = false;
  bool operator==(const Participant&) const = default;
};
struct RosterChanged {
  GroupId group = {};
  std::string subject = {};
  std::vector<Participant> participants = {};  // all of them
  bool operator==(const RosterChanged&) const = default;
};

// What the focus said to add() or remove(): 2xx, and it will be done, or why not.
struct Referred {
  enum class How { added, removed };
  GroupId group = {};
  How how = How::added;
  std::vector<std::string> addresses = {};
  int status = 0;
  std::string reason = {};  // of a refusal
  bool operator==(const Referred&) const = default;
};

struct ChatReceived {
  GroupId group = {};  // the value 0: a message outside any session
  Person from = {};
  bool is_private = false;        // addressed to us alone. RFC 7701 6.1
  std::string id = {};            // imdn.Message-ID; empty: none
  std::string date_time = {};     // as its sender said it
  std::string content_type = {};  // with parameters
  std::string octets = {};
  bool wants_display_report = false;  // displayed() sends it
  // Of a message outside any session: what an answer names, who else is known to get it, and the
  // pre-defined group that it was sent to.
  std::string conversation = {};
  std::string contribution = {};
  std::vector<std::string> also_to = {};
  std::string group_address = {};
  bool operator==(const ChatReceived&) const = default;
};
struct ChatSent {  // the focus has it; or, outside any session, the network
  GroupId group = {};
  std::string id = {};
  bool operator==(const ChatSent&) const = default;
};
struct ChatFailed {
  GroupId group = {};
  std::string id = {};
  int status = 0;  // of MSRP; outside any session, of SIP or MSRP
  bool operator==(const ChatFailed&) const = default;
};
struct Composing {  // RFC 3994
  GroupId group = {};
  Person from = {};
  bool is_active = false;
  bool operator==(const Composing&) const = default;
};
struct NicknameSet {
  GroupId group = {};
  std::string nickname = {};
  bool operator==(const NicknameSet&) const = default;
};
struct NicknameRefused {  // 403 not allowed, 424 malformed, 425 taken
  GroupId group = {};
  std::string nickname = {};
  int status = 0;
  bool operator==(const NicknameRefused&) const = default;
};
// What became of a message or file of ours at one of its recipients. RFC 5438
struct DeliveryReport {
  GroupId group = {};   // the value 0: none that we know
  std::string id = {};  // of the message, or FileSent's: its imdn.Message-ID
  std::string recipient = {};
  imdn::Disposition disposition = imdn::Disposition::delivery;
  imdn::Status status = imdn::Status::delivered;
  bool operator==(const DeliveryReport&) const = default;
};

struct Thumbnail {
  std::string type = {};  // "image/jpeg", "image/png"
  std::string octets = {};
  bool operator==(const Thumbnail&) const = default;
};
// Somebody wants to send a file; to be answered with accept_file() or decline_file().
struct FileOffered {
  TransferId transfer = {};
  GroupId group = {};  // the value 0: not in a session of ours
  Person from = {};
  std::string name = {};  // a peer's words: never a path
  std::string type = {};
  std::uint64_t size = 0;
  std::string sha1 = {};  // 20 octets; empty: not said
  std::optional<Thumbnail> thumbnail = {};
  bool operator==(const FileOffered&) const = default;
};
// Somebody wants a file of ours; to be answered with give_file() or decline_file(). R4.1d.ii
struct FileWanted {
  TransferId transfer = {};
  GroupId group = {};  // the value 0: not in a session of ours
  Person from = {};
  std::string name = {};  // what he knows of it; empty, 0: nothing
  std::string type = {};
  std::uint64_t size = 0;
  std::string sha1 = {};
  std::uint64_t begun = 0;  // octets that he has already
  bool operator==(const FileWanted&) const = default;
};
struct FileAccepted {  // our file: somebody takes it, octets begin to flow
  TransferId transfer = {};
  bool operator==(const FileAccepted&) const = default;
};
struct FileProgress {
  TransferId transfer = {};
  std::uint64_t octets = 0;  // of the file: confirmed, or received
  std::uint64_t size = 0;
  bool operator==(const FileProgress&) const = default;
};
// The file is whole, of the size that was offered, and of the hash if there was one.
struct FileReceived {
  TransferId transfer = {};
  msrp::BodyId body = {};  // the file's own octets; the user's from now on: drop it some day
  std::uint64_t size = 0;
  bool hash_was_checked = false;
  bool operator==(const FileReceived&) const = default;
};
struct FileSent {  // the last octet was answered
  TransferId transfer = {};
  std::string id = {};  // its imdn.Message-ID; empty: no reports were asked for
  bool operator==(const FileSent&) const = default;
};
struct FileFailed {  // sent or received: over, and not whole. R4.3
  TransferId transfer = {};
  int status = 0;  // of SIP or MSRP; 0: none
  std::string reason = {};
  std::uint64_t octets = 0;  // of the file that the receiver has for sure
  // It broke off: what is missing may be sent with FileToSend::begun, or asked for with
  // fetch_rest() until it is forgotten.
  bool may_resume = false;
  bool operator==(const FileFailed&) const = default;
};

using Event =
    std::variant<Registered, RegistrationFailed, RelayLost, Unregistered, Invited, Joined, Ended,
                 RosterChanged, Referred, ChatReceived, ChatSent, ChatFailed, Composing,
                 NicknameSet, NicknameRefused, DeliveryReport, FileOffered, FileWanted,
                 FileAccepted, FileProgress, FileReceived, FileSent, FileFailed>;

}  // namespace convene::client
