#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "client/settings.h"
#include "scenario/form.h"

namespace convene::scenario {

// client bob: says files and thumbnails, by hand
struct ClientDeclaration {
  std::size_t line = 0;
  std::string name;
  std::string address = {};  // empty: sip:<name>@<domain>
  std::string display_name = {};
  std::string password = {};
  cpm::Services services{true, true, true};
  bool is_chat_only = false;
  client::Profile profile = client::Profile::strict;
  sip::Transport transport = sip::Transport::tcp;
  bool is_by_hand = false;       // accepts neither invitations nor files by itself
  bool is_anonymous = false;     // asks for Privacy: id
  bool is_offline = false;       // does not register at the start
  bool reports_nothing = false;  // sends no delivery reports
};

// file big.bin of 20 MB: random octets, made for the run
struct FileDeclaration {
  std::size_t line = 0;
  std::string name;
  std::uint64_t size = 0;
};

// server group.max_participants = 3
struct ServerSetting {
  std::size_t line = 0;
  std::string key;
  std::string value;
};

// One sentence: who does or sees what.
struct Step {
  std::size_t line = 0;
  std::string text;  // as it stands in the file, without its comment
  std::vector<std::string> subjects;
  const Form* form = nullptr;  // of the table that the script was parsed with
  Arguments arguments = {};
  Duration patience{10'000};
};

struct Script {
  std::string name;
  std::vector<ClientDeclaration> clients;
  std::vector<FileDeclaration> files;
  std::vector<ServerSetting> settings;
  std::vector<Step> steps;
};

// Reads a scenario; `name` is that of its file. Fault::malformed with all mistakes, one a line:
// "trail.scenario:12: ...".
Result<Script> parse_script(std::string_view text, std::string_view name,
                            std::span<const Form> forms);

}  // namespace convene::scenario
