#include "apps/lab_cast.h"

namespace convene::apps {

Configuration lab_configuration() {
  Configuration lab;
  lab.registrar.enabled = true;
  lab.registrar.open = true;
  lab.file_transfer.max_size = 4'294'967'296;
  lab.file_transfer.free_space_floor = 0;
  lab.state.enabled = false;
  return lab;
}

const std::vector<Role>& cast() {
  static const std::vector<Role> roles{
      {"alice", Device::everything, "files, thumbnails, store and forward",
       "Shall we start earlier on Sunday?"},
      {"bob", Device::everything, "files, thumbnails, store and forward",
       "Half past eight is fine."},
      {"carol", Device::files_only, "files", "Send us the picture of the fjord!"},
      {"dave", Device::chat_only, "chat only", "My phone only does chat, tell me about it."},
      {"erin", Device::silent, "nothing", "Count me in."}};
  return roles;
}

client::Settings lab_client(const Role& role, const Configuration& configuration,
                            const sip::HostPort& server) {
  client::Settings client;
  client.address = "sip:" + std::string{role.name} + "@" + configuration.sip.domain;
  client.display_name = role.name;
  client.display_name[0] = static_cast<char>(role.name[0] - 'a' + 'A');
  client.outbound =
      sip::Destination{.transport = sip::Transport::tcp, .address = server, .flow = {}};
  client.transport = sip::Transport::tcp;
  client.conference_factory = with_domain(configuration, configuration.group.factory);
  client.services = {
      .file_transfer = role.device == Device::everything || role.device == Device::files_only,
      .thumbnail = role.device == Device::everything,
      .store_and_forward = role.device == Device::everything};
  client.chat_only = role.device == Device::chat_only;
  client.max_file_size = configuration.file_transfer.max_size;
  client.accept_invitations = true;
  client.accept_files = true;
  return client;
}

}  // namespace convene::apps
