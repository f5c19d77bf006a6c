#include "controlling/invitation.h"

#include "cpm/identity.h"
#include "cpm/service.h"

namespace convene::controlling {

Invitation invitation_of(const sip::Message& request, const sip::NameAddr& originator,
                         const cpm::Ids& ids) {
  Invitation invitation{
      .inviter = {.display = originator.display, .uri = originator.uri, .params = {}},
      .accept_contacts = {},
      .has_session_icsi = cpm::accepts_contact_of(request, cpm::icsi::session),
      .wants_anonymity = cpm::asks_for_anonymity(request),
      .service = std::string{request.header(sip::Name::p_asserted_service)},
      .subject = std::string{request.header(sip::Name::subject)},
      .message_expires = std::string{request.header(sip::Name::message_expires)},
      .ids = ids,
  };
  for (const auto value : request.values(sip::Name::accept_contact)) {
    invitation.accept_contacts.emplace_back(value);
  }
  return invitation;
}

}  // namespace convene::controlling
