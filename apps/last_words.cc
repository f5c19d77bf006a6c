#include "apps/last_words.h"

namespace convene::apps {

void end_everything(client::Client& client, TimePoint now, client::Output& out) {
  for (const auto transfer : client.transfers()) {
    static_cast<void>(client.cancel_file(transfer, now, out));
  }
  for (const auto group : client.sessions()) {
    if (client.disconnect(group, now, out)) continue;
    static_cast<void>(client.decline(group, {}, now, out));  // an invitation
  }
  if (client.is_registered()) client.unregister(now, out);
}

}  // namespace convene::apps
