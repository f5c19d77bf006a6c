// However a stream is cut: the same frames, pings and verdict. And the framer and the message agree
// where a message ends.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sip/framer.h"

namespace {

using namespace convene::sip;

constexpr MessageLimits limits{
    .header_octets = 1'024, .headers = 64, .one_header_octets = 512, .body_octets = 2'048};

// Everything that comes out, as one text.
std::string frames(std::string_view stream, std::size_t step) {
  Framer framer{limits};
  std::string seen;
  for (; !stream.empty(); stream.remove_prefix(std::min(step, stream.size()))) {
    framer.feed(stream.substr(0, step));
    for (;;) {
      const auto next = framer.next();
      if (!next) return seen + "error";
      if (std::holds_alternative<Framer::NeedOctets>(*next)) break;
      if (std::holds_alternative<Framer::Ping>(*next)) seen += "ping;";
      if (const auto* frame = std::get_if<Framer::Frame>(&*next))
        seen += "frame:" + frame->octets + ';';
    }
  }
  return seen + (framer.is_between_messages() ? "" : "rest");
}

// A frame that parses holds nothing but its message.
void check_frames(std::string_view stream) {
  Framer framer{limits};
  framer.feed(stream);
  for (;;) {
    const auto next = framer.next();
    if (!next || std::holds_alternative<Framer::NeedOctets>(*next)) return;
    const auto* frame = std::get_if<Framer::Frame>(&*next);
    if (frame == nullptr) continue;
    const auto message = parse_message(frame->octets, limits);
    if (!message) continue;
    const auto head = frame->octets.size() - message->body().size();
    if (!frame->octets.substr(0, head).ends_with("\r\n\r\n")) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view stream{reinterpret_cast<const char*>(data), size};
  const auto whole = frames(stream, std::max<std::size_t>(size, 1));
  if (frames(stream, 1) != whole || frames(stream, 7) != whole) std::abort();
  check_frames(stream);
  return 0;
}
