#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "apps/configuration.h"
#include "apps/member.h"

namespace convene::apps {

// The lab: a registrar open to this machine, and the cast of the tour.
Configuration lab_configuration();

enum class Device { everything, files_only, chat_only, silent };
struct Role {
  std::string_view name;
  Device device;
  std::string_view says;   // what its Contact says, in words
  std::string_view words;  // its line in the chat
};
const std::vector<Role>& cast();

// A client of the lab whose server listens at `server` (TCP).
client::Settings lab_client(const Role& role, const Configuration& configuration,
                            const sip::HostPort& server);

}  // namespace convene::apps
