#pragma once

#include <cstdint>
#include <string_view>

namespace convene::sip {

// The headers we look at. Everything else is Name::other and keeps its own spelling.
enum class Name : std::uint8_t {
  other,
  accept,
  accept_contact,
  allow,
  allow_events,
  authentication_info,
  authorization,
  call_id,
  contact,
  content_disposition,
  content_encoding,
  content_id,
  content_length,
  content_type,
  contribution_id,
  conversation_id,
  cseq,
  date,
  event,
  expires,
  from,
  in_reply_to_contribution_id,
  max_forwards,
  message_expires,
  message_uid,
  min_expires,
  min_se,
  mime_version,
  p_asserted_identity,
  p_asserted_service,
  p_preferred_identity,
  p_preferred_service,
  path,
  privacy,
  proxy_authenticate,
  proxy_authorization,
  proxy_require,
  reason,
  record_route,
  refer_sub,
  refer_to,
  referred_by,
  replaces,
  request_disposition,
  require,
  retry_after,
  route,
  server,
  service_route,
  session_expires,
  session_replaces,
  subject,
  subscription_state,
  supported,
  to,
  unsupported,
  user_agent,
  via,
  warning,
  www_authenticate,
};

// The usual spelling: "Call-ID". Empty for Name::other.
std::string_view text_of(Name name);

// Any case, and the compact forms of RFC 3261 7.3.3, 4028, 3841, 3515, 3892 and 6665.
Name name_of(std::string_view text);

}  // namespace convene::sip
