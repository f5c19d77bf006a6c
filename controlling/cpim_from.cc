#include "controlling/cpim_from.h"

#include "cpm/identity.h"
#include "sip/uri.h"

namespace convene::controlling {

bool claims_to_be_somebody_else(const cpim::Message& message, const Member& sender,
                                std::string_view contact) {
  const auto from = cpim::from_of(message);
  if (!from || cpm::is_anonymous(from->uri)) return false;
  const auto claimed = sip::address_of_record(from->uri);
  return claimed != sender.address && claimed != sip::address_of_record(contact) &&
         claimed != sender.pseudonym;
}

cpim::Address shown_sender(const Member& sender) {
  return {.display = sender.shown_display(), .uri = sender.shown_address()};
}

}  // namespace convene::controlling
