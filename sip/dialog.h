#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sip/hop.h"
#include "sip/message.h"
#include "sip/name_addr.h"

namespace convene::sip {

// What two user agents know about each other between requests. RFC 3261 12.
class Dialog {
 public:
  // RFC 3261 12.1.2: from the response to our request. A response without Contact leaves us the
  // Request-URI. Fault::malformed when it has no To tag that we could answer to, or an unreadable
  // Contact.
  static Result<Dialog> as_uac(const Message& request, const Message& response);

  // RFC 3261 12.1.1: from a request that we answer with this To tag. Fault::malformed without a
  // readable Contact.
  static Result<Dialog> as_uas(const Message& request, std::string_view local_tag);

  // RFC 6665 4.4.1: from the NOTIFY that came before the 2xx to our SUBSCRIBE.
  static Result<Dialog> as_subscriber(const Message& subscribe, const Message& notify);

  // RFC 3261 13.2.2.4: the 2xx has the last word about the route set and the target of an early
  // dialog.
  void confirm(const Message& response);

  // `wanted` with everything of the dialog in place of its own: Request-URI, Route, From, To,
  // Call-ID, the next CSeq, Max-Forwards. RFC 3261 12.2.1.1. Via is not ours to add.
  Message make_request(const Message& wanted);

  // The ACK to a 2xx whose INVITE had that CSeq number. RFC 3261 13.2.2.4.
  Message make_ack(std::uint32_t number) const;

  // Where requests go: the first of the route set, else the remote target. Fault::unsupported when
  // nobody knows how.
  Result<Destination> next_hop() const;

  // Notes the CSeq of a request from the peer. False: older than what came before. RFC 3261 12.2.2.
  bool accept_sequence(std::uint32_t number);

  // Takes the Contact of a target refresh request or its 2xx. True when it says something new. RFC
  // 3261 12.2.
  bool refresh_target(const Message& message);

  const std::string& call_id() const { return call_id_; }
  const std::string& local_tag() const { return local_tag_; }
  const std::string& remote_tag() const { return remote_tag_; }
  const NameAddr& remote_contact() const { return remote_contact_; }
  const std::string& remote_address() const { return remote_address_; }
  const std::vector<std::string>& route_set() const { return route_set_; }
  std::uint32_t local_sequence() const { return local_sequence_; }

  const std::string& local_contact() const { return local_contact_; }  // our own, as we said it
  void set_local_contact(std::string_view contact) { local_contact_ = contact; }

 private:
  void address(Message& request) const;
  bool routes_strictly() const;

  std::string call_id_;
  std::string local_, remote_;  // From and To of our requests, with tags
  std::string local_tag_, remote_tag_;
  std::string remote_address_;  // the URI of remote_
  std::string local_contact_;
  NameAddr remote_contact_;             // the remote target, with feature tags
  std::vector<std::string> route_set_;  // in the order of our Route headers
  std::uint32_t local_sequence_ = 0;
  std::optional<std::uint32_t> remote_sequence_;
};

// Call-ID and tags, as one text to look a dialog up by. RFC 3261 12.
std::string dialog_key(std::string_view call_id, std::string_view local_tag,
                       std::string_view remote_tag);

}  // namespace convene::sip
