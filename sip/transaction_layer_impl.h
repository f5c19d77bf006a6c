#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>

#include "sip/client_transaction.h"
#include "sip/deadlines.h"
#include "sip/fields.h"
#include "sip/invite_client_transaction.h"
#include "sip/invite_server_transaction.h"
#include "sip/server_transaction.h"
#include "sip/transaction_layer.h"

namespace convene::sip {

// The tables of the layer. Clients and servers draw their numbers from one counter, so one number
// names one of either.
class TransactionLayer::Impl {
 public:
  Impl(LayerSettings settings, Surroundings surroundings);

  // transaction_layer_receive.cc
  void receive(Message message, const Source& source, TimePoint now, LayerOutput& out);

  // transaction_layer_send.cc
  ClientTransactionId send(Message request, Destination destination, TimePoint now,
                           LayerOutput& out);
  void cancel(ClientTransactionId invite, TimePoint now, LayerOutput& out);
  void send_without_transaction(Message request, Destination destination, LayerOutput& out);
  void transport_failed(const Destination& destination, TimePoint now, LayerOutput& out);

  // transaction_layer.cc
  void respond(ServerTransactionId transaction, Message response, TimePoint now, LayerOutput& out);
  void refuse(ServerTransactionId invite, int status, TimePoint now, LayerOutput& out);
  void wake(TimePoint now, LayerOutput& out);
  Deadline deadline() const { return deadlines_.earliest(); }
  bool owns_branch(std::string_view branch) const;
  std::size_t transactions() const { return clients_.size() + servers_.size(); }
  std::string to_tag(const Message& request) const;

 private:
  // RFC 3261 18.1.1: what goes out again over UDP when the TCP that its size asked for fails.
  struct Fallback {
    Message request;  // without our Via
    Destination destination;
  };
  struct Client {
    std::string key;
    Destination destination;
    std::variant<ClientTransaction, InviteClientTransaction> machine;
    bool is_cancel = false;     // our own affair: the user hears nothing of it
    bool wants_cancel = false;  // an INVITE to be cancelled as soon as a provisional response comes
    std::optional<Fallback> fallback;  // until the first response
  };
  struct Server {
    std::string key;
    std::string merge_key;  // empty inside a dialog
    Destination destination;
    std::variant<ServerTransaction, InviteServerTransaction> machine;
  };

  void receive_request(Message request, const Source& source, TimePoint now, LayerOutput& out);
  void receive_ack(Message ack, const Via& via, const Source& source, TimePoint now,
                   LayerOutput& out);
  void receive_cancel(const Message& cancel, const Via& via, const Source& source, TimePoint now,
                      LayerOutput& out);
  void receive_response(Message response, const Source& source, TimePoint now, LayerOutput& out);
  bool is_full_for(const Message& request) const;
  std::uint64_t add_server(const Message& request, const Via& via, const Source& source,
                           TimePoint now);

  void begin(std::uint64_t number, Message request, const Destination& destination, TimePoint now,
             LayerOutput& out);
  void send_cancel(std::uint64_t invite, Client& client, TimePoint now, LayerOutput& out);
  std::string new_branch();
  bool add_via(Message& request, Transport transport, std::string_view branch) const;
  Destination fitting(const Message& request, const Destination& destination) const;

  // What the transactions ask for, done. The entry may be gone afterwards.
  void perform(std::uint64_t number, Client& client, TransactionEffects effects,
               const Source& source, TimePoint now, LayerOutput& out);
  void perform(std::uint64_t number, Server& server, TransactionEffects effects, LayerOutput& out);
  void remove_client(std::uint64_t number);
  void remove_server(std::uint64_t number);

  LayerSettings settings_;
  Surroundings surroundings_;
  std::string secret_;  // of to_tag()
  std::uint64_t last_number_ = 0;
  std::unordered_map<std::uint64_t, Client> clients_;
  std::unordered_map<std::uint64_t, Server> servers_;
  std::unordered_map<std::string, std::uint64_t> client_keys_;
  std::unordered_map<std::string, std::uint64_t> server_keys_;
  std::unordered_set<std::string> merge_keys_;  // of the servers
  Deadlines deadlines_;
};

}  // namespace convene::sip
