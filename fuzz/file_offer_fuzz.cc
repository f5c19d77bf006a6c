// An INVITE that offers files, or (where the octets are no SIP message) its multipart body. What is
// taken beside the description is what a receiver can be expected to take, belongs to a file that
// is offered, and can be passed on.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/random.h"
#include "cpm/file_parts.h"
#include "cpm/file_transfer_offer.h"
#include "mime/part.h"

namespace {

using namespace convene;

constexpr std::string_view body_type = "multipart/mixed;boundary=b3ft";  // flow F3.1

void check(bool holds) {
  if (!holds) std::abort();
}

void check_file(const cpm::FileMedia& file) {
  check(file.icon.has_value() == !file.file.icon.empty());
  if (file.icon) {
    const auto octets = mime::decoded_body(*file.icon);
    check(octets && !octets->empty() && octets->size() <= cpm::max_icon_octets);
    check(cpm::is_icon_type(mime::type_of(*file.icon)));
    check(mime::content_id_of(*file.icon) == file.file.icon);
  }
  if (file.wrapper) check(!file.is_pull());
}

void check_offer(const sip::Message& invite) {
  auto offer = cpm::read_file_transfer_offer(invite, cpm::AddressRule::may_differ);
  if (!offer) {
    const auto status = offer.error().status;
    return check(status == 400 || status == 413 || status == 415 || status == 488);
  }
  check(offer->first_file() < offer->files.size());
  for (const auto& file : offer->files) {
    if (file) check_file(*file);
  }

  SeededRandom random{1};
  auto passed_on = sip::Message::request("INVITE", "sip:x@example.com");
  cpm::write_file_transfer_offer(passed_on, *offer, {.session_id = "1"}, random);
  cpm::remove_icons(*offer);
  cpm::remove_wrappers(*offer);
  check(!cpm::has_icon(*offer) && !cpm::has_wrapper(*offer));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string octets{reinterpret_cast<const char*>(data), size};
  if (const auto message = sip::parse_message(octets)) {
    check_offer(*message);
    return 0;
  }
  auto invite = sip::Message::request("INVITE", "sip:x@example.com");
  invite.set_body(body_type, octets);
  check_offer(invite);
  return 0;
}
