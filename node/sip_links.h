#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/surroundings.h"
#include "node/node.h"
#include "node/trusted_peers.h"
#include "sip/framer.h"

namespace convene::node {

struct SipLinkSettings {
  sip::MessageLimits limits{};
  TrustedPeers trusted{};
  Duration message_timeout{10'000};  // a message that has begun on a stream
  Duration idle_timeout{3'600'000};  // a stream without a word
  std::size_t max_streams = 20'000;  // accepted ones
  std::size_t max_streams_per_source = 2'000;
};

// The SIP side of a node's network: cuts streams into messages, finds the stream for a destination,
// and closes those that are silent, slow or broken. RFC 3261 18.
class SipLinks {
 public:
  struct Arrived {
    sip::Message message;
    sip::Source source;
  };
  struct Input {  // what an octet from the network turned into
    std::vector<Arrived> messages;
    std::vector<sip::Destination> failed;  // nothing that was sent there will be answered
  };

  SipLinks(SipLinkSettings settings, Surroundings surroundings);

  void datagram(const sip::HostPort& remote, std::string octets, TimePoint now, Input& in,
                Effects& out);
  void unreachable(const sip::HostPort& remote, Input& in);
  void accepted(sip::Flow flow, sip::Transport transport, const sip::HostPort& remote,
                TimePoint now, Effects& out);
  void opened(sip::Flow flow, TimePoint now);
  void received(sip::Flow flow, std::string_view octets, TimePoint now, Input& in, Effects& out);
  void closed(sip::Flow flow, Input& in);

  void send(const sip::Message& message, const sip::Destination& destination, TimePoint now,
            Effects& out);

  void wake(TimePoint now, Input& in, Effects& out);
  Deadline deadline() const { return next_check_; }
  std::size_t streams() const { return streams_.size(); }

 private:
  struct Stream {
    sip::Transport transport = sip::Transport::tcp;
    sip::HostPort remote;
    sip::Framer framer;
    TimePoint last_octet;
    Deadline message_due;  // set while a message is incomplete
  };
  using Key = std::pair<sip::Transport, std::string>;  // host:port

  void take(std::string octets, const sip::Source& source, TimePoint now, Input& in, Effects& out);
  void refuse(std::string_view octets, const Error& why, const sip::Source& source, TimePoint now,
              Effects& out);
  void drop(sip::Flow flow, std::string_view why, Input& in, Effects& out);
  void check_by(TimePoint when);
  std::size_t streams_of(std::string_view host) const;

  SipLinkSettings settings_;
  Surroundings surroundings_;
  std::map<sip::Flow, Stream> streams_;
  std::map<Key, sip::Flow> by_remote_;
  std::map<std::string, std::size_t, std::less<>> accepted_per_host_;
  std::uint64_t next_flow_ = 1;  // odd: those we open
  Deadline next_check_;
};

}  // namespace convene::node
