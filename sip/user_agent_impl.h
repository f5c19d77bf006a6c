#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "sip/accepted_invite.h"
#include "sip/deadlines.h"
#include "sip/dialog.h"
#include "sip/offer_answer.h"
#include "sip/session_timer.h"
#include "sip/user_agent.h"

namespace convene::sip {

using Headers = std::vector<std::pair<Name, std::string>>;

// An INVITE, or an UPDATE with a body. RFC 3264, RFC 3311 5.1.
bool carries_offer(const Message& request);

// The tables of the user agent. Dialogs, requests and acknowledgements draw their numbers from one
// counter, so one number names one of either.
class UserAgent::Impl {
 public:
  Impl(UserAgentSettings settings, Surroundings surroundings);

  // user_agent.cc
  void receive(Message message, const Source& source, TimePoint now, UserAgentOutput& out);
  void transport_failed(const Destination& destination, TimePoint now, UserAgentOutput& out);
  void wake(TimePoint now, UserAgentOutput& out);
  Deadline deadline() const;
  bool owns_branch(std::string_view branch) const { return layer_.owns_branch(branch); }
  std::size_t transactions() const { return layer_.transactions(); }
  void set_credentials(Credentials credentials) { settings_.credentials = std::move(credentials); }

  // user_agent_requests.cc
  RequestId request(Message request, TimePoint now, UserAgentOutput& out);
  Result<RequestId> request_in(DialogId id, Message request, TimePoint now, UserAgentOutput& out);
  void cancel(RequestId invite, TimePoint now, UserAgentOutput& out);

  // user_agent_answers.cc
  std::optional<DialogId> respond(ServerTransactionId transaction, Message response, TimePoint now,
                                  UserAgentOutput& out);
  Message respond_to(const Message& request, int status, std::string_view reason);

  // user_agent_dialogs.cc
  void bye(DialogId id, const Headers& headers, TimePoint now, UserAgentOutput& out);
  void forget(DialogId id) { remove(id); }
  std::optional<DialogView> dialog(DialogId id) const;
  std::size_t dialogs() const { return dialogs_.size(); }

 private:
  // A request of ours without final response.
  struct Outgoing {
    enum class Purpose { user, refresh, bye };
    Purpose purpose = Purpose::user;
    Message request;  // without our Via
    Destination destination;
    std::optional<DialogId> dialog;    // a request in it
    std::optional<DialogId> notified;  // of a SUBSCRIBE: the dialog of a NOTIFY that came first
    std::optional<ClientTransactionId> transaction;  // while it is under way
    Deadline retry_at;                               // set after a 491, until it goes out again
    int glares = 0;                                  // 491s met
    int challenges = 0;                              // 401s and 407s met
    bool was_too_brief = false;                      // met a 422
    bool is_cancelled = false;
  };

  // A request of the peer's without final answer.
  struct Incoming {
    std::string method;
    std::optional<DialogId> dialog;     // a request in it
    std::optional<Dialog> prospective;  // an INVITE or SUBSCRIBE outside: what its 2xx makes
    std::string early_key;              // of `prospective`: a BYE may come before our answer
    SessionTimerRequest session_timer;
    bool allows_update = false;
    bool has_offer = false;
  };

  struct Entry {
    explicit Entry(Dialog made) : dialog{std::move(made)} {}

    Dialog dialog;
    bool is_confirmed = true;          // false: our 2xx to the first INVITE waits for its ACK
    bool is_session = false;           // made by INVITE: ends with BYE
    bool is_ending = false;            // by our bye(): the user has forgotten it
    std::optional<RequestId> made_by;  // a request of ours
    bool allows_update = false;        // the peer
    SessionTimer session_timer;
    OfferAnswer offer_answer;
    std::optional<AcceptedInvite> accepted;          // our 2xx without ACK
    std::optional<Headers> bye_after_ack;            // RFC 3261 15: a BYE that waits for that ACK
    std::optional<RequestId> invite_out, offer_out;  // without final response
    std::optional<ServerTransactionId> invite_in, update_in;  // without final answer
    std::vector<RequestId> waiting;   // not under way: until an INVITE ends, or until retry_at
    std::string session_description;  // the last we said
  };

  // The ACK to a 2xx, for its retransmissions. RFC 3261 13.2.2.4.
  struct SentAck {
    std::string key;
    Message ack;  // without our Via
    Destination destination;
  };

  // user_agent.cc
  void settle(LayerOutput layer, TimePoint now, UserAgentOutput& out);
  void on(RequestArrived& event, TimePoint now, UserAgentOutput& out);
  void on(AckArrived& event, TimePoint now, UserAgentOutput& out);
  void on(CancelArrived& event, TimePoint now, UserAgentOutput& out);
  void on(ResponseArrived& event, TimePoint now, UserAgentOutput& out);
  void on(StrayResponse& event, TimePoint now, UserAgentOutput& out);
  void on(NoResponse& event, TimePoint now, UserAgentOutput& out);
  void on(NoAck& event, TimePoint now, UserAgentOutput& out);
  void rearm(DialogId id);

  // user_agent_requests.cc
  RequestId add_outgoing(Outgoing request);
  RequestId start_in(DialogId id, Message wanted, Outgoing::Purpose purpose, TimePoint now,
                     UserAgentOutput& out);
  void launch(RequestId id, TimePoint now, UserAgentOutput& out);
  void repeat(RequestId id, TimePoint now, UserAgentOutput& out);
  static bool is_blocked(const Entry& entry, const Message& request);
  void launch_waiting(DialogId id, TimePoint now, UserAgentOutput& out);
  void add_identity(Message& request);
  void add_session_timer(const Entry& entry, Message& request);

  // user_agent_responses.cc
  void receive_provisional(RequestId id, Message response, UserAgentOutput& out);
  void receive_final(RequestId id, Message response, TimePoint now, UserAgentOutput& out);
  void finish_locally(RequestId id, int status, TimePoint now, UserAgentOutput& out);
  void release(RequestId id, const Outgoing& request);
  void conclude(RequestId id, Message response, TimePoint now, UserAgentOutput& out);
  std::optional<DialogId> conclude_outside(RequestId id, const Outgoing& request, Message& response,
                                           TimePoint now, UserAgentOutput& out);
  void conclude_in(DialogId id, const Outgoing& request, int status, TimePoint now,
                   UserAgentOutput& out);
  void receive_success_in(DialogId id, const Outgoing& request, const Message& response,
                          TimePoint now, UserAgentOutput& out);
  void receive_another_success(const Message& response, TimePoint now, UserAgentOutput& out);
  void end_stray_dialog(Dialog dialog, const Message& invite, const Message& response,
                        TimePoint now, UserAgentOutput& out);
  void acknowledge(Message ack, const Destination& destination, const Message& invite,
                   const Message& response, TimePoint now, UserAgentOutput& out);
  bool acknowledge_again(const Message& response, UserAgentOutput& out);

  // user_agent_retries.cc
  bool retry(RequestId id, const Message& response, TimePoint now, UserAgentOutput& out);
  bool add_credentials(Outgoing& request, const Message& refusal);
  bool raise_interval(Outgoing& request, const Message& refusal);
  bool wait_after_glare(RequestId id, Outgoing& request, TimePoint now);

  // user_agent_incoming.cc
  void receive_in_dialog(RequestArrived& event, TimePoint now, UserAgentOutput& out);
  void receive_outside(RequestArrived& event, TimePoint now, UserAgentOutput& out);
  void receive_early_bye(const RequestArrived& event, TimePoint now, UserAgentOutput& out);
  void receive_bye(DialogId id, RequestArrived& event, TimePoint now, UserAgentOutput& out);
  bool is_glare(DialogId id, RequestArrived& event, TimePoint now, UserAgentOutput& out);
  std::optional<DialogId> dialog_from_notify(const Message& notify);
  void refuse(const RequestArrived& event, int status, const Headers& headers, TimePoint now,
              UserAgentOutput& out);
  void refresh_target(DialogId id, const Message& message, UserAgentOutput& out);

  // user_agent_answers.cc
  std::optional<DialogId> accept(ServerTransactionId transaction, Incoming& incoming,
                                 Message& response, TimePoint now);
  void accept_in(Entry& entry, const Incoming& incoming, Message& response, TimePoint now);
  void finish_incoming(ServerTransactionId transaction, TimePoint now, UserAgentOutput& out);
  void send_response(ServerTransactionId transaction, Message response, TimePoint now,
                     UserAgentOutput& out);
  void terminate_invite(ServerTransactionId invite, TimePoint now, UserAgentOutput& out);

  // user_agent_dialogs.cc
  DialogId add_dialog(Entry entry);
  Entry* find(DialogId id);
  std::optional<DialogId> find(const Message& request) const;
  void remove(DialogId id);
  void end(DialogId id, DialogEnded::Why why, std::optional<Message> bye, TimePoint now,
           UserAgentOutput& out);
  void send_bye(DialogId id, const Headers& headers, TimePoint now, UserAgentOutput& out);
  void wake_dialog(DialogId id, TimePoint now, UserAgentOutput& out);
  static void remember_session(Entry& entry, const Message& message);
  void refresh_session(DialogId id, TimePoint now, UserAgentOutput& out);

  UserAgentSettings settings_;
  Surroundings surroundings_;
  TransactionLayer layer_;
  std::uint64_t last_number_ = 0;
  std::map<DialogId, Entry> dialogs_;
  std::unordered_map<std::string, DialogId> dialog_keys_;
  std::map<RequestId, Outgoing> outgoing_;
  std::map<ClientTransactionId, RequestId> by_transaction_;
  std::map<ServerTransactionId, Incoming> incoming_;
  std::unordered_map<std::string, ServerTransactionId> early_;  // INVITEs without final answer
  // By Call-ID and From tag: SUBSCRIBEs whose NOTIFY may come first.
  std::unordered_map<std::string, RequestId> subscribing_;
  std::map<std::uint64_t, SentAck> acks_;
  std::unordered_map<std::string, std::uint64_t> ack_keys_;
  Deadlines deadlines_;
};

}  // namespace convene::sip
