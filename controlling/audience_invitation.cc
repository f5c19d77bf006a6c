#include "controlling/audience_invitation.h"

#include "controlling/create_session_with_participant.h"
#include "controlling/sip_request.h"
#include "cpm/capabilities.h"
#include "cpm/ids.h"
#include "cpm/service.h"

namespace convene::controlling {

using sip::Name;

namespace {

std::string_view icsi_of(cpm::Service service) {
  return service == cpm::Service::file_transfer ? cpm::icsi::file_transfer
                                                : cpm::icsi::large_message;
}

}  // namespace

std::string audience_contact(const FileTransferPlan& plan, const Policy& policy) {
  const bool is_file = plan.service == cpm::Service::file_transfer;
  return cpm::contact_with_tags(
      plan.focus, {.icsi = icsi_of(plan.service),
                   .services = is_file ? policy.file_transfer.services : cpm::Services{}});
}

// CPM 9.1.2 (3): to the recipient, from the sender or its group, with everything that came.
sip::Message audience_invitation(Turn& turn, const FileTransferPlan& plan,
                                 const FileTransferTarget& target) {
  const auto& invitation = plan.invitation;
  const auto& group = plan.audience->group;
  const auto sender = name_addr_of(plan.sender);
  const auto from = group.empty() ? sender : "<" + group + ">";

  auto invite =
      begin_request("INVITE", target.address, from, "<" + target.address + ">", new_call_id(turn));
  invite.add(Name::contact, audience_contact(plan, turn.policy));
  for (const auto& value : invitation.accept_contacts) invite.add(Name::accept_contact, value);
  if (invitation.accept_contacts.empty()) {
    invite.add(Name::accept_contact, cpm::accept_contact(icsi_of(plan.service)));
  }
  // R1.10b: a pre-defined group asserts its own address, and names who sends.
  invite.add(Name::p_asserted_identity, from);
  if (!group.empty()) invite.add(Name::referred_by, "<" + plan.sender.shown_address() + ">");
  if (invitation.wants_anonymity) invite.add(Name::privacy, "id");
  invite.add(Name::p_asserted_service,
             invitation.service.empty() ? icsi_of(plan.service) : invitation.service);
  cpm::write_ids(invite, invitation.ids);
  if (!invitation.subject.empty()) invite.add(Name::subject, invitation.subject);
  if (!invitation.message_expires.empty()) {
    invite.add(Name::message_expires, invitation.message_expires);
  }
  invite.add(Name::supported, "timer");  // and no Session-Expires: G-43
  invite.add(Name::allow, allowed_methods);
  return invite;
}

}  // namespace convene::controlling
