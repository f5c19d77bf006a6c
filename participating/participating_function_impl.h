#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "participating/call.h"
#include "participating/deferred_delivery.h"
#include "participating/deferred_pushes.h"
#include "participating/deferred_sessions.h"
#include "participating/history.h"
#include "participating/media_relay.h"
#include "participating/participating_function.h"
#include "participating/rewriting.h"
#include "sip/deadlines.h"
#include "sip/uri.h"
#include "sip/user_agent.h"

namespace convene::participating {

// The tables of the Participating Function, and the one place where events find their calls.
class ParticipatingFunction::Impl {
 public:
  Impl(Settings settings, Surroundings surroundings, msrp::BodyStore& bodies);

  void start(const sip::LocalAddresses& addresses, std::optional<sip::HostPort> media,
             std::optional<msrp::SecureAddress> secure_media);
  void load_preferences(std::vector<UserPreferences> documents) {
    preferences_.load(std::move(documents));
  }
  const std::string& uri() const { return settings_.uri; }
  bool is_for_us(const sip::Message& request) const;
  bool owns_branch(std::string_view branch) const {
    return layer_ && (layer_->owns_branch(branch) || agent_->owns_branch(branch));
  }
  void receive(sip::Message message, const sip::Source& source, TimePoint now, Output& out);
  void transport_failed(const sip::Destination& destination, TimePoint now, Output& out);
  void store_kept(store::RequestId id, TimePoint now, Output& out);
  MediaRelay& media() { return media_; }
  template <class Call>
  void tell_media(TimePoint now, Output& out, Call call);
  void store_answered(store::RequestId id, const store::Answer& answer, TimePoint now, Output& out);
  void restore(const std::vector<DeferredEntry>& entries, TimePoint now) {
    deferred_.restore(entries, now);
  }
  template <class Call>
  void tell_deferred(TimePoint now, Output& out, Call call);
  void registered(std::string_view user, TimePoint now, Output& out);
  void wake(TimePoint now, Output& out);
  Deadline deadline() const;
  Snapshot snapshot() const;

 private:
  // One input: time, and where its consequences go.
  struct Turn {
    TimePoint now;
    Output& out;
    sip::LayerOutput sip = {};
    MediaOutput media = {};
    sip::UserAgentOutput agent = {};
    std::vector<DeferredSessionEvent> sessions = {};
  };
  DeferredDelivery::Turn deferring(Turn& turn) {
    return {.now = turn.now,
            .layer = *layer_,
            .sip = turn.sip,
            .out = turn.out.deferrals,
            .sessions = turn.sessions};
  }
  void perform(Turn& turn);  // handles all that the layer tells, and what follows from it
  void handle(Turn& turn, sip::LayerEvent& event);

  // deferring_agent.cc: conversation 15
  void start_agent();
  void tell_sessions(Turn& turn, const std::function<void(DeferringTurn&)>& call);
  bool is_to_agent(const sip::Message& request) const;
  void give_to_agent(Turn& turn, sip::Message message, const sip::Source& source);
  bool hand_over_sends(Turn& turn);
  void handle(Turn& turn, sip::UserAgentEvent& event);
  void handle(Turn& turn, DeferredSessionEvent& event);
  void handle(Turn& turn, OwnSessionTold& told);
  void user_is_here(Turn& turn, std::string_view user);
  void have_taken(Turn& turn, CallId id, sip::ServerTransactionId in);
  bool is_to_deferral(const sip::Message& request) const;
  void pass_report(Turn& turn, sip::RequestArrived arrived);

  // initial_request.cc
  void request_arrived(Turn& turn, sip::RequestArrived arrived);
  void begin(Turn& turn, const sip::RequestArrived& arrived, std::string_view route);
  void begin_call(Turn& turn, const sip::RequestArrived& arrived, const ServedUser& served,
                  const sip::Destination& to);
  bool is_routed_to_us(const sip::Message& request) const;
  bool is_own_loop(const sip::Message& request, const ServedUser& served) const;
  void take_own_route(sip::Message& request, std::string& route) const;
  bool is_own(const sip::Uri& uri) const;

  // in_dialog.cc: RFC 3261 12.2
  struct Found {  // the dialog of ours that a request is in
    CallId id;
    Side from = Side::caller;
    std::size_t pairing = 0;
  };
  std::optional<Found> find(const sip::Message& request);
  std::optional<Found> pair_early_notify(const sip::Message& request, CallId id);
  void relay(Turn& turn, const sip::RequestArrived& arrived, const Found& found);
  void relay_ack(Turn& turn, const sip::Message& ack);
  void cancelled(Turn& turn, sip::ServerTransactionId invite);
  sip::Message for_other_side(const sip::Message& request, const Call& call, Side from,
                              const Pairing& pairing) const;

  // anchored_calls.cc: conversation 1, RFC 3264
  bool may_anchor(const Call& call) const;
  AnchorAddress anchor_address() {
    return {settings_.media_listener, settings_.secure_media_listener, world_.random};
  }
  bool is_offer_under_way(const Call& call) const;
  void offer(Call& call, Side from, sip::ServerTransactionId in, sip::Message& message);
  void answer_offer(Turn& turn, CallId id, sip::Message& message);
  void media_in_response(Turn& turn, const Exchange& exchange, sip::ServerTransactionId in,
                         sip::Message& message);
  void agree(Turn& turn, CallId id);
  msrp::SessionSettings end_of(const Call& call, const AnchoredLine& line, Side side) const;
  bool is_known_peer(const Call& call, Side side, const msrp::Path& path) const;
  void close_media(Turn& turn, const std::vector<RelayId>& relays);
  void release_media(Turn& turn, Call& call);

  // passing_messages.cc
  void handle(Turn& turn, MessagePassed& passed);
  void handle(Turn& turn, FilePassed& passed);
  void hand_over_media(Turn& turn);
  void record_told(Turn& turn, store::RequestId id);
  void stop_waiting_for_records(Turn& turn);

  // responses.cc: RFC 3261 16.7, 12.1.2
  void response_arrived(Turn& turn, sip::ClientTransactionId transaction,
                        const sip::Message& response);
  Pairing* pair(Call& call, const sip::Message& response);
  void refresh(Turn& turn, Call& call, const Exchange& exchange, Pairing& pairing,
               const sip::Message& response);
  void finish(Turn& turn, sip::ServerTransactionId transaction, const sip::Message& response);
  void message_passed(Turn& turn, sip::ServerTransactionId transaction,
                      const sip::Message& response);
  void warn_of_lost_feature_tags(const Call& call, const sip::Message& message) const;

  // bye.cc: CPM 8.3.2.3
  void hung_up(Turn& turn, const Found& found, const sip::RequestArrived& arrived);
  void hang_up(Turn& turn, const Call& call);

  // held_answers.cc
  struct HeldAnswer {
    store::RequestId record;
    std::optional<store::Uid> uid = {};
    bool is_told = false;  // the store has answered, or had its time
    std::optional<sip::Message> answer = {};
  };
  void hold_answer(Turn& turn, sip::ServerTransactionId transaction, store::RequestId record);
  void answer(Turn& turn, sip::ServerTransactionId transaction, sip::Message response);
  void release(Turn& turn, sip::ServerTransactionId transaction);
  void stop_waiting_for_store(Turn& turn);

  void refuse(Turn& turn, const sip::RequestArrived& arrived, int status, std::string_view why);
  void forget(sip::ServerTransactionId transaction);
  void end(Turn& turn, CallId id);

  Settings settings_;
  Surroundings world_;
  Preferences preferences_;
  msrp::BodyStore& bodies_;
  DeferredDelivery deferred_{settings_, preferences_, world_, bodies_};
  DeferredSessions sessions_{settings_, world_, bodies_};
  DeferredPushes pushes_{settings_, world_, bodies_};
  std::optional<sip::Uri> own_;                 // from settings_.uri
  std::optional<sip::TransactionLayer> layer_;  // from start() on
  std::optional<sip::UserAgent> agent_;         // the same

  std::map<CallId, Call> calls_;
  std::multimap<std::string, CallId, std::less<>> by_call_id_;  // of either side
  std::map<sip::ServerTransactionId, Exchange> exchanges_;
  std::map<sip::ClientTransactionId, sip::ServerTransactionId> exchange_of_;
  sip::Deadlines call_deadlines_;
  sip::Deadlines exchange_deadlines_;
  History history_;
  std::map<sip::ServerTransactionId, HeldAnswer> held_;
  sip::Deadlines held_until_;
  std::uint64_t next_call_ = 1;

  MediaRelay media_;
  struct Place {
    CallId call;
    std::size_t line = 0;
  };
  std::map<RelayId, Place> relays_;
  std::map<store::RequestId, msrp::IncomingId> recording_;  // whose senders wait for the record
  sip::Deadlines recording_until_;
};

}  // namespace convene::participating
