#include "participating/served_user.h"

#include <algorithm>

#include "base/text.h"
#include "cpm/identity.h"
#include "sip/name_addr.h"

namespace convene::participating {

namespace {

bool is_of(const sip::Uri& uri, const Settings& settings) {
  if (settings.domains.empty() || uri.is_tel()) return true;
  return std::ranges::any_of(settings.domains,
                             [&](const auto& domain) { return iequals(domain, uri.host); });
}

Result<ServedUser> named(std::string_view value, bool is_originating) {
  const auto user = TRY(sip::parse_name_addr(value));
  ServedUser served;
  served.address = sip::address_of_record(user.uri);
  const auto session_case = user.params.value("sescase").value_or("");
  const bool says_originating = iequals(session_case, "orig") || iequals(session_case, "orig-cdiv");
  served.session_case = says_originating || (session_case.empty() && is_originating)
                            ? SessionCase::originating
                            : SessionCase::terminating;
  served.is_registered = !iequals(user.params.value("regstate").value_or(""), "unreg");
  return served;
}

}  // namespace

Result<ServedUser> served_user(const sip::Message& request, std::string_view route,
                               const Settings& settings) {
  const auto by = sip::parse_name_addr(route);
  const bool is_originating = by && (by->uri.params.has("orig") || by->params.has("orig"));

  ServedUser served;
  if (const auto value = request.header(p_served_user); !value.empty()) {
    served = TRY(named(value, is_originating));
  } else if (is_originating) {
    const auto originator = cpm::authenticated_originator(request);
    if (!originator) return fail(Fault::unsupported, "nobody says who the originator is");
    served.address = sip::address_of_record(originator->uri);
    served.session_case = SessionCase::originating;
  } else {
    served.address = sip::address_of_record(TRY(sip::parse_uri(request.uri())));
  }
  const auto address = TRY(sip::parse_uri(served.address));
  if (!is_of(address, settings)) return fail(Fault::unsupported, "not a user of ours");
  return served;
}

}  // namespace convene::participating
