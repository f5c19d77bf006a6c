// Whatever arrives: no crash; what parses, prints and parses again to the same; what an
// intermediary writes into it can be read from what it sends.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cpim/imdn_headers.h"

namespace {

using namespace convene::cpim;

void check(bool holds) {
  if (!holds) std::abort();
}

void check_address(const std::optional<Address>& address) {
  if (address) check(parse_address(to_text(*address)) == *address);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  auto message = parse_message(text);
  if (!message) return 0;
  check(parse_message(to_text(*message)) == *message);
  check_address(from_of(*message));
  check_address(to_of(*message));
  check_address(original_to(*message));
  if (const auto subject = subject_of(*message)) check(unescape(escape(*subject)) == *subject);

  const Address alice{"Alice \"A\"\r\n", "sip:alice@example.com"};
  const Address focus{"", "sip:grp@cf.example.com"};
  const auto route = imdn_route(*message);
  set_from(*message, alice);
  set_to(*message, focus);
  set_imdn_message_id(*message, "id");
  set_disposition_notification(*message, {.positive_delivery = true});
  add_imdn_record_route(*message, focus);
  remove_top_imdn_route(*message);
  set_original_to(*message, alice);
  set_date_time(*message, "2025-11-22T10:02:11Z");

  const auto again = parse_message(to_text(*message));
  if (!again) return 0;  // it may have become too large
  check(*again == *message);
  check(from_of(*again) == alice);
  check(to_of(*again) == focus);
  check(imdn_message_id(*again) == "id");
  check(disposition_notification(*again) == DispositionNotification{.positive_delivery = true});
  check(imdn_record_route(*again).at(0) == focus);
  check(imdn_route(*again).size() <= route.size());
  check(original_to(*again) == alice);
  return 0;
}
