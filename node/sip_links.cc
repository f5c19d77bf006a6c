#include "node/sip_links.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "sip/unreadable_request.h"

namespace convene::node {

namespace {

constexpr Duration check_interval{1'000};  // how exact the time-outs are

bool was_accepted(sip::Flow flow) { return flow.value % 2 == 0; }

}  // namespace

SipLinks::SipLinks(SipLinkSettings settings, Surroundings surroundings)
    : settings_{std::move(settings)}, surroundings_{surroundings} {}

void SipLinks::take(std::string octets, const sip::Source& source, TimePoint now, Input& in,
                    Effects& out) {
  constexpr std::size_t kept = sip::max_salvaged_octets;
  const std::string head = octets.substr(0, kept);
  auto message = sip::parse_message(std::move(octets), settings_.limits);
  if (!message) return refuse(head, message.error(), source, now, out);
  in.messages.push_back({.message = std::move(*message), .source = source});
}

// RFC 3261 8.2: said to who asked, if that can be made out.
void SipLinks::refuse(std::string_view octets, const Error& why, const sip::Source& source,
                      TimePoint now, Effects& out) {
  const auto answer = sip::answer_unreadable(octets, why, source);
  surroundings_.log.info(
      "node", "dropped what is no SIP message: " + why.detail,
      {{"from", to_text(source.address)},
       {"status", answer ? std::to_string(answer->message.status()) : "none"},
       {"call_id", answer ? answer->message.header(sip::Name::call_id) : std::string_view{}}});
  if (answer) send(answer->message, answer->destination, now, out);
}

void SipLinks::datagram(const sip::HostPort& remote, std::string octets, TimePoint now, Input& in,
                        Effects& out) {
  if (trim(octets).empty()) return;  // a keep-alive. RFC 5626 3.5.1
  take(std::move(octets),
       {.transport = sip::Transport::udp,
        .address = remote,
        .flow = {},
        .is_trusted = settings_.trusted.contains(remote.host)},
       now, in, out);
}

void SipLinks::unreachable(const sip::HostPort& remote, Input& in) {
  in.failed.push_back({.transport = sip::Transport::udp, .address = remote, .flow = {}});
}

void SipLinks::accepted(sip::Flow flow, sip::Transport transport, const sip::HostPort& remote,
                        TimePoint now, Effects& out) {
  auto& from_there = accepted_per_host_[remote.host];
  if (streams_.size() >= settings_.max_streams || from_there >= settings_.max_streams_per_source) {
    if (from_there == 0) accepted_per_host_.erase(remote.host);
    surroundings_.log.info("node", "refused a connection: too many", {{"from", remote.host}});
    out.emplace_back(CloseStream{flow});
    return;
  }
  ++from_there;
  streams_.emplace(flow, Stream{.transport = transport,
                                .remote = remote,
                                .framer = sip::Framer{settings_.limits},
                                .last_octet = now,
                                .message_due = now + settings_.message_timeout});
  by_remote_.insert_or_assign({transport, to_text(remote)}, flow);
  check_by(now + std::min(settings_.message_timeout, settings_.idle_timeout));
}

void SipLinks::opened(sip::Flow flow, TimePoint now) {
  if (const auto found = streams_.find(flow); found != streams_.end())
    found->second.last_octet = now;
}

void SipLinks::received(sip::Flow flow, std::string_view octets, TimePoint now, Input& in,
                        Effects& out) {
  const auto found = streams_.find(flow);
  if (found == streams_.end()) return;
  auto& stream = found->second;
  stream.last_octet = now;
  stream.framer.feed(octets);
  const sip::Source source{.transport = stream.transport,
                           .address = stream.remote,
                           .flow = flow,
                           .is_trusted = settings_.trusted.contains(stream.remote.host)};
  bool was_cut = false;
  for (;;) {
    auto next = stream.framer.next();
    if (!next) {
      refuse(stream.framer.unread(), next.error(), source, now, out);
      return drop(flow, next.error().detail, in, out);
    }
    if (std::holds_alternative<sip::Framer::NeedOctets>(*next)) break;
    was_cut = true;
    if (auto* frame = std::get_if<sip::Framer::Frame>(&*next))
      take(std::move(frame->octets), source, now, in, out);
    else
      out.emplace_back(SendStream{.flow = flow, .octets = "\r\n"});  // RFC 5626 4.4.1
  }
  if (stream.framer.is_between_messages())
    stream.message_due.reset();
  else if (was_cut || !stream.message_due) {
    stream.message_due = now + settings_.message_timeout;
    check_by(*stream.message_due);
  }
}

void SipLinks::closed(sip::Flow flow, Input& in) {
  const auto found = streams_.find(flow);
  if (found == streams_.end()) return;
  const auto stream = std::move(found->second);
  streams_.erase(found);
  const Key key{stream.transport, to_text(stream.remote)};
  if (const auto known = by_remote_.find(key); known != by_remote_.end() && known->second == flow)
    by_remote_.erase(known);
  if (was_accepted(flow)) {
    const auto host = accepted_per_host_.find(stream.remote.host);
    if (host != accepted_per_host_.end() && --host->second == 0) accepted_per_host_.erase(host);
  }
  in.failed.push_back({.transport = stream.transport, .address = stream.remote, .flow = flow});
}

void SipLinks::drop(sip::Flow flow, std::string_view why, Input& in, Effects& out) {
  const auto found = streams_.find(flow);
  if (found == streams_.end()) return;
  surroundings_.log.info("node", "closed a SIP connection: " + std::string{why},
                         {{"peer", to_text(found->second.remote)}});
  out.emplace_back(CloseStream{flow});
  closed(flow, in);
}

// RFC 3261 18.1.1, 18.2.2: over the connection it names while that exists, else over one to the
// same address, else over a new one.
void SipLinks::send(const sip::Message& message, const sip::Destination& destination, TimePoint now,
                    Effects& out) {
  auto address = destination.address;
  if (address.port == 0) address.port = destination.transport == sip::Transport::tls ? 5061 : 5060;
  if (destination.transport == sip::Transport::udp) {
    out.emplace_back(SendDatagram{.remote = std::move(address), .octets = to_text(message)});
    return;
  }

  std::optional<sip::Flow> flow;
  if (destination.flow && streams_.contains(*destination.flow)) flow = destination.flow;
  const Key key{destination.transport, to_text(address)};
  if (!flow) {
    if (const auto known = by_remote_.find(key); known != by_remote_.end()) flow = known->second;
  }
  if (!flow) {
    flow = sip::Flow{std::exchange(next_flow_, next_flow_ + 2)};
    streams_.emplace(*flow, Stream{.transport = destination.transport,
                                   .remote = address,
                                   .framer = sip::Framer{settings_.limits},
                                   .last_octet = now,
                                   .message_due = {}});
    by_remote_.emplace(key, *flow);
    check_by(now + settings_.idle_timeout);
    out.emplace_back(OpenStream{
        .flow = *flow, .transport = destination.transport, .remote = std::move(address)});
  }
  out.emplace_back(SendStream{.flow = *flow, .octets = to_text(message)});
}

// An octet that arrives moves its stream's end, not the check, which then finds nothing to end.
void SipLinks::check_by(TimePoint when) { next_check_ = earliest(next_check_, when); }

void SipLinks::wake(TimePoint now, Input& in, Effects& out) {
  if (!is_due(next_check_, now)) return;
  std::vector<std::pair<sip::Flow, std::string_view>> ended;
  next_check_.reset();
  for (const auto& [flow, stream] : streams_) {
    const auto idle_at = stream.last_octet + settings_.idle_timeout;
    if (is_due(stream.message_due, now))
      ended.emplace_back(flow, "a message was not completed in time");
    else if (idle_at <= now)
      ended.emplace_back(flow, "idle");
    else
      check_by(std::max(*earliest(stream.message_due, idle_at), now + check_interval));
  }
  for (const auto& [flow, why] : ended) drop(flow, why, in, out);
}

}  // namespace convene::node
