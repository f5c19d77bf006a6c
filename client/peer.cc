#include "client/peer.h"

#include "cpm/identity.h"
#include "sip/fields.h"
#include "sip/name_addr.h"

namespace convene::client {

using sip::Name;

std::string explanation_of(const sip::Message& response) {
  if (const auto warning = sip::parse_warning(response.header(Name::warning))) {
    return warning->text;
  }
  return std::string{response.reason()};
}

// CPM 7.3.2 (3) c
Person inviter_of(const sip::Message& invite) {
  if (cpm::asks_for_anonymity(invite)) return {};
  for (const auto name : {Name::referred_by, Name::p_asserted_identity, Name::from}) {
    for (const auto value : invite.values(name)) {
      const auto address = sip::parse_name_addr(value);
      if (!address) continue;
      auto text = sip::to_text(address->uri);
      if (cpm::is_anonymous(text)) return {};
      return {.address = std::move(text), .display_name = address->display};
    }
  }
  return {};
}

}  // namespace convene::client
