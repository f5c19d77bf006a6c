#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"

// HTTP digest as SIP and MSRP relays use it: RFC 3261 22, RFC 4976 9.1, RFC 7616, RFC 8760.
namespace convene::digest {

enum class DigestAlgorithm { md5, sha256 };

// WWW-Authenticate, Proxy-Authenticate.
struct Challenge {
  std::string realm;
  std::string nonce;
  std::string opaque;
  DigestAlgorithm algorithm = DigestAlgorithm::md5;
  bool is_stale = false;
  bool wants_qop = false;  // qop includes "auth"
  bool operator==(const Challenge&) const = default;
};
// Fault::unsupported: another scheme, another algorithm, or qop without "auth".
Result<Challenge> parse_challenge(std::string_view text);
std::string to_text(const Challenge& challenge);

// Authorization, Proxy-Authorization.
struct Authorization {
  std::string user;
  std::string realm;
  std::string nonce;
  std::string uri;
  std::string response;
  std::string opaque;
  DigestAlgorithm algorithm = DigestAlgorithm::md5;
  std::string cnonce;             // with qop only
  std::uint32_t nonce_count = 0;  // with qop only; 0: no qop
  bool operator==(const Authorization&) const = default;
};
Result<Authorization> parse_authorization(std::string_view text);
std::string to_text(const Authorization& authorization);

// The challenge to answer: SHA-256 before MD5, whatever their order. Nothing: none that we can. RFC
// 8760 2.4
std::optional<Challenge> strongest(const std::vector<std::string_view>& challenges);

// RFC 7616 3.4.1
Authorization answer(const Challenge& challenge, std::string_view user, std::string_view password,
                     std::string_view method, std::string_view uri, std::uint32_t nonce_count,
                     std::string_view cnonce);

// Whether the answer was made with this password. Takes the same time whatever is wrong.
bool is_right(const Authorization& authorization, std::string_view password,
              std::string_view method);

// Nonces that carry their own time, and which of them were used how often. RFC 7616 3.3, 5.4
class NonceKeeper {
 public:
  static constexpr std::size_t usually_remembered = 100'000;

  // Remembers the counts of so many nonces; older ones then are stale.
  NonceKeeper(Random& random, std::chrono::seconds age,
              std::size_t max_remembered = usually_remembered);

  std::string issue(TimePoint now);

  // `stale`: ours, but too old, or its count was forgotten: challenge again, with stale=true.
  // `replayed`: this count was used before.
  enum class Verdict { fresh, stale, forged, replayed };
  Verdict use(std::string_view nonce, std::uint32_t nonce_count, TimePoint now);

 private:
  std::string seal(std::string_view time) const;
  static std::optional<TimePoint> time_of(std::string_view nonce);
  void forget(TimePoint now);

  std::string secret_;
  std::chrono::seconds age_;
  std::size_t max_remembered_;
  std::uint64_t issued_ = 0;  // makes nonces of one moment differ
  std::map<std::string, std::uint32_t, std::less<>> highest_count_;  // by nonce
  std::deque<std::pair<TimePoint, std::string>> forgetting_;         // in order of time
  TimePoint forgotten_ =
      TimePoint::min();  // of a nonce issued until then the count may be forgotten
};

}  // namespace convene::digest
