#include "trace/packet_capture.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "base/ip_address.h"
#include "base/text.h"
#include "trace/passages.h"

namespace convene::trace {

namespace {

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;
  auto operator<=>(const Endpoint&) const = default;
};

constexpr std::uint8_t tcp = 6;  // of IP's protocols
constexpr std::uint8_t udp = 17;
constexpr std::uint8_t finish = 0x01;  // TCP flags, RFC 9293 3.1
constexpr std::uint8_t synchronize = 0x02;
constexpr std::uint8_t push = 0x08;
constexpr std::uint8_t acknowledge = 0x10;
constexpr std::size_t largest_segment = 60'000;  // fits into an IP packet with its headers

// "192.0.2.1:5060", "[2001:db8::1]:5060".
std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  const auto port = to_number(text.substr(colon + 1));
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = parse_ip(host);
  if (!address || !port || *port > 65'535) return std::nullopt;
  return Endpoint{.address = *address, .port = static_cast<std::uint16_t>(*port)};
}

// ---- Octets, the most significant first: IP. ----

void put8(std::string& out, unsigned value) { out += static_cast<char>(value & 0xFFU); }
void put16(std::string& out, std::size_t value) {
  put8(out, static_cast<unsigned>(value >> 8U));
  put8(out, static_cast<unsigned>(value));
}
void put32(std::string& out, std::size_t value) {
  put16(out, value >> 16U);
  put16(out, value);
}

void put_address(std::string& out, const IpAddress& address, bool is_v4) {
  const auto* octets = reinterpret_cast<const char*>(address.octets.data());
  out.append(is_v4 ? octets + 12 : octets, is_v4 ? 4 : 16);
}

// The one's complement of the one's complement sum. RFC 1071
std::uint16_t checksum(std::string_view text) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
    sum += i % 2 == 0 ? octet << 8U : octet;
    sum = (sum & 0xFFFFU) + (sum >> 16U);
  }
  return static_cast<std::uint16_t>(~sum);
}

void set16(std::string& text, std::size_t at, std::uint16_t value) {
  text[at] = static_cast<char>(value >> 8U);
  text[at + 1] = static_cast<char>(value & 0xFFU);
}

// `transport` in IP, its checksum in place. RFC 791 3.1, RFC 8200 3 and 8.1
std::string in_ip(const Endpoint& from, const Endpoint& to, std::uint8_t protocol,
                  std::string transport) {
  const bool is_v4 = from.address.is_v4() && to.address.is_v4();
  std::string pseudo;
  put_address(pseudo, from.address, is_v4);
  put_address(pseudo, to.address, is_v4);
  put32(pseudo, transport.size());
  put32(pseudo, protocol);
  auto sum = checksum(pseudo + transport);
  if (sum == 0 && protocol == udp) sum = 0xFFFF;
  set16(transport, protocol == udp ? 6 : 16, sum);

  std::string packet;
  if (is_v4) {
    put16(packet, 0x4500);
    put16(packet, 20 + transport.size());
    put32(packet, 0x0000'4000);  // do not fragment
    put8(packet, 64);
    put8(packet, protocol);
    put16(packet, 0);
    put_address(packet, from.address, true);
    put_address(packet, to.address, true);
    set16(packet, 10, checksum(packet));
  } else {
    put32(packet, 0x6000'0000);
    put16(packet, transport.size());
    put8(packet, protocol);
    put8(packet, 64);
    put_address(packet, from.address, false);
    put_address(packet, to.address, false);
  }
  return packet + transport;
}

std::string datagram(const Endpoint& from, const Endpoint& to, std::string_view octets) {
  std::string text;
  put16(text, from.port);
  put16(text, to.port);
  put16(text, 8 + octets.size());
  put16(text, 0);
  text += octets;
  return in_ip(from, to, udp, std::move(text));
}

// ---- The file: blocks, in our own byte order, the least significant first. ----

class Capture {
 public:
  Capture() {
    std::string section;
    little32(section, 0x1A2B'3C4D);
    little32(section, 1);  // version 1.0
    little32(section, 0xFFFF'FFFF);
    little32(section, 0xFFFF'FFFF);  // of unknown length
    block(0x0A0D'0D0A, section);
    std::string interface;
    little32(interface, 101);  // LINKTYPE_RAW: IPv4 or IPv6
    little32(interface, 0);    // packets of any length; their times are in microseconds
    block(1, interface);
  }

  void add(Moment time, std::string_view packet, std::string_view comment = {}) {
    const auto microseconds = static_cast<std::uint64_t>(time.time_since_epoch().count());
    std::string body;
    little32(body, 0);
    little32(body, microseconds >> 32U);
    little32(body, microseconds);
    little32(body, packet.size());
    little32(body, packet.size());
    body += packet;
    pad(body);
    if (!comment.empty()) {
      little32(body, 1 | comment.size() << 16U);  // opt_comment
      body += comment;
      pad(body);
      little32(body, 0);
    }
    block(6, body);
  }

  std::string take() { return std::move(file_); }

 private:
  static void little32(std::string& out, std::uint64_t value) {
    for (unsigned i = 0; i < 4; ++i) put8(out, static_cast<unsigned>(value >> (8 * i)));
  }
  static void pad(std::string& out) { out.append((4 - out.size() % 4) % 4, '\0'); }
  void block(std::uint32_t type, const std::string& body) {
    little32(file_, type);
    little32(file_, body.size() + 12);
    file_ += body;
    little32(file_, body.size() + 12);
  }

  std::string file_;
};

// ---- TCP: connections that are as old as their first octets. ----

class Connections {
 public:
  explicit Connections(Capture& capture) : capture_{capture} {}

  // The side that speaks first has connected.
  void say(Moment time, const Endpoint& from, const Endpoint& to, std::string_view octets,
           const std::string& comment) {
    if (!next_.contains({from, to})) {
      segment(time, from, to, synchronize, {});
      segment(time, to, from, synchronize | acknowledge, {});
      segment(time, from, to, acknowledge, {});
    }
    while (!octets.empty()) {
      const auto part = octets.substr(0, largest_segment);
      octets.remove_prefix(part.size());
      segment(time, from, to, push | acknowledge, part, octets.empty() ? comment : std::string{});
      segment(time, to, from, acknowledge, {});
    }
    last_ = time;
  }

  void close_all() {
    std::vector<std::pair<Endpoint, Endpoint>> open;
    for (const auto& [way, next] : next_) {
      if (way.first < way.second) open.push_back(way);
    }
    for (const auto& [from, to] : open) {
      segment(last_, from, to, finish | acknowledge, {});
      segment(last_, to, from, finish | acknowledge, {});
      segment(last_, from, to, acknowledge, {});
    }
  }

 private:
  // RFC 9293 3.1
  void segment(Moment time, const Endpoint& from, const Endpoint& to, std::uint8_t flags,
               std::string_view octets, const std::string& comment = {}) {
    auto& next = next_[{from, to}];
    std::string text;
    put16(text, from.port);
    put16(text, to.port);
    put32(text, next);
    put32(text, (flags & acknowledge) != 0 ? next_[{to, from}] : 0);
    put8(text, 0x50);
    put8(text, flags);
    put16(text, 0xFFFF);
    put32(text, 0);
    text += octets;
    capture_.add(time, in_ip(from, to, tcp, std::move(text)), comment);
    next += static_cast<std::uint32_t>(octets.size());
    if ((flags & (synchronize | finish)) != 0) ++next;
  }

  Capture& capture_;
  std::map<std::pair<Endpoint, Endpoint>, std::uint32_t> next_;  // sequence number, by way
  Moment last_;
};

}  // namespace

std::string to_pcapng(std::span<const Record> records) {
  Capture capture;
  Connections connections{capture};
  for (const auto& passage : passages_of(records)) {
    const auto from = parse_endpoint(passage.from.address);
    const auto to = parse_endpoint(passage.to.address);
    if (!from || !to) continue;
    const auto comment = passage.left_out == 0 ? std::string{}
                                               : std::to_string(passage.left_out) +
                                                     " octets of the body are not in the trace";
    if (passage.transport == "udp" && passage.octets.size() <= largest_segment) {
      capture.add(passage.time, datagram(*from, *to, passage.octets), comment);
    } else {
      connections.say(passage.time, *from, *to, passage.octets, comment);
    }
  }
  connections.close_all();
  return capture.take();
}

}  // namespace convene::trace
