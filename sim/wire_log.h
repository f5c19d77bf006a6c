#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace convene::sim {

enum class Protocol { sip_udp, sip_tcp, sip_tls, msrp };
std::string_view name_of(Protocol protocol);

// One SIP message or one MSRP frame, when its sender gave it to the network.
struct Sent {
  TimePoint time;
  std::string from;  // names of nodes; an address that is nobody's as it was given
  std::string to;
  Protocol protocol = Protocol::sip_udp;
  std::string octets{};
  bool is_lost = false;  // every copy of a datagram was
  bool operator==(const Sent&) const = default;
};

// Octets of a frame that the wire log keeps; from the middle of larger ones octets are left out.
constexpr std::size_t max_logged_octets = 65'536;

// Cuts what a node writes on an MSRP connection into frames. The octets come from us: well-formed
// frames are assumed.
class FrameCutter {
 public:
  // Appends the frames that are complete now.
  void feed(std::string_view octets, std::vector<std::string>& frames);

 private:
  bool find_end_line();
  void leave_out_middle();

  std::string buffer_;
  std::string end_line_;          // "-------" transaction-id, once the start line is whole
  std::size_t scanned_ = 0;       // no end-line begins before here
  std::size_t frame_octets_ = 0;  // of the first frame in the buffer; 0: not whole
};

// For people: the time since `start`, who, to whom, how, and the octets, without control
// characters.
std::string to_text(const std::vector<Sent>& wire, TimePoint start);

}  // namespace convene::sim
