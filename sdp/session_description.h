#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sdp/attributes.h"

namespace convene::sdp {

// o=<username> <sess-id> <sess-version> <nettype> <addrtype> <unicast-address>. RFC 4566 5.2.
struct Origin {
  std::string username = "-";
  std::string session_id = "0";
  std::uint64_t version = 0;  // one more with every changed offer or answer (RFC 3264 8)
  std::string network_type = "IN";
  std::string address_type = "IP4";
  std::string address = {};
  bool operator==(const Origin&) const = default;
};

// c=IN IP4 192.0.2.20 or c=IN IP6 2001:db8::20. RFC 4566 5.7.
struct Connection {
  std::string network_type = "IN";
  std::string address_type = "IP4";
  std::string address = {};  // without brackets, also for IP6
  bool operator==(const Connection&) const = default;
};

// IP6 when the address holds a colon; brackets are removed.
Connection connection_to(std::string_view address);

// A line that we keep but do not read: b=, i=, k=, ...
struct Line {
  char type = 0;
  std::string value = {};
  bool operator==(const Line&) const = default;
};

// m=message 2855 TCP/MSRP * and the lines below it. RFC 4566 5.14.
struct Media {
  std::string kind = {};
  std::uint16_t port = 0;                        // 0: refused, or no longer wanted
  std::optional<std::uint16_t> port_count = {};  // "/2"
  std::string protocol = {};
  std::vector<std::string> formats = {};
  std::optional<Connection> connection = {};
  std::vector<Line> others = {};  // in the order of RFC 4566
  Attributes attributes = {};
  bool operator==(const Media&) const = default;
};

struct SessionDescription {
  Origin origin = {};
  std::string name = "-";
  std::optional<Connection> connection = {};
  std::string time = "0 0";
  std::vector<Line> others = {};  // in the order of RFC 4566; further t= lines too
  Attributes attributes = {};
  std::vector<Media> media = {};
  bool operator==(const SessionDescription&) const = default;
};

inline constexpr std::size_t max_octets = 64 * 1024;
inline constexpr std::size_t max_line = 4 * 1024;
inline constexpr std::size_t max_media = 16;
inline constexpr std::size_t max_attributes = 256;  // in all
inline constexpr std::size_t max_other_lines = 64;  // in all

// Lines may end in bare LF. Lines out of the order of RFC 4566 5 are put into it.
Result<SessionDescription> parse_session_description(std::string_view text);
std::string to_text(const SessionDescription& description);  // every line ends in CRLF

// The medium's own, or else the session's; nothing when neither has one.
std::optional<Connection> connection_of(const SessionDescription& session, const Media& media);

}  // namespace convene::sdp
