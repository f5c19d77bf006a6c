#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/surroundings.h"
#include "registrar/location.h"
#include "sip/digest.h"
#include "sip/hop.h"
#include "sip/message.h"

namespace convene::registrar {

// Who sent a request: digest (RFC 7616, 8760), the connection a user registered over, or, in the
// open lab, its word.
class Authentication {
 public:
  struct User {
    std::string address;  // sip:alice@example.com
    std::string password;
    std::string display;  // asserted when the user gives none
  };
  struct Settings {
    std::string realm;
    bool open = false;  // whoever comes from this machine is who it says it is: for the lab only
    std::vector<User> users;
    std::chrono::seconds nonce_age{300};
    std::size_t failures_per_source =
        10;  // wrong passwords a minute from one address; then 403 unseen
  };

  Authentication(Settings settings, Surroundings surroundings);

  // Whom `request` comes from (an address of record), or the response it deserves instead: 401/407
  // with challenges, 403. `claimed` is the address it says to be from.
  struct Verdict {
    std::string address;                  // set: it is this user
    std::optional<sip::Message> refusal;  // set: answer with this
  };
  enum class At { registrar, proxy };  // 401 or 407
  Verdict identify(const sip::Message& request, const sip::Source& source, std::string_view claimed,
                   const Location& location, At at, TimePoint now);

  bool is_known(std::string_view address_of_record) const {
    return settings_.open || users_.contains(address_of_record);
  }

 private:
  sip::Message challenge(const sip::Message& request, At at, bool is_stale, TimePoint now);
  bool is_throttled(const sip::Source& source, TimePoint now);

  Settings settings_;
  Surroundings surroundings_;
  std::map<std::string, User, std::less<>> users_;  // by address of record
  sip::NonceKeeper nonces_;
  struct Failures {
    std::size_t count = 0;
    TimePoint since;
  };
  std::map<std::string, Failures, std::less<>> failures_;  // by source host
};

}  // namespace convene::registrar
