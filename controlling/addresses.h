#pragma once

#include "sip/transaction_layer.h"
#include "sip/uri.h"

namespace convene::controlling {

// Where the focus can be reached: what its Via and a=path say.
struct Addresses {
  sip::LocalAddresses sip;
  sip::HostPort msrp;
};

}  // namespace convene::controlling
