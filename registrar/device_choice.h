#pragma once

#include <vector>

#include "registrar/location.h"
#include "sip/message.h"

namespace convene::registrar {

// Which of its user's devices a request is for, in their order: a public GRUU names one (RFC 5627
// 6.1), and so does an Accept-Contact that requires an instance (RFC 3841 7.2). None: not there.
std::vector<Binding> devices_for(const sip::Message& request, const sip::Uri& uri,
                                 std::vector<Binding> bindings);

}  // namespace convene::registrar
