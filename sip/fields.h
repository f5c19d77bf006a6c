#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "sip/message.h"
#include "sip/name_addr.h"
#include "sip/params.h"

namespace convene::sip {

// One Via value. RFC 3261 20.42, RFC 3581.
struct Via {
  std::string transport;  // upper-case: "UDP", "TCP", "TLS"
  HostPort sent_by;
  Params params;
  std::string_view branch() const { return params.value("branch").value_or(std::string_view{}); }
  bool operator==(const Via&) const = default;
};
Result<Via> parse_via(std::string_view text);
std::string to_text(const Via& via);

// RFC 3261 20.16: number below 2^31.
struct CSeq {
  std::uint32_t number = 0;
  std::string method;
  bool operator==(const CSeq&) const = default;
};
Result<CSeq> parse_cseq(std::string_view text);
std::string to_text(const CSeq& cseq);
std::uint32_t sequence_of(const Message& message);  // the number of its CSeq; 0: none

// RFC 4028 4.
enum class Refresher { unspecified, uac, uas };
struct SessionExpires {
  std::chrono::seconds interval{0};
  Refresher refresher = Refresher::unspecified;
  bool operator==(const SessionExpires&) const = default;
};
Result<SessionExpires> parse_session_expires(std::string_view text);
std::string to_text(const SessionExpires& value);

// RFC 6665 8.2.1: package and id.
struct Event {
  std::string package;
  std::string id;
  bool operator==(const Event&) const = default;
};
Result<Event> parse_event(std::string_view text);
std::string to_text(const Event& event);

// RFC 6665 8.2.3.
struct SubscriptionState {
  std::string state;  // "active", "pending", "terminated"
  std::optional<std::chrono::seconds> expires;
  std::string reason;
  std::optional<std::chrono::seconds> retry_after;
  bool operator==(const SubscriptionState&) const = default;
};
Result<SubscriptionState> parse_subscription_state(std::string_view text);
std::string to_text(const SubscriptionState& value);

// RFC 3326: SIP;cause=200;text="Call completed".
struct Reason {
  std::string protocol;
  int cause = 0;
  std::string text;
  bool operator==(const Reason&) const = default;
};
Result<Reason> parse_reason(std::string_view text);
std::string to_text(const Reason& reason);

// RFC 3261 20.43: 399 host "text".
struct Warning {
  int code = 399;
  std::string agent;
  std::string text;
  bool operator==(const Warning&) const = default;
};
Result<Warning> parse_warning(std::string_view text);
std::string to_text(const Warning& warning);

// delta-seconds that fit in 32 bits: Expires, Min-SE, Min-Expires, Max-Forwards.
Result<std::uint32_t> parse_delta_seconds(std::string_view text);

}  // namespace convene::sip
