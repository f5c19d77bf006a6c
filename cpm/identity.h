#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sip/message.h"
#include "sip/name_addr.h"

namespace convene::cpm {

// CPM 6.1: the authenticated originator's CPM address is the first P-Asserted-Identity that can be
// read. Ask only after strip_assertions() was applied to what came from untrusted peers.
std::optional<sip::NameAddr> authenticated_originator(const sip::Message& request);

// RFC 3325 9.1: makes `identity` the asserted one. A preferred identity with the same address gives
// its display name.
void assert_identity(sip::Message& request, const sip::NameAddr& identity);

// Removes what only a trusted peer may say: P-Asserted-Identity, P-Asserted-Service, Referred-By.
// RFC 3325 6.
void strip_assertions(sip::Message& message);

// RFC 3325 7: "id" is asked for, alone or among others; "none" overrides.
bool asks_for_anonymity(const sip::Message& message);

// RFC 3325 7: at the last trusted hop, takes away who it was: P-Asserted-Identity,
// P-Preferred-Identity and Referred-By.
void hide_originator(sip::Message& message);

inline constexpr std::string_view anonymous_uri = "sip:anonymous@anonymous.invalid";

// Whether it is the address of nobody: any user at anonymous.invalid.
bool is_anonymous(std::string_view uri);

// sip:anonymous-<n>@<host>: tells anonymous members of one group apart (G-36).
std::string pseudonym(std::uint64_t n, std::string_view host);
bool is_pseudonym(std::string_view uri);  // at whatever host

}  // namespace convene::cpm
