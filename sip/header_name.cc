#include "sip/header_name.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace convene::sip {

namespace {

struct Spelling {
  Name name;
  std::string_view text;
  char compact = 0;
};

// In the order of Name.
constexpr auto spellings = std::to_array<Spelling>({
    {Name::other, ""},
    {Name::accept, "Accept"},
    {Name::accept_contact, "Accept-Contact", 'a'},  // RFC 3841 10
    {Name::allow, "Allow"},
    {Name::allow_events, "Allow-Events", 'u'},  // RFC 6665 8.2.2
    {Name::authentication_info, "Authentication-Info"},
    {Name::authorization, "Authorization"},
    {Name::call_id, "Call-ID", 'i'},
    {Name::contact, "Contact", 'm'},
    {Name::content_disposition, "Content-Disposition"},
    {Name::content_encoding, "Content-Encoding", 'e'},
    {Name::content_id, "Content-ID"},
    {Name::content_length, "Content-Length", 'l'},
    {Name::content_type, "Content-Type", 'c'},
    {Name::contribution_id, "Contribution-ID"},
    {Name::conversation_id, "Conversation-ID"},
    {Name::cseq, "CSeq"},
    {Name::date, "Date"},
    {Name::event, "Event", 'o'},  // RFC 6665 8.2.1
    {Name::expires, "Expires"},
    {Name::from, "From", 'f'},
    {Name::in_reply_to_contribution_id, "InReplyTo-Contribution-ID"},
    {Name::max_forwards, "Max-Forwards"},
    {Name::message_expires, "Message-Expires"},
    {Name::message_uid, "Message-UID"},
    {Name::min_expires, "Min-Expires"},
    {Name::min_se, "Min-SE"},
    {Name::mime_version, "MIME-Version"},
    {Name::p_asserted_identity, "P-Asserted-Identity"},
    {Name::p_asserted_service, "P-Asserted-Service"},
    {Name::p_preferred_identity, "P-Preferred-Identity"},
    {Name::p_preferred_service, "P-Preferred-Service"},
    {Name::path, "Path"},
    {Name::privacy, "Privacy"},
    {Name::proxy_authenticate, "Proxy-Authenticate"},
    {Name::proxy_authorization, "Proxy-Authorization"},
    {Name::proxy_require, "Proxy-Require"},
    {Name::reason, "Reason"},
    {Name::record_route, "Record-Route"},
    {Name::refer_sub, "Refer-Sub"},
    {Name::refer_to, "Refer-To", 'r'},        // RFC 3515 2.1
    {Name::referred_by, "Referred-By", 'b'},  // RFC 3892 2.1
    {Name::replaces, "Replaces"},
    {Name::request_disposition, "Request-Disposition", 'd'},  // RFC 3841 10
    {Name::require, "Require"},
    {Name::retry_after, "Retry-After"},
    {Name::route, "Route"},
    {Name::server, "Server"},
    {Name::service_route, "Service-Route"},
    {Name::session_expires, "Session-Expires", 'x'},  // RFC 4028 4
    {Name::session_replaces, "Session-Replaces"},
    {Name::subject, "Subject", 's'},
    {Name::subscription_state, "Subscription-State"},
    {Name::supported, "Supported", 'k'},
    {Name::to, "To", 't'},
    {Name::unsupported, "Unsupported"},
    {Name::user_agent, "User-Agent"},
    {Name::via, "Via", 'v'},
    {Name::warning, "Warning"},
    {Name::www_authenticate, "WWW-Authenticate"},
});

consteval bool is_in_order() {
  for (std::size_t i = 0; i < spellings.size(); ++i) {
    if (std::to_underlying(spellings[i].name) != i) return false;
  }
  return true;
}
static_assert(is_in_order());

// A hash table made by the compiler: every header of every message passes through it.
constexpr std::size_t slots = 512;

constexpr std::size_t slot_of(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<std::size_t>(to_lower(text[i])); };
  return (text.size() * 71 + at(0) * 7 + at(text.size() / 2) * 31 + at(text.size() - 1) * 131) %
         slots;
}

consteval auto make_index() {
  std::array<Name, slots> index{};
  for (const auto& spelling : spellings) {
    if (spelling.text.empty()) continue;
    auto slot = slot_of(spelling.text);
    while (index[slot] != Name::other) slot = (slot + 1) % slots;
    index[slot] = spelling.name;
  }
  return index;
}
constexpr auto index_of_names = make_index();

consteval auto make_compact_forms() {
  std::array<Name, 26> forms{};
  for (const auto& spelling : spellings) {
    if (spelling.compact != 0)
      forms[static_cast<std::size_t>(spelling.compact - 'a')] = spelling.name;
  }
  return forms;
}
constexpr auto compact_forms = make_compact_forms();

}  // namespace

std::string_view text_of(Name name) { return spellings[std::to_underlying(name)].text; }

Name name_of(std::string_view text) {
  if (text.empty()) return Name::other;
  if (text.size() == 1) {
    const char letter = to_lower(text[0]);
    return letter >= 'a' && letter <= 'z' ? compact_forms[static_cast<std::size_t>(letter - 'a')]
                                          : Name::other;
  }
  auto slot = slot_of(text);
  while (index_of_names[slot] != Name::other && !iequals(text_of(index_of_names[slot]), text)) {
    slot = (slot + 1) % slots;
  }
  return index_of_names[slot];
}

}  // namespace convene::sip
