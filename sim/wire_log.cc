#include "sim/wire_log.h"

#include <algorithm>

#include "base/text.h"

namespace convene::sim {

std::string_view name_of(Protocol protocol) {
  switch (protocol) {
    case Protocol::sip_udp: return "SIP/UDP";
    case Protocol::sip_tcp: return "SIP/TCP";
    case Protocol::sip_tls: return "SIP/TLS";
    case Protocol::msrp: return "MSRP";
  }
  return "";
}

void FrameCutter::feed(std::string_view octets, std::vector<std::string>& frames) {
  buffer_.append(octets);
  while (find_end_line()) {
    frames.push_back(buffer_.substr(0, frame_octets_));
    buffer_.erase(0, frame_octets_);
    end_line_.clear();
    scanned_ = 0;
  }
  if (buffer_.size() > max_logged_octets) leave_out_middle();
}

// RFC 4975 9: end-line = "-------" transact-id continuation-flag CRLF.
bool FrameCutter::find_end_line() {
  if (end_line_.empty()) {
    const std::string_view start_line{buffer_.data(),
                                      std::min(buffer_.size(), buffer_.find("\r\n"))};
    if (start_line.size() == buffer_.size()) {
      if (buffer_.size() > max_logged_octets) buffer_.clear();  // not MSRP
      return false;
    }
    const auto words = split(start_line, ' ');
    end_line_ = "-------";
    if (words.size() > 1) end_line_ += words[1];
  }
  for (;;) {
    const auto at = buffer_.find(end_line_, scanned_);
    if (at == buffer_.npos) {
      scanned_ = std::max(scanned_, buffer_.size() - std::min(buffer_.size(), end_line_.size()));
      return false;
    }
    const auto flag = at + end_line_.size();
    scanned_ = at;
    if (buffer_.size() < flag + 3) return false;
    if (std::string_view{"+$#"}.contains(buffer_[flag]) &&
        buffer_.compare(flag + 1, 2, "\r\n") == 0) {
      frame_octets_ = flag + 3;
      return true;
    }
    ++scanned_;
  }
}

void FrameCutter::leave_out_middle() {
  constexpr std::string_view mark = "\r\n[octets left out]\r\n";
  const auto keep = max_logged_octets / 2;
  if (scanned_ <= keep + mark.size()) return;
  buffer_.replace(keep, scanned_ - keep, mark);
  scanned_ = keep + mark.size();
}

std::string to_text(const std::vector<Sent>& wire, TimePoint start) {
  std::string text;
  for (const auto& sent : wire) {
    text +=
        std::to_string((sent.time - start).count()) + " ms  " + sent.from + " -> " + sent.to + "  ";
    text.append(name_of(sent.protocol)).append(sent.is_lost ? "  (lost)\n" : "\n");
    for (std::string_view rest = sent.octets; !rest.empty();)
      text += "    " + printable(take_line(rest)) + "\n";
  }
  return text;
}

}  // namespace convene::sim
