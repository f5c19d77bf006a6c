#include "participating/anchoring.h"

#include <algorithm>
#include <utility>

#include "cpm/session_offer.h"
#include "mime/multipart.h"
#include "sdp/fingerprint.h"

namespace convene::participating {

namespace {

constexpr std::size_t session_id_octets = 16;  // 128 bits, RFC 4975 14.1

// The same description in the same place, whatever multipart it is in; false: it is encoded.
bool put_back(sip::Message& message, const sdp::SessionDescription& description) {
  const auto parts = mime::leaves_of(message.header(sip::Name::content_type), message.body());
  const auto* part = parts ? mime::find_by_type(*parts, "application/sdp") : nullptr;
  if (part == nullptr) return false;
  const auto at = message.body().find(part->body);
  if (at == std::string_view::npos || part->body.empty()) return false;
  auto text = sdp::to_text(description);
  // RFC 2046 5.1.1: in a multipart the last line's end is the boundary's.
  if (!part->body.ends_with('\n')) text.resize(text.size() - 2);
  std::string body{message.body()};
  body.replace(at, part->body.size(), text);
  const std::string type{message.header(sip::Name::content_type)};
  message.set_body(type, body);
  return true;
}

// What we say instead of the other side: RFC 4975 8, 14.4, RFC 6135 4.2.
void write(sdp::Media& line, const msrp::Uri& local, sdp::Setup setup, const AnchorAddress& at) {
  line.port = setup == sdp::Setup::active ? cpm::discard_port : local.port;
  line.connection = sdp::connection_to(local.host);
  line.attributes.set("path", msrp::to_text(local));
  sdp::set_setup(line, setup);
  if (local.is_secure) sdp::set_fingerprint(line, at.secure->fingerprint);
}

// Where all is anchored, the session's c= is ours, too, and says it for all; a=fingerprint is said
// of each.
void write_connection(sdp::SessionDescription& description, const AnchoredLines& lines,
                      const AnchorAddress& at) {
  for (std::size_t i = 0; i < description.media.size(); ++i)
    if (description.media[i].port != 0 && (i >= lines.size() || !lines[i])) return;
  description.connection = sdp::connection_to(at.listener.host);
  description.attributes.remove("fingerprint");
  for (auto& line : description.media) line.connection.reset();
}

std::optional<cpm::MsrpMedia> media_of(const sdp::SessionDescription& description,
                                       std::size_t index, const AnchorAddress& at) {
  const auto& line = description.media[index];
  if (line.port == 0) return std::nullopt;
  auto media = cpm::read_msrp_media(description, line, cpm::AddressRule::may_differ);
  if (!media || (media->is_secure && !at.secure)) return std::nullopt;
  return *std::move(media);
}

// RFC 4145 4.1: who we are to the offerer; as before, if that is still offered.
std::optional<sdp::Setup> setup_for(const LineEnd& end) {
  const auto offered = end.peer->setup;
  if (end.setup && offered == sdp::Setup::actpass)
    return *end.setup == msrp::Setup::active ? sdp::Setup::active : sdp::Setup::passive;
  return cpm::setup_for_answer(offered);
}

}  // namespace

msrp::Uri new_uri(const AnchorAddress& at, bool is_secure) {
  msrp::Uri uri;
  uri.is_secure = is_secure;
  uri.host = is_secure ? at.secure->host : at.listener.host;
  uri.port = is_secure ? at.secure->port : at.listener.port;
  uri.session_id = random_hex(at.random, session_id_octets);
  return uri;
}

std::optional<Proposal> anchor_offer(sip::Message& message, Side offerer, Carries carries,
                                     const AnchoredLines& current,
                                     const std::function<bool(RelayId)>& is_alive,
                                     const AnchorAddress& at) {
  auto description = cpm::description_of(message);
  if (!description) return std::nullopt;
  Proposal proposal{.offerer = offerer};
  proposal.lines.resize(description->media.size());
  bool is_any = false;
  for (std::size_t i = 0; i < description->media.size(); ++i) {
    auto media = media_of(*description, i, at);
    if (!media) continue;
    auto& line = proposal.lines[i].emplace();
    const auto* old = i < current.size() && current[i] ? &*current[i] : nullptr;
    const bool is_same = old != nullptr && old->relay && is_alive(*old->relay) &&
                         old->ends[index_of(offerer)].peer->path == media->path;
    if (is_same) {
      line = *old;
    } else {
      const bool is_file = description->media[i].attributes.has("file-selector");
      line.carries = is_file ? Carries::files : carries;
      for (auto& end : line.ends) end.local = new_uri(at, media->is_secure);
    }
    line.ends[index_of(offerer)].peer = std::move(media);
    write(description->media[i], line.ends[index_of(opposite(offerer))].local, sdp::Setup::actpass,
          at);
    is_any = true;
  }
  if (!is_any) return std::nullopt;
  write_connection(*description, proposal.lines, at);
  if (!put_back(message, *description)) return std::nullopt;
  proposal.offered = message.body();
  return proposal;
}

void anchor_answer(sip::Message& message, Proposal& proposal, const AnchorAddress& at) {
  auto description = cpm::description_of(message);
  if (!description) return;
  const auto answerer = index_of(opposite(proposal.offerer));
  const auto offerer = index_of(proposal.offerer);
  for (std::size_t i = 0; i < proposal.lines.size(); ++i) {
    auto& line = proposal.lines[i];
    if (!line) continue;
    auto media = i < description->media.size() ? media_of(*description, i, at) : std::nullopt;
    if (media && media->is_secure != line->ends[offerer].local.is_secure) media.reset();
    const auto to_offerer = media ? setup_for(line->ends[offerer]) : std::nullopt;
    const auto to_answerer =
        media ? cpm::setup_after_answer(sdp::Setup::actpass, media->setup) : std::nullopt;
    if (!to_offerer || !to_answerer) {
      if (media) description->media[i].port = 0;
      line.reset();
      continue;
    }
    line->ends[answerer].peer = std::move(media);
    line->ends[answerer].setup = to_answerer;
    line->ends[offerer].setup =
        *to_offerer == sdp::Setup::active ? msrp::Setup::active : msrp::Setup::passive;
    write(description->media[i], line->ends[offerer].local, *to_offerer, at);
  }
  write_connection(*description, proposal.lines, at);
  if (!put_back(message, *description)) proposal.lines.clear();
}

msrp::SessionSettings session_settings(const LineEnd& end) {
  msrp::SessionSettings settings;
  settings.local = end.local;
  settings.remote = end.peer->path;
  settings.setup = *end.setup;
  settings.fingerprints = end.peer->fingerprints;
  if (settings.setup == msrp::Setup::active)
    settings.connect_to = cpm::connect_target(*end.peer, end.peer->cema);
  return settings;
}

}  // namespace convene::participating
