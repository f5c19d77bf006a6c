#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace convene {

enum class Digest { md5, sha1, sha256, sha384, sha512 };

// Digest of octets that arrive in pieces. finish() may be called once.
class Hash {
 public:
  explicit Hash(Digest digest);
  ~Hash();
  Hash(Hash&&) noexcept;
  Hash& operator=(Hash&&) noexcept;

  void update(std::span<const std::byte> octets);
  void update(std::string_view text) { update(std::as_bytes(std::span{text})); }
  std::string finish();  // the raw digest: 16, 20, 32, 48 or 64 octets

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string digest_of(Digest digest, std::string_view text);         // raw octets
std::string digest_hex(Digest digest, std::string_view text);        // lower-case hex
std::string hmac_sha1(std::string_view key, std::string_view text);  // raw octets
std::string to_hex(std::string_view octets);                         // lower-case

}  // namespace convene
