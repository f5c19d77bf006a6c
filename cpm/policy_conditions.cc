#include "cpm/policy_conditions.h"

#include <algorithm>

#include "base/text.h"
#include "sip/uri.h"

namespace convene::cpm {

bool is_named(const groups::Conditions& conditions, std::string_view address) {
  const auto uri = sip::parse_uri(address);
  return std::ranges::any_of(
             conditions.identities,
             [address](const auto& id) { return sip::address_of_record(id) == address; }) ||
         std::ranges::any_of(conditions.domains, [&uri](const auto& domain) {
           return domain.empty() || (uri && iequals(uri->host, domain));
         });
}

}  // namespace convene::cpm
