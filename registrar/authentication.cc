#include "registrar/authentication.h"

#include <utility>

#include "base/ip_address.h"
#include "sip/name_addr.h"
#include "sip/transaction_layer.h"

namespace convene::registrar {

namespace {

constexpr Duration throttle_period{60'000};
constexpr std::size_t max_throttled_sources = 10'000;
constexpr std::size_t max_credentials = 4;  // of one request

bool is_this_machine(const sip::Source& source) {
  const auto address = parse_ip(source.address.host);
  return address && address->is_loopback();
}

// The user part stands for the address in our realm: "alice" and "alice@example.com" both name
// sip:alice@example.com.
std::string_view user_part(std::string_view name) {
  if (name.starts_with("sip:")) name.remove_prefix(4);
  return name.substr(0, name.find('@'));
}

}  // namespace

Authentication::Authentication(Settings settings, Surroundings surroundings)
    : settings_{std::move(settings)},
      surroundings_{surroundings},
      nonces_{surroundings.random, settings_.nonce_age} {
  for (const auto& user : settings_.users)
    users_.insert_or_assign(sip::address_of_record(user.address), user);
}

Authentication::Verdict Authentication::identify(const sip::Message& request,
                                                 const sip::Source& source,
                                                 std::string_view claimed, const Location& location,
                                                 At at, TimePoint now) {
  // An ACK and a CANCEL cannot be challenged (RFC 3261 22.1); a request inside a dialog is known by
  // its dialog.
  if (settings_.open && is_this_machine(source))
    return {.address = std::string{claimed}, .refusal = {}};
  if (at == At::proxy && is_reliable(source.transport)) {
    if (auto user = location.registered_over(source, claimed, now))
      return {.address = std::move(*user), .refusal = {}};
  }

  if (is_throttled(source, now)) {
    surroundings_.log.warning("registrar", "too many wrong passwords",
                              {{"from", source.address.host}});
    return {.address = {},
            .refusal = make_response(request, 403, random_token(surroundings_.random, 8))};
  }
  bool is_stale = false;
  bool was_wrong = false;
  const auto header =
      at == At::registrar ? sip::Name::authorization : sip::Name::proxy_authorization;
  std::size_t looked_at = 0;
  for (const auto& field : request.fields()) {
    if (field.name != header || ++looked_at > max_credentials) continue;
    const auto credentials = sip::parse_authorization(field.value);
    if (!credentials || credentials->realm != settings_.realm) continue;
    const auto user = users_.find(claimed);
    // An unknown user costs as much as a wrong password.
    const auto password =
        user == users_.end() ? std::string_view{"\n"} : std::string_view{user->second.password};
    const bool is_right = sip::is_right(*credentials, password, request.method()) &&
                          user != users_.end() &&
                          user_part(credentials->user) == user_part(claimed);
    if (!is_right) {
      was_wrong = true;
      continue;
    }
    using Nonce = sip::NonceKeeper::Verdict;
    const auto nonce = nonces_.use(credentials->nonce, credentials->nonce_count, now);
    if (nonce == Nonce::fresh) return {.address = std::string{claimed}, .refusal = {}};
    is_stale = true;
  }
  if (was_wrong) {
    surroundings_.log.info("registrar", "wrong credentials",
                           {{"user", masked(claimed)}, {"from", source.address.host}});
    auto& failures = failures_[source.address.host];
    if (failures.count++ == 0) failures.since = now;
  }
  return {.address = {}, .refusal = challenge(request, at, is_stale, now)};
}

// RFC 8760 2.4: the strongest first.
sip::Message Authentication::challenge(const sip::Message& request, At at, bool is_stale,
                                       TimePoint now) {
  auto response = make_response(request, at == At::registrar ? 401 : 407,
                                random_token(surroundings_.random, 8));
  const auto header =
      at == At::registrar ? sip::Name::www_authenticate : sip::Name::proxy_authenticate;
  for (const auto algorithm : {sip::DigestAlgorithm::sha256, sip::DigestAlgorithm::md5}) {
    response.add(header, to_text(sip::Challenge{.realm = settings_.realm,
                                                .nonce = nonces_.issue(now),
                                                .opaque = {},
                                                .algorithm = algorithm,
                                                .is_stale = is_stale,
                                                .wants_qop = true}));
  }
  return response;
}

bool Authentication::is_throttled(const sip::Source& source, TimePoint now) {
  if (failures_.size() > max_throttled_sources)
    std::erase_if(failures_,
                  [&](const auto& entry) { return entry.second.since + throttle_period <= now; });
  const auto found = failures_.find(source.address.host);
  if (found == failures_.end()) return false;
  if (found->second.since + throttle_period <= now) {
    failures_.erase(found);
    return false;
  }
  return found->second.count >= settings_.failures_per_source;
}

}  // namespace convene::registrar
