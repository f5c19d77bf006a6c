#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/surroundings.h"
#include "cpim/message.h"
#include "cpm/msrp_media.h"
#include "isf/no_bodies.h"
#include "isf/route_table.h"
#include "msrp/endpoint.h"
#include "sip/user_agent.h"

namespace convene::isf {

struct Settings {
  std::vector<Route> routes;
  std::size_t max_sessions = 100;     // beyond: 480
  std::size_t max_kept = 1'000;       // messages; the oldest go
  std::uint64_t max_octets = 65'536;  // of one; beyond: 413
};

struct Addresses {
  sip::LocalAddresses sip;
  sip::HostPort msrp;  // port 9: it only connects
};

struct Output {
  std::vector<sip::Send> sends;
  std::vector<msrp::Effect> msrp;
};

// What would have been sent on as an SMS, an MMS or a mail.
struct Delivered {
  Service service = Service::sms;
  std::string recipient;
  std::string from;  // as its CPIM says; empty: unknown
  std::string text;
  bool operator==(const Delivered&) const = default;
};

// The Interworking Selection Function, and behind it a stub of every Interworking Function, for a
// lab: picks the service by the recipient's address (CPM 6.5), and answers an invitation as the
// participant would. What is said in the session is kept instead of sent. No files, nothing of its
// own. Pure.
//
// 404 when no route leads to the recipient, 488 for files, 480 when there are too many sessions.
class InterworkingFunction {
 public:
  InterworkingFunction(Settings settings, Surroundings surroundings);

  void start(const Addresses& addresses);

  void receive(sip::Message message, const sip::Source& source, TimePoint now, Output& out);
  void transport_failed(const sip::Destination& destination, TimePoint now, Output& out);

  // MSRP: see msrp::Endpoint.
  void msrp_connected(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                      Output& out);
  void msrp_closed(msrp::ConnectionId connection, TimePoint now, Output& out);
  std::span<std::byte> msrp_prepare(msrp::ConnectionId connection);
  void msrp_commit(msrp::ConnectionId connection, std::size_t count, TimePoint now, Output& out);
  void msrp_writable(msrp::ConnectionId connection, std::size_t budget, TimePoint now, Output& out);
  void msrp_written(msrp::ConnectionId connection, TimePoint now, Output& out);

  void wake(TimePoint now, Output& out);
  Deadline deadline() const;

  const std::deque<Delivered>& delivered() const { return delivered_; }  // the oldest first
  std::size_t sessions() const { return sessions_.size(); }

 private:
  struct Session {
    Service service = Service::sms;
    std::string recipient;
    cpm::MsrpMedia ours, theirs;
    std::string description;                // what our SDP said, for repetition
    std::optional<msrp::SessionKey> media;  // from the ACK on
  };

  void settle(sip::UserAgentOutput sip, msrp::Output msrp, TimePoint now, Output& out);
  void on(sip::RequestReceived& event, TimePoint now, Output& out);
  void on(const sip::Acknowledged& event, TimePoint now, Output& out);
  void on(const sip::DialogEnded& event, TimePoint now, Output& out);
  void invited(const sip::RequestReceived& event, TimePoint now, Output& out);
  void offered_again(const sip::RequestReceived& event, TimePoint now, Output& out);
  void message_received(const sip::RequestReceived& event, TimePoint now, Output& out);
  void said(const msrp::MessageReceived& message);
  void keep(Service service, std::string_view recipient, const cpim::Message& message);
  std::optional<sip::DialogId> respond(const sip::RequestReceived& event, sip::Message response,
                                       TimePoint now, Output& out);
  void refuse(const sip::RequestReceived& event, int status, std::string_view why, TimePoint now,
              Output& out);
  cpm::MsrpMedia answering_media() const;

  Settings settings_;
  Surroundings surroundings_;
  Addresses addresses_;
  std::optional<sip::UserAgent> agent_;  // set by start()
  NoBodies bodies_;
  msrp::Endpoint endpoint_;
  std::map<sip::DialogId, Session> sessions_;
  std::deque<Delivered> delivered_;
};

}  // namespace convene::isf
