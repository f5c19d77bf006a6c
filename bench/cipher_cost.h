#pragma once

namespace convene::bench {

// Processor seconds to seal a GB with AES-128-GCM, in records of TLS, within the processor's cache.
double cipher_cost();

}  // namespace convene::bench
