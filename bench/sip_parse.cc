// How fast SIP is read and printed: one message, again and again, on one core.
//
// usage: sip_parse FILE [seconds]
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "sip/message.h"

namespace {

using namespace convene;
using Clock = std::chrono::steady_clock;

// Calls of `work` a second.
template <class Work>
double rate(double seconds, const Work& work) {
  constexpr int batch = 256;  // calls between two looks at the clock
  const auto begin = Clock::now();
  std::size_t count = 0;
  std::chrono::duration<double> passed{};
  for (; passed.count() < seconds; passed = Clock::now() - begin) {
    for (int i = 0; i < batch; ++i) work();
    count += batch;
  }
  return static_cast<double>(count) / passed.count();
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) return std::fputs("usage: sip_parse FILE [seconds]\n", stderr), 2;
  std::ifstream file{words[1], std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto message = sip::parse_message(text);
  if (!message) return std::fprintf(stderr, "%s\n", message.error().detail.c_str()), 1;
  const double seconds = count > 2 ? std::stod(words[2]) : 2;

  std::size_t seen = 0;
  const auto parsed = rate(seconds, [&] { seen += sip::parse_message(text)->body().size(); });
  const auto printed = rate(seconds, [&] { seen += to_text(*message).size(); });
  std::printf("%zu octets: parsed %.0f k/s, printed %.0f k/s\n", text.size(), parsed / 1'000,
              printed / 1'000);
  return seen == 0 ? 1 : 0;
}
