#pragma once

#include <memory>
#include <string>

#include "base/result.h"

struct x509_st;
struct evp_pkey_st;

namespace convene::io {

// A key, and a certificate of it that says nothing about us: whoever is to believe it knows its
// fingerprint. RFC 8122 3.3
struct SelfSigned {
  struct Free {
    void operator()(x509_st* certificate) const;
    void operator()(evp_pkey_st* key) const;
  };
  std::unique_ptr<evp_pkey_st, Free> key;
  std::unique_ptr<x509_st, Free> certificate;
};

Result<SelfSigned> make_self_signed();

}  // namespace convene::io
