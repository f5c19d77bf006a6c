#pragma once

#include <optional>

#include "msrp/endpoint.h"
#include "sip/transaction_layer.h"
#include "sip/uri.h"

namespace convene::controlling {

// Where the focus can be reached: what its Via and a=path say.
struct Addresses {
  sip::LocalAddresses sip;
  sip::HostPort msrp;
  std::optional<msrp::SecureAddress> msrps = {};  // nothing: no TLS
};

}  // namespace convene::controlling
