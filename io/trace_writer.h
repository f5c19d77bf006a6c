#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "io/file_descriptor.h"
#include "io/wire_tap.h"
#include "sip/framer.h"
#include "trace/msrp_tap.h"
#include "trace/trace_file.h"

namespace convene::io {

// Writes what passes the edge of a node into a trace file (docs/trace-format.md): whole SIP
// messages, and MSRP frames with the first max_traced_body octets of text. Stops for good at a
// limit of the file's size, or when the disk fails.
class TraceWriter final : public WireTap {
 public:
  static constexpr std::size_t max_traced_body = 2'048;

  // Appends to the file (mode 0600: it has what people wrote). `node`: who writes, "focus".
  static Result<std::unique_ptr<TraceWriter>> open(const std::string& path, std::string node,
                                                   std::uint64_t max_octets = 1ULL << 30);

  void datagram(Way way, const sip::HostPort& local, const sip::HostPort& remote,
                std::string_view octets) override;
  void stream_begun(sip::Flow flow, sip::Transport transport, const sip::HostPort& local,
                    const sip::HostPort& remote) override;
  void stream(Way way, sip::Flow flow, std::string_view octets) override;
  void stream_ended(sip::Flow flow) override;
  void msrp_begun(msrp::ConnectionId connection, const sip::HostPort& local,
                  const sip::HostPort& remote) override;
  void msrp(Way way, msrp::ConnectionId connection, std::string_view octets) override;
  void msrp_body(msrp::ConnectionId connection, std::uint64_t octets) override;
  void msrp_ended(msrp::ConnectionId connection) override;

  std::uint64_t octets() const { return octets_; }  // written so far

 private:
  struct Peers {
    std::string transport;
    std::string local;
    std::string remote;
  };
  struct Stream {
    Peers peers;
    bool has_begun = false;
    std::vector<std::string> early;  // sent before it began
    sip::Framer received;
    bool is_lost = false;  // what is received is no SIP
  };
  struct Connection {
    Peers peers;
    trace::MsrpTap received{max_traced_body};
    trace::MsrpTap sent{max_traced_body};
  };

  TraceWriter(FileDescriptor file, std::string node, std::uint64_t max_octets)
      : file_{std::move(file)}, node_{std::move(node)}, max_octets_{max_octets} {}
  void receive(Stream& stream, std::string_view octets);
  void write(trace::Protocol protocol, Way way, const Peers& peers, std::string octets,
             std::uint64_t left_out = 0);

  FileDescriptor file_;
  std::string node_;
  std::uint64_t max_octets_;
  std::uint64_t octets_ = 0;
  std::unordered_map<std::uint64_t, Stream> streams_;
  std::unordered_map<std::uint64_t, Connection> connections_;
};

}  // namespace convene::io
