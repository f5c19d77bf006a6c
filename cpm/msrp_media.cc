#include "cpm/msrp_media.h"

#include <algorithm>

#include "base/text.h"
#include "sdp/fingerprint.h"

namespace convene::cpm {

namespace {

constexpr std::string_view plain_protocol = "TCP/MSRP";
constexpr std::string_view secure_protocol = "TCP/TLS/MSRP";

constexpr int incompatible_protocol = 302;  // Warning codes, RFC 3261 20.43

std::optional<std::vector<std::string>> chatroom_of(const sdp::Media& media) {
  const auto value = media.attributes.value("chatroom");
  if (!value) return std::nullopt;
  std::vector<std::string> tokens;
  for (const auto token : split(*value, ' ')) {
    if (!token.empty()) tokens.emplace_back(token);
  }
  return tokens;
}

// RFC 6714 4.3: whether c= and m= are those of the path.
bool address_is_of_path(const MsrpMedia& media) {
  const auto& uri = media.path.front();
  return iequals(uri.host, media.host) && msrp::port_of(uri) == media.port;
}

sdp::Media line(const MsrpMedia& media) {
  return {.kind = "message",
          .port = media.port,
          .protocol = std::string{media.is_secure ? secure_protocol : plain_protocol},
          .formats = {"*"},
          .connection = {},
          .others = {},
          .attributes = {}};
}

void add_types_setup_and_path(sdp::Media& line, const MsrpMedia& media) {
  sdp::set_accept_types(line, media.accept_types);
  if (!media.accept_wrapped_types.empty()) {
    sdp::set_accept_wrapped_types(line, media.accept_wrapped_types);
  }
  if (media.setup) sdp::set_setup(line, *media.setup);
  line.attributes.add("path", msrp::to_text(media.path));
  if (media.cema) line.attributes.add("msrp-cema");
  for (const auto& one : media.fingerprints) sdp::add_fingerprint(line, one);
}

}  // namespace

Granted<MsrpMedia> read_msrp_media(const sdp::SessionDescription& session, const sdp::Media& line,
                                   AddressRule rule) {
  const bool is_secure = iequals(line.protocol, secure_protocol);
  if (line.kind != "message" || (!is_secure && !iequals(line.protocol, plain_protocol))) {
    return not_acceptable(incompatible_protocol, "no MSRP");
  }
  const auto path = msrp::parse_path(line.attributes.value("path").value_or(""));
  if (!path) return not_acceptable(attribute_not_understood, "no MSRP path");

  const auto connection = sdp::connection_of(session, line);
  MsrpMedia media{
      .host = connection ? connection->address : path->front().host,
      .port = line.port,
      .is_secure = is_secure,
      .path = *path,
      .setup = sdp::setup_of(line),
      .direction = sdp::direction_of(session, line),
      .accept_types = sdp::accept_types_of(line),
      .accept_wrapped_types = sdp::accept_wrapped_types_of(line),
      .max_size = sdp::max_size_of(line),
      .cema = line.attributes.has("msrp-cema"),
      .fingerprints = sdp::fingerprints_of(session, line),
      .chatroom = chatroom_of(line),
  };

  // RFC 4975 6, 8.1, 14.4
  if (media.path.front().is_secure != is_secure)
    return not_acceptable(attribute_not_understood, "line and path of different schemes");
  if (is_secure && media.path.size() == 1 && !has_usable(media.fingerprints))
    return not_acceptable(attribute_not_understood, "no fingerprint");

  // RFC 6714 4.3, conversation 9
  const bool will_be_called = media.setup && *media.setup != sdp::Setup::active && line.port != 0;
  if (will_be_called && !media.cema && rule == AddressRule::must_match && media.path.size() == 1 &&
      !address_is_of_path(media)) {
    return not_acceptable(attribute_not_understood, "c= and m= are not those of the path");
  }
  return media;
}

sdp::Media chat_line(const MsrpMedia& media) {
  auto chat = line(media);
  add_types_setup_and_path(chat, media);
  if (media.max_size) sdp::set_max_size(chat, *media.max_size);
  if (media.chatroom) {
    std::string tokens;
    for (const auto& token : *media.chatroom) tokens += (tokens.empty() ? "" : " ") + token;
    if (tokens.empty()) {
      chat.attributes.add("chatroom");
    } else {
      chat.attributes.add("chatroom", tokens);
    }
  }
  chat.attributes.add(sdp::to_text(media.direction));
  return chat;
}

sdp::Media file_line(const MsrpMedia& media) {
  auto file = line(media);
  file.attributes.add(sdp::to_text(media.direction));
  add_types_setup_and_path(file, media);
  return file;
}

// RFC 6135 4.2
std::optional<sdp::Setup> setup_for_answer(std::optional<sdp::Setup> offered) {
  switch (offered.value_or(sdp::Setup::active)) {
    case sdp::Setup::active:
    case sdp::Setup::actpass: return sdp::Setup::passive;
    case sdp::Setup::passive: return sdp::Setup::active;
    case sdp::Setup::holdconn: return std::nullopt;
  }
  return std::nullopt;
}

std::optional<msrp::Setup> setup_after_answer(sdp::Setup ours, std::optional<sdp::Setup> answered) {
  const bool can_be_passive = ours == sdp::Setup::actpass || ours == sdp::Setup::passive;
  const bool can_be_active = ours == sdp::Setup::actpass || ours == sdp::Setup::active;
  switch (answered.value_or(sdp::Setup::passive)) {  // RFC 4975 5.4: the offerer connects
    case sdp::Setup::active:
      return can_be_passive ? std::optional{msrp::Setup::passive} : std::nullopt;
    case sdp::Setup::passive:
      return can_be_active ? std::optional{msrp::Setup::active} : std::nullopt;
    case sdp::Setup::actpass:
    case sdp::Setup::holdconn: return std::nullopt;
  }
  return std::nullopt;
}

std::pair<std::string, std::uint16_t> connect_target(const MsrpMedia& peer, bool we_know_cema) {
  if (peer.cema && we_know_cema) return {peer.host, peer.port};
  const auto& uri = peer.path.front();
  return {uri.host, msrp::port_of(uri)};
}

sdp::SessionDescription describe(const DescriptionId& id, std::string_view host,
                                 std::vector<sdp::Media> media) {
  const auto connection = sdp::connection_to(host);
  return {.origin = {.session_id = id.session_id,
                     .version = id.version,
                     .address_type = connection.address_type,
                     .address = connection.address},
          .connection = connection,
          .others = {},
          .attributes = {},
          .media = std::move(media)};
}

}  // namespace convene::cpm
