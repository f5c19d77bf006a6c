// Laws of the trace: what reads as a trace file prints as the same octets, and can be drawn and
// written as packets; an MSRP stream has the same frames however it is cut.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "trace/ladder.h"
#include "trace/msrp_tap.h"
#include "trace/packet_capture.h"

using namespace convene::trace;

namespace {

std::vector<Frame> frames_of(std::string_view stream, std::size_t at_once) {
  MsrpTap tap{100};
  std::vector<Frame> frames;
  for (; !stream.empty(); stream.remove_prefix(std::min(at_once, stream.size()))) {
    tap.pass(stream.substr(0, at_once), frames);
  }
  return frames;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(data), size};

  if (const auto records = parse_trace(input)) {
    std::string printed;
    for (const auto& record : *records) printed += to_text(record);
    const auto again = parse_trace(printed);
    if (!again || *again != *records) std::abort();

    const auto ladder = make_ladder(*records);
    if (to_text(ladder).empty() || !to_svg(ladder).ends_with("</svg>\n")) std::abort();
    if (to_pcapng(*records).size() % 4 != 0) std::abort();
  }

  if (frames_of(input, size) != frames_of(input, 1)) std::abort();
  return 0;
}
