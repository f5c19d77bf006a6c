#include "base/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cassert>

namespace convene {

namespace {

const EVP_MD* algorithm(Digest digest) {
  switch (digest) {
    case Digest::md5: return EVP_md5();
    case Digest::sha1: return EVP_sha1();
    case Digest::sha256: return EVP_sha256();
    case Digest::sha384: return EVP_sha384();
    case Digest::sha512: return EVP_sha512();
  }
  return nullptr;
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

struct Hash::Context {
  std::unique_ptr<EVP_MD_CTX, FreeContext> evp{EVP_MD_CTX_new()};
};

Hash::Hash(Digest digest) : context_{std::make_unique<Context>()} {
  [[maybe_unused]] const int ok =
      EVP_DigestInit_ex(context_->evp.get(), algorithm(digest), nullptr);
  assert(ok == 1);
}

Hash::~Hash() = default;
Hash::Hash(Hash&&) noexcept = default;
Hash& Hash::operator=(Hash&&) noexcept = default;

void Hash::update(std::span<const std::byte> octets) {
  EVP_DigestUpdate(context_->evp.get(), octets.data(), octets.size());
}

std::string Hash::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(context_->evp.get(), raw.data(), &size);
  return {reinterpret_cast<const char*>(raw.data()), size};
}

std::string digest_of(Digest digest, std::string_view text) {
  Hash hash{digest};
  hash.update(text);
  return hash.finish();
}

std::string digest_hex(Digest digest, std::string_view text) {
  return to_hex(digest_of(digest, text));
}

std::string hmac_sha1(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  unsigned int size = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), raw.data(), &size);
  return {reinterpret_cast<const char*>(raw.data()), size};
}

std::string to_hex(std::string_view octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * octets.size());
  for (const char octet : octets) {
    const auto value = static_cast<unsigned char>(octet);
    text += digits[value >> 4];
    text += digits[value & 15];
  }
  return text;
}

}  // namespace convene
