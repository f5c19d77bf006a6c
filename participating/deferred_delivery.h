#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/surroundings.h"
#include "participating/deferral_queue.h"
#include "participating/preferences.h"
#include "participating/served_user.h"
#include "participating/settings.h"
#include "sip/transaction_layer.h"

namespace convene::participating {

// The terminating side, for users who cannot be reached: accepts their messages on their behalf,
// durable before the 202, and pushes them when the user registers. What nobody fetched in its time
// is reported to who sent it, if that was asked for. Conversation 15; G-15, G-16
//
// TODO (15): sessions: large messages and files, where ftstandfw allows it (R3.3); and <stored/>
// for who asked for "processing".
class DeferredDelivery {
 public:
  DeferredDelivery(const Settings& settings, const Preferences& preferences, Surroundings world)
      : settings_{settings}, preferences_{preferences}, world_{world}, queue_{settings.deferral} {}

  // One input: time, who sends and answers, and where its consequences go.
  struct Turn {
    TimePoint now;
    sip::TransactionLayer& layer;
    sip::LayerOutput& sip;
    DeferralEffects& out;
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
  // REGISTER (3GPP TS 24.229 5.4.1.7), which is answered.
  void registered(Turn& turn, std::string_view user);
  void third_party_register(Turn& turn, const sip::RequestArrived& arrived);

  void stored(Turn& turn, DeferralId id, bool is_stored);
  void fetched(Turn& turn, DeferralId id, const Result<DeferredMessage>& message);

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
  std::optional<sip::Message> make_failure_report(const DeferredMessage& message, TimePoint now);

  const Settings& settings_;
  const Preferences& preferences_;
  Surroundings world_;
  DeferralQueue queue_;
  struct Storing {
    std::vector<Asked> asked;
    WallTime expires = {};
    bool is_registered = false;  // as the core says
    bool can_be_tried = false;
  };
  std::map<DeferralId, Storing> storing_;
  std::map<sip::ClientTransactionId, DeferralId> under_way_;  // pushes and reports
};

}  // namespace convene::participating
