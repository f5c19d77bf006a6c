#include "participating/deferred_offer.h"

#include <algorithm>

#include "cpim/imdn_headers.h"
#include "cpm/identity.h"
#include "cpm/large_message_offer.h"
#include "cpm/media_security.h"
#include "cpm/service.h"
#include "sip/date.h"
#include "sip/fields.h"
#include "sip/name_addr.h"

namespace convene::participating {

namespace {

constexpr std::size_t token_length = 16;

// The only one that is not refused.
std::optional<std::size_t> only_line(const cpm::FileTransferOffer& offer) {
  const auto live = std::ranges::count_if(offer.description.media,
                                          [](const auto& line) { return line.port != 0; });
  const auto index = offer.first_file();
  if (live != 1 || index == offer.files.size()) return std::nullopt;
  return index;
}

bool pushes_whole_file(const cpm::FileMedia& line) {
  return line.media.direction == sdp::Direction::sendonly && !line.file.range;
}

}  // namespace

// Conversation 15, R3.3: who can report on it is asked for reports; the focus takes the wrapper
// from what goes to others.
std::optional<DeferrableOffer> read_deferrable_offer(const sip::Message& invite,
                                                     std::uint64_t max_octets) {
  if (invite.method() != "INVITE") return std::nullopt;
  const auto service = cpm::service_of(invite);
  const bool is_file = service == cpm::Service::file_transfer;
  if (!is_file && service != cpm::Service::large_message) return std::nullopt;
  constexpr auto rule = cpm::AddressRule::may_differ;
  auto offer = is_file ? cpm::read_file_transfer_offer(invite, rule)
                       : cpm::read_large_message_offer(invite, rule);
  if (!offer) return std::nullopt;
  const auto index = only_line(*offer);
  if (!index || offer->files[*index]->media.setup == sdp::Setup::holdconn) return std::nullopt;

  DeferrableOffer found{.kind = is_file ? DeferredKind::file : DeferredKind::large_message,
                        .offer = *std::move(offer),
                        .index = *index,
                        .octets = max_octets};
  if (!is_file) return found;
  if (!found.line().wrapper || !pushes_whole_file(found.line())) return std::nullopt;
  found.message_id = cpim::imdn_message_id(*found.line().wrapper);
  found.octets = found.line().file.selector.size.value_or(0);
  if (found.message_id.empty() || found.octets > max_octets) return std::nullopt;
  return found;
}

std::string sender_of(const sip::Message& invite) {
  if (const auto by = sip::parse_name_addr(invite.header(sip::Name::referred_by)))
    return sip::address_of_record(by->uri);
  const auto originator = cpm::authenticated_originator(invite);
  return originator ? sip::address_of_record(originator->uri) : std::string{};
}

std::chrono::seconds lifetime_of(const sip::Message& request, WallTime now,
                                 std::chrono::seconds most) {
  const auto said = request.header(sip::Name::message_expires);
  if (const auto seconds = sip::parse_delta_seconds(said))
    return std::min(most, std::chrono::seconds{*seconds});
  const auto until = sip::parse_date(said);
  return until ? std::clamp(*until - now, std::chrono::seconds{0}, most) : most;
}

std::string new_deferral_uri(const sip::Uri& own, Random& random) {
  auto uri = own;
  uri.user = std::string{deferral_mark} + random_token(random, token_length);
  return to_text(uri);
}

cpm::MsrpMedia own_media(const Settings& settings, bool is_secure, Random& random) {
  cpm::MsrpMedia media;
  media.host = settings.media_listener.host;
  media.port = settings.media_listener.port;
  media.path = {new_uri({settings.media_listener, settings.secure_media_listener, random}, false)};
  if (is_secure) cpm::make_secure(media, *settings.secure_media_listener);
  return media;
}

}  // namespace convene::participating
