// Objects of a message store. Whatever arrives: no crash; what parses, prints and parses again to
// the same. And whatever an id holds: its folder is one safe name.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "store/folder.h"
#include "store/stored_object.h"

namespace {

using namespace convene::store;

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  (void)parse_object(text);
  if (const auto info = parse_session_info(text))
    check(parse_session_info(to_text(*info)) == *info);
  if (const auto state = parse_group_state(text))
    check(parse_group_state(to_text(*state)) == *state);
  if (const auto history = parse_file_transfer_history(text))
    check(parse_file_transfer_history(to_text(*history)) == *history);

  const auto name = folder_name(text);
  check(!name.empty() && name.size() <= 200 && name.find_first_of("/\\%*\"\r\n") == name.npos);
  check(name.starts_with("h=") || id_of_folder_name(name) == text);
  return 0;
}
