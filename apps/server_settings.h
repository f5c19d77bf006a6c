#pragma once

#include "apps/configuration.h"
#include "base/result.h"
#include "node/server_node.h"

namespace convene::apps {

// What the node of a server is made with. Fault::malformed for a URI or an address that is none;
// check() has been asked before.
Result<node::ServerSettings> server_settings(const Configuration& configuration);

}  // namespace convene::apps
