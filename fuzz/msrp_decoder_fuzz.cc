// Whatever arrives, and however it is cut: no crash, and the same verdict.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "msrp/chunk_decoder.h"
#include "msrp/head.h"

namespace {

using namespace convene::msrp;

void transcribe(const ChunkEvent& event, std::string& seen) {
  if (const auto* begin = std::get_if<ChunkBegin>(&event)) {
    seen.append("\n").append(begin->method).append(std::to_string(begin->status));
    seen.append(begin->transaction_id).append(begin->comment);
    for (const auto& line : begin->headers) seen.append(line.name).append("=").append(line.value);
    const auto head = parse_head(*begin);
    seen.append(head ? head->flaw : "unanswerable").append(begin->has_body ? "[" : "");
  }
  if (const auto* body = std::get_if<ChunkBody>(&event))
    seen.append(reinterpret_cast<const char*>(body->octets.data()), body->octets.size());
  if (const auto* end = std::get_if<ChunkEnd>(&event))
    seen.append("]").append(1, static_cast<char>(end->flag));
}

std::string decode(const std::uint8_t* data, std::size_t size, std::size_t step) {
  static ReadBuffers buffers;
  ChunkDecoder decoder{buffers};
  std::string seen;
  for (std::size_t at = 0; at < size;) {
    const auto room = decoder.prepare();
    const auto count = std::min({step, size - at, room.size()});
    if (count == 0) std::abort();  // there is always room
    std::memcpy(room.data(), data + at, count);
    decoder.commit(count);
    at += count;
    for (;;) {
      const auto event = decoder.next();
      if (!event) return seen + "error";
      if (std::holds_alternative<NeedOctets>(*event)) break;
      transcribe(*event, seen);
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto whole = decode(data, size, size);
  if (whole != decode(data, size, 1) || whole != decode(data, size, 7)) std::abort();
  return 0;
}
