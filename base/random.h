#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>

namespace convene {

// Where chance comes from: the kernel in `io`, a seed in tests and in `sim`. Whoever needs chance
// is given one.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> octets) = 0;
};

// `octets` random octets as lower-case hex: 16 give the 128 bits of a session id (RFC 4975 14.1).
std::string random_hex(Random& random, std::size_t octets);

// `length` characters of [A-Za-z0-9], 5.9 bits each: tags, branches, file-transfer-ids.
std::string random_token(Random& random, std::size_t length);

// RFC 4122 version 4.
std::string random_uuid(Random& random);

// Uniform in [0, bound). `bound` > 0.
std::uint64_t random_below(Random& random, std::uint64_t bound);

// The same octets for the same seed. For tests and `sim`; never for what a peer must not guess.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_{seed} {}
  void fill(std::span<std::byte> octets) override;

 private:
  std::mt19937_64 engine_;
};

}  // namespace convene
