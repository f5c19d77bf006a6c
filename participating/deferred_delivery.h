#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/surroundings.h"
#include "participating/deferral_queue.h"
#include "participating/preferences.h"
#include "participating/served_user.h"
#include "participating/settings.h"
#include "sip/transaction_layer.h"

namespace convene::participating {

// For those who take and push what came through a session: one that is to be pushed now, whose
// content is theirs; and whether one is stored.
struct SessionDue {
  DeferralId id;
  DeferredMessage message;
};
struct SessionKept {
  DeferralId id;
  bool is_stored = false;
};
using DeferredSessionEvent = std::variant<SessionDue, SessionKept>;

// RFC 3261 21.4, 21.5: nobody was there, as far as the answer tells; another time it may go well.
bool is_unreachable(int status);

// The terminating side, for users who cannot be reached: accepts their messages on their behalf,
// durable before the 202, and pushes them when the user registers. What nobody fetched in its time
// is reported to who sent it, if that was asked for. Conversation 15; G-15, G-16
//
// Files and large messages come and go through sessions: deferred_sessions.h, deferred_pushes.h.
// What all have in common is here.
class DeferredDelivery {
 public:
  // `bodies` has the content of what is fetched.
  DeferredDelivery(const Settings& settings, const Preferences& preferences, Surroundings world,
                   msrp::BodyStore& bodies)
      : settings_{settings},
        preferences_{preferences},
        world_{world},
        bodies_{bodies},
        queue_{settings.deferral} {}

  // One input: time, who sends and answers, and where its consequences go.
  struct Turn {
    TimePoint now;
    sip::TransactionLayer& layer;
    sip::LayerOutput& sip;
    DeferralEffects& out;
    std::vector<DeferredSessionEvent>& sessions;
  };

  void restore(const std::vector<DeferredEntry>& entries, TimePoint now);

  // Whether a request is not even to be passed on; and whether it is not lost though it was
  // answered so.
  bool wants(const ServedUser& served, const sip::Message& request) const;
  bool wants_instead_of(int status, const ServedUser& served, const sip::Message& request) const;
  // `can_be_tried`: nobody has tried to reach the user just now.
  void take(Turn& turn, sip::ServerTransactionId transaction, const sip::Message& request,
            const ServedUser& served, bool can_be_tried);

  // The user has registered, as the registrar of this node says, or a core by a third-party
  // REGISTER (3GPP TS 24.229 5.4.1.7), which is answered, and names the user.
  void registered(Turn& turn, std::string_view user);
  std::optional<std::string> third_party_register(Turn& turn, const sip::RequestArrived& arrived);

  void stored(Turn& turn, DeferralId id, bool is_stored);
  void fetched(Turn& turn, DeferralId id, const Result<DeferredMessage>& message);

  // Whether the user wants that something is kept for him that began so, and is not on its way
  // from us.
  bool may_keep(const ServedUser& served, const sip::Message& request) const;
  const DeferralQueue& queue() const { return queue_; }
  // A message that came through a session, with its content: SessionKept tells what became of it.
  // Fault::out_of_order: it is deferred already; too_large, closed: there is no room.
  enum class Reach { away, not_now, here };  // whether the user can be reached
  Result<DeferralId> keep(Turn& turn, DeferredMessage message, Reach reach);
  // Who sent it does not wait any more, and knows that it failed.
  void take_back(Turn& turn, DeferralId id);
  // What became of a push: its final status, as of a MESSAGE.
  void pushed(Turn& turn, DeferralId id, int status);

  // Whether it was to a request of ours.
  bool answered(Turn& turn, sip::ClientTransactionId transaction, int status);

  void wake(Turn& turn);
  Deadline deadline() const { return queue_.deadline(); }
  std::size_t waiting() const { return queue_.size(); }

 private:
  struct Asked {  // who waits to hear that it is stored
    sip::ServerTransactionId transaction;
    sip::Message request;
  };
  bool may_defer(const ServedUser& served, const sip::Message& request) const;
  void accept(Turn& turn, const Asked& asked) const;
  void refuse(Turn& turn, const Asked& asked, int status, std::string_view why) const;
  void go_on(Turn& turn, const std::string& user);
  void push(Turn& turn, DeferralId id, const DeferredMessage& message);
  void report(Turn& turn, DeferralId id, const DeferredMessage& message);
  void forget(Turn& turn, DeferralId id);
  std::optional<sip::Message> make_push(const DeferredMessage& message);
  void tell_stored(Turn& turn, const DeferredMessage& message);

  const Settings& settings_;
  const Preferences& preferences_;
  Surroundings world_;
  msrp::BodyStore& bodies_;
  DeferralQueue queue_;
  struct Storing {
    std::vector<Asked> asked;
    WallTime expires = {};
    bool is_registered = false;  // as the core says
    bool can_be_tried = false;
    // Of what its sender wants to know when it is stored, but for the content. RFC 5438 7.2.1
    std::optional<DeferredMessage> told = {};
  };
  std::map<DeferralId, Storing> storing_;
  std::map<sip::ClientTransactionId, DeferralId> under_way_;  // pushes and reports
};

}  // namespace convene::participating
