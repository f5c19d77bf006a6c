#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "msrp/body_store.h"

namespace convene::participating {

// Names a deferred message for as long as it is kept, over restarts. Grows with every message.
struct DeferralId {
  std::uint64_t value = 0;
  auto operator<=>(const DeferralId&) const = default;
};

enum class DeferredKind { message, large_message, file };
std::string_view name_of(DeferredKind kind);  // "large-message"
DeferredKind deferred_kind(std::string_view name);

// What came through a session: a body of the spool, which on the disk is a file by its content. Of
// one that is fetched the body belongs to who fetched it.
struct DeferredContent {
  std::string type = {};     // Content-Type of these octets
  std::string wrapper = {};  // of a large message: its CPIM headers, which go before them
  msrp::BodyId body = {};
  std::uint64_t octets = 0;
  bool operator==(const DeferredContent&) const = default;
};

// What is kept of a message, large or not, or of a file, for a user who could not be reached.
struct DeferredMessage {
  std::string user = {};        // address of record
  std::string account = {};     // of the user, in the message store
  std::string message_id = {};  // imdn.Message-ID; empty: none
  WallTime stored = {};
  WallTime expires = {};
  std::string request = {};  // the SIP MESSAGE or INVITE as it came, without our Route
  DeferredKind kind = DeferredKind::message;
  std::string sender = {};                      // address of record; empty: nobody says
  std::optional<DeferredContent> content = {};  // all but a message have one

  std::uint64_t octets() const { return request.size() + (content ? content->octets : 0); }
  bool operator==(const DeferredMessage&) const = default;
};

// The same without what it says: what is in memory of it.
struct DeferredEntry {
  DeferralId id = {};
  std::string user = {};
  std::string message_id = {};
  WallTime expires = {};
  std::uint64_t octets = 0;  // with its content
  DeferredKind kind = DeferredKind::message;
  std::string sender = {};
};

// For the durable state, in order. The first is answered by deferred(), the second by
// deferred_fetched(); of what is forgotten nobody waits for an answer.
struct StoreDeferred {
  DeferralId id = {};
  DeferredMessage message = {};
};
struct FetchDeferred {
  DeferralId id = {};
};
struct ForgetDeferred {
  DeferralId id = {};
};
using DeferralEffect = std::variant<StoreDeferred, FetchDeferred, ForgetDeferred>;
using DeferralEffects = std::vector<DeferralEffect>;

// The Call-IDs of what we push begin so.
inline constexpr std::string_view push_mark = "deferred-";

// G-16
struct DeferralPolicy {
  bool is_durable = false;            // there is a durable state; else nothing is deferred
  std::chrono::seconds ttl{604'800};  // a message that says less (Expires) is kept for less
  std::size_t max_messages_of_user = 1'000;
  std::uint64_t max_octets_of_user = 100U << 20;
  std::size_t max_messages = 1'000'000;
  Duration patience{10'000};  // a registered user's client that does not answer is unreachable then
  Duration retry{600'000};    // a user who is registered and could not be reached; a report, too
  std::chrono::seconds report_patience{86'400};  // after which nobody is told any more
  std::chrono::seconds retry_after{60};          // of the 503

  // Of a file or a large message; 0: they are not deferred.
  std::uint64_t max_content_octets = 10U << 20;
  std::size_t max_sessions = 1'000;  // that are taken or pushed at once
  Duration begin_patience{30'000};   // for the first octet of what comes
  Duration end_patience{32'000};     // for the BYE of who has sent all of it
  Duration push_patience{120'000};   // for the user who is asked whether to take it

  // Routes ("<sip:core.example.com;lr>") by which a user's client and who sent a message are
  // reached. Empty: that by which the message came; and the address itself.
  std::string push_route = {};
  std::string report_route = {};
};

// Which deferred message goes next, and which has waited too long. One at a time for each user, in
// the order in which they came. Pure; it knows nothing of SIP.
class DeferralQueue {
 public:
  explicit DeferralQueue(DeferralPolicy policy) : policy_{policy} {}

  // Of an earlier process, in their order.
  void restore(const std::vector<DeferredEntry>& entries, WallTime wall, TimePoint now);

  // A new one, which is not stored yet. Fault::out_of_order: it is there already (find());
  // too_large: of this user, or closed: of all, no more are taken.
  Result<DeferralId> add(std::string user, std::string message_id, std::uint64_t octets);
  std::optional<DeferralId> find(std::string_view user, std::string_view message_id) const;
  // Whether add() would take it now, beside `expected` octets that are on their way to it.
  Result<> has_room(std::string_view user, std::uint64_t octets, std::uint64_t expected) const;
  bool is_stored(DeferralId id) const;
  void stored(DeferralId id, TimePoint expires);
  void drop(DeferralId id);  // it could not be stored, or was taken away

  bool has(std::string_view user) const { return users_.contains(user); }
  const std::string& user_of(DeferralId id) const { return entries_.at(id).user; }
  bool knows(DeferralId id) const { return entries_.contains(id); }

  // The user can be reached, as far as anybody knows.
  void registered(std::string_view user);
  // Of a user who is registered, and could not be reached: not before a while has passed.
  void try_later(std::string_view user, TimePoint now);
  // What to push to the user now; it is under way then.
  std::optional<DeferralId> take_next(std::string_view user);
  void unreachable(DeferralId id, TimePoint now);  // the push did not come through: later
  // Nothing more is tried with it: a report is to be made, until drop(). Others go on.
  void give_up(DeferralId id);
  bool is_given_up(DeferralId id) const;
  void report_later(DeferralId id, TimePoint now);

  // Those that have waited too long, or whose report is to be tried again: given up.
  std::vector<DeferralId> take_expired(TimePoint now);
  std::vector<std::string> take_retries(TimePoint now);  // users
  Deadline deadline() const;

  std::size_t size() const { return entries_.size(); }

 private:
  enum class State { storing, waiting, under_way, given_up };
  struct Entry {
    std::string user;
    std::string message_id;
    std::uint64_t octets = 0;
    State state = State::storing;
    TimePoint expires{};
  };
  struct User {
    std::set<DeferralId> queue;  // all but those that were given up
    std::size_t messages = 0;    // with these
    std::uint64_t octets = 0;
    bool is_here = false;
    bool is_busy = false;  // one is under way
    bool is_back = false;  // registered meanwhile
    Deadline retry;
  };
  using Users = std::map<std::string, User, std::less<>>;

  void set_retry(const std::string& name, User& user, Deadline when);
  void forget_if_empty(const std::string& name);

  DeferralPolicy policy_;
  std::map<DeferralId, Entry> entries_;
  Users users_;
  std::set<std::pair<TimePoint, DeferralId>> expiries_;
  std::set<std::pair<TimePoint, std::string>> retries_;
  std::uint64_t last_ = 0;
};

}  // namespace convene::participating
