#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "xml/element.h"

namespace convene::conference {

inline constexpr std::string_view content_type = "application/conference-info+xml";

// What a document says about an element: all of it, what changed, or that it is gone. RFC 4575 4.5.
enum class State { full, partial, deleted };

// RFC 4575 5.7.2.
enum class Status {
  pending,
  dialing_out,
  dialing_in,
  alerting,
  on_hold,
  connected,
  muted_via_focus,
  disconnecting,
  disconnected
};
enum class JoiningMethod { dialed_in, dialed_out, focus_owner };
enum class DisconnectionMethod { departed, booted, failed, busy };

// <joining-info> and <disconnection-info>. RFC 4575 5.7.4. Empty fields are absent ones.
struct ExecutionInfo {
  std::string when = {};    // RFC 3339
  std::string reason = {};  // SIP;cause=603;text="Decline"
  std::string by = {};      // URI of who did it
  bool operator==(const ExecutionInfo&) const = default;
};

// One leg of a user. RFC 4575 5.7.
struct Endpoint {
  std::string entity = {};
  std::optional<State> state = {};  // nothing: not written, which means full
  std::string display_text = {};
  std::optional<Status> status = {};
  std::optional<JoiningMethod> joining_method = {};
  std::optional<ExecutionInfo> joining_info = {};
  std::optional<DisconnectionMethod> disconnection_method = {};
  std::optional<ExecutionInfo> disconnection_info = {};
  std::vector<xml::Element> extensions = {};  // what we do not read, in order
  bool operator==(const Endpoint&) const = default;
};

// RFC 4575 5.6.
struct User {
  std::string entity = {};
  std::optional<State> state = {};
  bool yourown = false;       // the receiver of this document itself (OMA)
  std::string nickname = {};  // RFC 6501 4.6.5.3; empty: none
  std::string display_text = {};
  std::vector<Endpoint> endpoints = {};
  std::vector<xml::Attribute> attributes = {};  // what we do not read, in order
  std::vector<xml::Element> extensions = {};
  bool operator==(const User&) const = default;
};

// RFC 4575 5.3.
struct Description {
  std::string display_text = {};
  std::string subject = {};
  std::optional<std::uint32_t> maximum_user_count = {};
  std::vector<xml::Element> extensions = {};
  bool operator==(const Description&) const = default;
};

// RFC 4575 5.5.
struct ConferenceState {
  std::optional<std::uint32_t> user_count = {};
  std::optional<bool> active = {};
  std::optional<bool> locked = {};
  std::vector<xml::Element> extensions = {};
  bool operator==(const ConferenceState&) const = default;
};

struct Users {
  std::optional<State> state = {};
  std::vector<User> list = {};
  std::vector<xml::Element> extensions = {};
  bool operator==(const Users&) const = default;
};

// One document of the conference event package. RFC 4575 5.
struct ConferenceInfo {
  std::string entity = {};  // the focus URI
  std::optional<State> state = {};
  std::uint32_t version = 0;  // counts the documents of one subscription
  std::optional<Description> description = {};
  std::optional<ConferenceState> conference_state = {};
  std::optional<Users> users = {};
  std::vector<xml::Attribute> attributes = {};  // of the root, what we do not read
  std::vector<xml::Element> extensions = {};
  bool operator==(const ConferenceInfo&) const = default;
};

inline constexpr std::size_t max_users = 5'000;
inline constexpr std::size_t max_endpoints = 16;  // of one user

Result<ConferenceInfo> parse_conference_info(std::string_view text);
std::string to_text(const ConferenceInfo& info);

std::string_view name_of(State state);
std::string_view name_of(Status status);
std::string_view name_of(JoiningMethod method);
std::string_view name_of(DisconnectionMethod method);

}  // namespace convene::conference
