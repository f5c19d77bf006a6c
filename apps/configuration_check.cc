#include <algorithm>

#include "apps/configuration.h"
#include "apps/text_rules.h"
#include "base/ip_address.h"
#include "base/text.h"

namespace convene::apps {
namespace {

bool is_loopback(std::string_view host_port) {
  const auto host = host_of(host_port);
  const auto address = parse_ip(host);
  return address ? address->is_loopback() : iequals(host, "localhost");
}

}  // namespace

Result<> check(const Configuration& c) {
  std::string complaints;
  const auto require = [&](bool holds, std::string_view otherwise) {
    if (!holds) complaints.append(complaints.empty() ? "" : "\n").append(otherwise);
  };

  const auto& listen = c.listen;
  require(!listen.udp.empty() || !listen.tcp.empty() || !listen.tls.empty(),
          "[listen] names no address for SIP");
  require(listen.tls.empty() || (!c.tls.certificate.empty() && !c.tls.private_key.empty()),
          "[listen] tls needs certificate and private_key in [tls]");
  require(c.msrp.tls != Configuration::MediaSecurity::require || !listen.msrps.empty(),
          "[msrp] tls = \"require\" needs an address in [listen] msrps");
  require(c.tls.certificate.empty() == c.tls.private_key.empty(),
          "[tls] certificate and private_key belong together");

  const bool is_local = std::ranges::all_of(listen.udp, is_loopback) &&
                        std::ranges::all_of(listen.tcp, is_loopback) &&
                        std::ranges::all_of(listen.tls, is_loopback);
  require(!c.registrar.open || is_local,
          "[registrar] open is for listeners on loopback addresses only");
  require(!c.registrar.enabled || !iequals(with_domain(c, c.group.focus_host), c.sip.domain),
          "[group] focus_host must not be [sip] domain when users register here: they share it");
  require(c.registrar.min_expires <= c.registrar.max_expires,
          "[registrar] min_expires is above max_expires");

  const auto interval = c.group.session_expires;
  require(interval.count() == 0 || interval >= c.sip.min_se,
          "[group] session_expires is below [sip] min_se");
  require(c.group.min_joined <= c.group.max_participants,
          "[group] min_joined is above max_participants");
  require(!c.file_transfer.enabled || std::ranges::count(c.file_transfer.services, "ft") > 0,
          "[file_transfer] services has no ft; to take no files say enabled = false");
  require(c.file_transfer.max_size <= c.file_transfer.spool_quota,
          "[file_transfer] max_size is above spool_quota");
  require(c.msrp.chat_max_octets <= c.msrp.backlog_octets,
          "[msrp] chat_max_octets is above backlog_octets");

  const auto& store = c.store;
  require(store.kind != Configuration::StoreKind::embedded || c.state.enabled,
          "[store] kind embedded is kept in [state], which is not enabled");
  require(store.kind != Configuration::StoreKind::imap ||
              (!store.login.empty() && store.password.empty() != store.password_file.empty()),
          "[store] kind imap needs login, and either password or password_file");

  if (!complaints.empty()) return fail(Fault::malformed, complaints);
  return {};
}

std::string with_domain(const Configuration& configuration, std::string_view text) {
  constexpr std::string_view mark = "{domain}";
  std::string result{text};
  for (auto at = result.find(mark); at != result.npos; at = result.find(mark, at)) {
    result.replace(at, mark.size(), configuration.sip.domain);
    at += configuration.sip.domain.size();
  }
  return result;
}

}  // namespace convene::apps
