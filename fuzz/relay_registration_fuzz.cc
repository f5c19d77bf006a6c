// Whatever a relay answers to AUTH: no crash, no endless asking, and what we ask is one AUTH and
// nothing that the relay put into it.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "msrp/relay_registration.h"

namespace {

using namespace convene;
using namespace convene::msrp;
using namespace std::chrono_literals;

ReadBuffers buffers;

// The heads in a stream, as long as it makes sense.
template <class Use>
void for_each_head(std::string_view stream, Use&& use) {
  ChunkDecoder decoder{buffers};
  while (!stream.empty()) {
    const auto room = decoder.prepare();
    const auto count = std::min(room.size(), stream.size());
    std::memcpy(room.data(), stream.data(), count);
    decoder.commit(count);
    stream.remove_prefix(count);
    for (;;) {
      const auto event = decoder.next();
      if (!event) return;
      if (std::holds_alternative<NeedOctets>(*event)) break;
      if (const auto* begin = std::get_if<ChunkBegin>(&*event)) use(*begin);
    }
  }
}

void check_auth(const std::string& frame) {
  int heads = 0;
  for_each_head(frame, [&](const ChunkBegin& begin) {
    if (begin.method != "AUTH" || begin.headers.size() > 4 || begin.has_body) std::abort();
    ++heads;
  });
  if (heads != 1) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  SeededRandom random{1};
  TransactionIds ids{random};
  TimePoint now{};
  RelayRegistration registration{{.relay = parse_uri("msrp://relay.example:2855;tcp").value(),
                                  .user = "alice",
                                  .password = "secret"},
                                 parse_uri("msrp://alice.example:9/own;tcp").value(),
                                 30s,
                                 random,
                                 now};
  int asked = 0;
  RelayRegistration::Effects effects;
  const auto look = [&] {
    for (const auto& effect : effects) {
      if (const auto* send = std::get_if<RelayRegistration::SendAuth>(&effect)) {
        check_auth(send->frame);
        if (++asked > RelayRegistration::max_requests) std::abort();
      } else if (const auto* ready = std::get_if<RelayReady>(&effect)) {
        if (ready->use_path.empty() || ready->expires <= 0s) std::abort();
        asked = 0;
      }
    }
    effects.clear();
  };

  registration.connected(now, ids, effects);
  look();
  for_each_head(input, [&](const ChunkBegin& begin) {
    if (registration.state() == RelayRegistration::State::registered) {
      now = registration.deadline().value();
      registration.wake(now, ids, effects);
      look();
    }
    if (registration.state() == RelayRegistration::State::over) return;
    registration.receive(read_relay_answer(begin), now, ids, effects);
    look();
  });
  return 0;
}
