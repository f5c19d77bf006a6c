#include "bench/cipher_cost.h"

#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <vector>

#include "bench/process_figures.h"

namespace convene::bench {

double cipher_cost() {
  constexpr int record = 16'384;
  constexpr int records = 61'035;  // a GB
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context{
      EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free};
  const std::array<unsigned char, 16> key{1};
  std::array<unsigned char, 12> nonce{};
  std::array<unsigned char, 16> tag{};
  const std::vector<unsigned char> from(record, 7);
  std::vector<unsigned char> into(record);
  EVP_EncryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, key.data(), nullptr);

  const auto begin = figures_of(::getpid()).processor;
  for (int done = 0; done < records; ++done) {
    ++nonce[static_cast<std::size_t>(done) % nonce.size()];
    int count = 0;
    EVP_EncryptInit_ex(context.get(), nullptr, nullptr, nullptr, nonce.data());
    EVP_EncryptUpdate(context.get(), into.data(), &count, from.data(), record);
    EVP_EncryptFinal_ex(context.get(), into.data(), &count);
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag.size()),
                        tag.data());
  }
  return figures_of(::getpid()).processor - begin;
}

}  // namespace convene::bench
