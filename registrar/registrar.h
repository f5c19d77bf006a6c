#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/surroundings.h"
#include "registrar/authentication.h"
#include "registrar/location.h"
#include "sip/transaction_layer.h"

namespace convene::registrar {

struct ParticipatingService {
  std::string uri;  // of its Routes, without "lr"
  sip::Destination at;
  // Users at its host that are its own, too: their names begin so. Empty: none.
  std::string user_mark = {};
};

struct Settings {
  std::string domain;  // whose users register here
  Authentication::Settings authentication;
  std::chrono::seconds min_expires{60};
  std::chrono::seconds default_expires{3'600};
  std::chrono::seconds max_expires{86'400};
  std::size_t max_users = 100'000;

  // The services of this node: URIs such as that of the conference factory, and whole hosts
  // ("cf.example.com", "192.0.2.20:5060") where every URI is a focus. Requests to them go to
  // `services_at`.
  std::vector<std::string> service_uris;
  std::vector<std::string> service_hosts;
  sip::Destination services_at;

  // Set: a Participating Function handles what its users' clients begin, and what is for them,
  // before it goes its way. 3GPP TS 24.229 5.4.3.2, 5.4.3.3
  std::optional<ParticipatingService> participating{};

  sip::LayerSettings layer;
};

struct Output {
  std::vector<sip::Send> sends;
  std::vector<std::string> registered{};  // users, by their address, who have a contact now
};

// Routes by which a request of the Participating Function comes to this registrar, which is at one
// of these addresses: to the clients of the user, whose Participating Function has seen it; and to
// anybody else, as from a user.
std::string to_client_route(const sip::LocalAddresses& addresses);
std::string to_user_route(const sip::LocalAddresses& addresses);

// The lab's stand-in for a SIP/IP core: registers users (RFC 3261 10, digest RFC 7616/8760),
// asserts who they are (RFC 3325), and routes requests as a stateful, record-routing, forking proxy
// (RFC 3261 16).
class Registrar {
 public:
  Registrar(Settings settings, Surroundings surroundings);

  // From the network, or handed over by a service of this node (whose source is trusted).
  void receive(sip::Message message, const sip::Source& source, TimePoint now, Output& out);
  void transport_failed(const sip::Destination& destination, TimePoint now, Output& out);
  void wake(TimePoint now, Output& out);
  Deadline deadline() const;
  bool owns_branch(std::string_view branch) const { return layer_.owns_branch(branch); }

  std::size_t transactions() const { return layer_.transactions(); }
  std::size_t users() const { return location_.users(); }

 private:
  struct Branch {
    sip::ClientTransactionId transaction;
    std::string asserted;  // the user at its end: who a response is from
    bool is_over = false;
  };
  // One request under way to one or more places. RFC 3261 16.6.
  struct Forwarded {
    sip::Message request;  // as it came: responses of our own are made from it
    sip::Source source;
    std::vector<Branch> branches;
    std::optional<sip::Message> best;  // RFC 3261 16.7 (6)
    bool is_answered = false;
  };
  struct Target {
    sip::Destination destination;
    std::optional<sip::Uri> uri;  // what the Request-URI becomes; nothing: stays
    std::string asserted;
    std::vector<std::string> routes{};  // goes this way first
    std::string served_user{};          // P-Served-User. RFC 5502
  };

  // proxy.cc: RFC 3261 16
  void take(sip::LayerOutput output, TimePoint now, Output& out);
  void respond(sip::ServerTransactionId transaction, sip::Message response, TimePoint now,
               Output& out);
  void handle(std::vector<sip::LayerEvent> events, TimePoint now, Output& out);
  void request_arrived(sip::RequestArrived arrived, TimePoint now, Output& out);
  void ack_arrived(sip::AckArrived arrived, TimePoint now, Output& out);
  void cancel_arrived(sip::ServerTransactionId invite, TimePoint now, Output& out);
  void response_arrived(sip::ClientTransactionId transaction, sip::Message response, TimePoint now,
                        Output& out);
  void forward(sip::ServerTransactionId transaction, const sip::Message& request,
               const sip::Source& source, const std::vector<Target>& targets, TimePoint now,
               Output& out);
  void finish_if_all_answered(sip::ServerTransactionId transaction, TimePoint now, Output& out);
  void forget(sip::ServerTransactionId transaction);
  void answer(sip::ServerTransactionId transaction, const sip::Message& request, int status,
              TimePoint now, Output& out, std::string_view reason = {});

  // routing.cc: RFC 3261 16.4-16.6
  std::string remove_own_routes(sip::Message& request) const;  // the mark that the last one had
  Result<std::vector<Target>> targets_of(const sip::Message& request, std::string_view mark,
                                         TimePoint now) const;

  // services.cc: 3GPP TS 24.229 5.4.3
  bool is_participating(const sip::Uri& uri) const;
  bool is_of_participating(const sip::Uri& uri) const;
  std::optional<Target> originating(const sip::Message& request, std::string_view asserted,
                                    std::string_view mark) const;
  std::optional<Target> terminating(const sip::Message& request, std::string_view mark,
                                    TimePoint now) const;
  Target by_participating(std::string_view user, std::string_view session_case,
                          bool is_registered) const;
  bool is_own(const sip::Uri& uri) const;
  bool is_service(const sip::Uri& uri) const;
  void add_record_route(sip::Message& request, const sip::Source& source,
                        const sip::Destination& next) const;

  // registration.cc: RFC 3261 10.3
  void register_arrived(const sip::RequestArrived& arrived, TimePoint now, Output& out);
  Result<> bind_contacts(const sip::Message& request, const sip::Source& source,
                         std::string_view address_of_record, TimePoint now);

  Settings settings_;
  std::optional<sip::Uri> participating_;  // settings_.participating's
  Surroundings surroundings_;
  sip::TransactionLayer layer_;
  Location location_;
  Authentication authentication_;
  std::map<sip::ServerTransactionId, Forwarded> forwarded_;
  std::map<sip::ClientTransactionId, sip::ServerTransactionId> branch_of_;
  std::deque<std::pair<TimePoint, sip::ServerTransactionId>>
      answered_invites_;  // to be forgotten then
};

}  // namespace convene::registrar
