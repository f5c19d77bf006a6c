#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/surroundings.h"
#include "sip/hop.h"
#include "sip/message.h"
#include "sip/name_addr.h"
#include "sip/transaction_layer.h"

namespace convene::sip {

// Names a dialog inside its user agent; never used again.
struct DialogId {
  std::uint64_t value = 0;
  auto operator<=>(const DialogId&) const = default;
};
using RequestId = ClientTransactionId;  // of a request of ours; stays the same when it is repeated
                                        // with credentials

struct Credentials {
  std::string user;
  std::string password;
};

struct UserAgentSettings {
  LayerSettings layer;
  std::string product;  // Server and User-Agent
  std::string allow;    // the Allow header of requests and 2xx: "INVITE, ACK, ..."

  // Answers 401 and 407 by itself, once per request and realm. RFC 7616, 8760
  std::optional<Credentials> credentials;

  // Where requests outside dialogs go, whatever their Request-URI.
  std::optional<Destination> outbound;

  std::chrono::seconds min_se{90};  // RFC 4028

  // Require of these is understood; others: 420.
  std::vector<std::string> supported{"timer", "recipient-list-invite", "norefersub",
                                     "multiple-refer"};

  std::size_t max_dialogs = 100'000;

  // A BYE comes as RequestReceived with its dialog; our final answer to it ends the dialog.
  bool hold_bye = false;
};

// A request outside ACK and CANCEL: inside a dialog of ours, or not. To be answered with respond().
struct RequestReceived {
  ServerTransactionId transaction;
  std::optional<DialogId> dialog;  // set: passed all in-dialog checks of RFC 3261 12.2.2
  Message request;
  Source source;
};

// Provisional > 100, and exactly one final; a 401, 407, 422 or 491 that was retried is not shown.
//
// Finals of our own making: 408 (none came), 503 (no way to send it), 481 (the dialog ended before
// it was sent), 487 (the 2xx crossed our cancel()), 502 (a 2xx that no dialog could be made of).
struct ResponseReceived {
  RequestId request;
  std::optional<DialogId>
      dialog;  // from the 2xx of an INVITE or SUBSCRIBE on, and for requests in dialogs
  Message response;
};

struct Cancelled {  // the peer gave up its INVITE; 487 has been sent
  ServerTransactionId invite;
};

struct Acknowledged {  // the ACK to our 2xx
  DialogId dialog;
  Message ack;
};

// A re-INVITE, an UPDATE or a 2xx changed the peer's Contact (and so maybe its feature tags). RFC
// 3840 7
struct PeerRefreshed {
  DialogId dialog;
  NameAddr contact;
};

// The dialog is over, and not by our own bye() or forget(). What had to be sent has been sent.
struct DialogEnded {
  enum class Why {
    bye,              // the peer's
    no_ack,           // to our 2xx. RFC 3261 13.3.1.4
    session_expired,  // RFC 4028 10
    refused,          // 408 or 481 to a request in it. RFC 3261 12.2.1.2
  };
  DialogId dialog;
  Why why;
  std::optional<Message> bye;  // with its Reason; already answered 200
};
std::string_view text_of(DialogEnded::Why why);  // for the log

using UserAgentEvent = std::variant<RequestReceived, ResponseReceived, Cancelled, Acknowledged,
                                    PeerRefreshed, DialogEnded>;

struct UserAgentOutput {
  std::vector<Send> sends;
  std::vector<UserAgentEvent> events;  // in order
  std::vector<DialogId> hung_up = {};  // by us: the BYE was answered, or nobody answers it
};

// The user agent core (RFC 3261 8, 12-15) with session timers (RFC 4028): what the focus and the
// client share.
//
// Does by itself: ACK to a 2xx and to its retransmissions; retransmission of our 2xx until the ACK;
// ACK+BYE for further forked 2xx; CSeq order (500), unknown dialogs (481), glare (491 both ways,
// retried after the RFC's random time), 420 for a Require it does not know, 405 is the user's;
// digest; session refresh (UPDATE when the peer allows it, else re-INVITE with the last body) and
// its expiry (BYE); 422 both ways; answers an UPDATE without body. BYE is answered 200 and told as
// DialogEnded, unless `hold_bye` was asked for.
class UserAgent {
 public:
  UserAgent(UserAgentSettings settings, Surroundings surroundings);
  ~UserAgent();
  UserAgent(UserAgent&&) noexcept;

  void receive(Message message, const Source& source, TimePoint now, UserAgentOutput& out);
  void transport_failed(const Destination& destination, TimePoint now, UserAgentOutput& out);
  void wake(TimePoint now, UserAgentOutput& out);
  Deadline deadline() const;
  bool owns_branch(std::string_view branch) const;

  // A request outside a dialog. The caller gives Request-URI, From and To without tags, and
  // everything it wants to say (Contact, Route, body); added here: From tag, Call-ID and CSeq
  // unless present, Via, Max-Forwards, User-Agent. An INVITE or SUBSCRIBE makes a dialog at its
  // 2xx. Where it goes: settings.outbound, else Route, else Request-URI.
  RequestId request(Message request, TimePoint now, UserAgentOutput& out);

  // A request inside a dialog: `request` has method, extra headers and body; everything of the
  // dialog is filled in. It waits while the dialog cannot take it: before the ACK to our first 2xx,
  // and an INVITE or an offer while another is under way. Fault::not_found when the dialog is gone.
  Result<RequestId> request_in(DialogId dialog, Message request, TimePoint now,
                               UserAgentOutput& out);

  // Ends an INVITE of ours that has no final response yet. A 2xx that crosses is acknowledged and
  // ended by BYE.
  void cancel(RequestId invite, TimePoint now, UserAgentOutput& out);

  // Answers a request. `response` from respond_to(); a 2xx to INVITE, SUBSCRIBE or REFER (unless it
  // says Refer-Sub: false) makes the dialog, which is returned (with the Contact the caller put
  // in). Record-Route is copied; Session-Expires negotiated when `request` asked.
  std::optional<DialogId> respond(ServerTransactionId transaction, Message response, TimePoint now,
                                  UserAgentOutput& out);
  Message respond_to(const Message& request, int status,
                     std::string_view reason = {});  // with our To tag

  // BYE with these extra headers (Reason); the dialog is forgotten when it is answered. Before the
  // ACK of our 2xx has come, the BYE waits for it (RFC 3261 15).
  void bye(DialogId dialog, const std::vector<std::pair<Name, std::string>>& headers, TimePoint now,
           UserAgentOutput& out);

  // Forgets a dialog without a message (the end of a subscription).
  void forget(DialogId dialog);

  struct DialogView {  // valid until the user agent is called again
    std::string_view call_id, local_tag, remote_tag;
    const NameAddr& remote_contact;    // with its feature tags
    std::string_view remote_address;   // the other side's From/To URI
    std::optional<RequestId> made_by;  // our INVITE or SUBSCRIBE; nothing: the peer's
  };
  std::optional<DialogView> dialog(DialogId id) const;

  void set_credentials(Credentials credentials);
  std::size_t dialogs() const;
  std::size_t transactions() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace convene::sip
