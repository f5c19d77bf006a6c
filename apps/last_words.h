#pragma once

#include "client/client.h"

namespace convene::apps {

// Before a client goes: cancels its transfers, disconnects from its sessions, declines invitations,
// and unregisters.
void end_everything(client::Client& client, TimePoint now, client::Output& out);

}  // namespace convene::apps
