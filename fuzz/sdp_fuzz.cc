// Whatever arrives: no crash; what parses, prints and parses again to the same, also after its
// typed attributes were set anew.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sdp/file_transfer.h"
#include "sdp/fingerprint.h"
#include "sdp/msrp_attributes.h"

namespace {

using namespace convene::sdp;

void check(bool holds) {
  if (!holds) std::abort();
}

void check_file(const Media& media) {
  const auto file = file_of(media);
  if (!file || !*file) return;
  check(parse_file_selector(to_text((*file)->selector)) == (*file)->selector);
  check(selects((*file)->selector, (*file)->selector));

  Media again = media;
  set_file(again, **file);
  check(file_of(again) == file);
}

void set_all(const SessionDescription& session, Media& media) {
  set_path(media, path_of(media));
  set_accept_types(media, accept_types_of(media));
  set_accept_wrapped_types(media, accept_wrapped_types_of(media));
  if (const auto setup = setup_of(media)) set_setup(media, *setup);
  if (const auto size = max_size_of(media)) set_max_size(media, *size);
  const auto direction = direction_of(session, media);
  set_direction(media, reversed(direction));
  check(direction_of(session, media) == reversed(direction));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  auto session = parse_session_description(text);
  if (!session) return 0;
  check(parse_session_description(to_text(*session)) == *session);

  for (auto& media : session->media) {
    check_file(media);
    for (const auto& one : fingerprints_of(*session, media))
      check(parse_fingerprint(to_text(one)) == one);
    set_all(*session, media);
  }
  const auto again = parse_session_description(to_text(*session));
  if (again) check(*again == *session);  // it may have become too large
  return 0;
}
