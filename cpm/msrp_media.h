#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cpm/refusal.h"
#include "msrp/endpoint.h"
#include "msrp/uri.h"
#include "sdp/msrp_attributes.h"
#include "sdp/session_description.h"

namespace convene::cpm {

inline constexpr std::uint16_t discard_port = 9;  // RFC 4145 4.1: who connects needs no port

// One MSRP m-line, offered or answered. RFC 4975 8, RFC 6135, RFC 6714, RFC 7701 8.
struct MsrpMedia {
  std::string host;        // of c=
  std::uint16_t port = 9;  // of m=: 9 on the active side, 0 refused
  bool is_secure = false;  // TCP/TLS/MSRP
  msrp::Path path;
  std::optional<sdp::Setup> setup = sdp::Setup::actpass;  // nothing: not said
  sdp::Direction direction = sdp::Direction::sendrecv;
  sdp::TypeList accept_types;
  sdp::TypeList accept_wrapped_types;
  std::optional<std::uint64_t> max_size;
  bool cema = false;  // RFC 6714: connect to host and port, not to the path
  std::vector<Fingerprint> fingerprints = {};        // of its certificate. RFC 8122 5
  std::optional<std::vector<std::string>> chatroom;  // RFC 7701 8: "nickname", "private-messages"
  bool operator==(const MsrpMedia&) const = default;
};

// Behind an SBC the path and c=/m= may differ although the peer knows no msrp-cema (G-22).
enum class AddressRule { must_match, may_differ };

// Reads one m-line: 488 when it is no MSRP, has no path or one of the other scheme, is in TLS and
// names no certificate (RFC 4975 14.4; behind a relay it need not), or has c=/m= that are not its
// path's without msrp-cema (RFC 6714 4.3; not asked of an active peer: nobody connects to it).
// a=connection is ignored (RFC 6135 4.4).
Granted<MsrpMedia> read_msrp_media(const sdp::SessionDescription& session, const sdp::Media& media,
                                   AddressRule rule = AddressRule::must_match);

// The m-line of a chat: types, setup, path, chatroom, direction in the order of the flows.
sdp::Media chat_line(const MsrpMedia& media);

// The m-line of a file, without what it says about the file: direction, types, setup, path.
sdp::Media file_line(const MsrpMedia& media);

// RFC 6135 4.2: an active or undecided peer is waited for, a passive one connected to. Nothing:
// holdconn.
std::optional<sdp::Setup> setup_for_answer(std::optional<sdp::Setup> offered);

// Who connects, seen from us, once the peer's answer is known. We offered `ours`.
std::optional<msrp::Setup> setup_after_answer(sdp::Setup ours, std::optional<sdp::Setup> answered);

// Where to connect to a passive peer: its path's last hop before us (the first URI), or c=/m= when
// both know msrp-cema.
std::pair<std::string, std::uint16_t> connect_target(const MsrpMedia& peer, bool we_know_cema);

// The session-level lines of a description of ours. `session_id` is decimal, drawn once per dialog;
// `version` grows by one with every change. RFC 3264 5, 8.
struct DescriptionId {
  std::string session_id;
  std::uint64_t version = 1;
  bool operator==(const DescriptionId&) const = default;
};
sdp::SessionDescription describe(const DescriptionId& id, std::string_view host,
                                 std::vector<sdp::Media> media);

}  // namespace convene::cpm
