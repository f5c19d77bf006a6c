#include "controlling/file_transfer_invitation.h"

#include "controlling/audience_invitation.h"
#include "controlling/cpim_from.h"
#include "controlling/create_session_with_participant.h"
#include "controlling/sip_request.h"
#include "cpim/imdn_headers.h"
#include "cpm/identity.h"
#include "cpm/ids.h"
#include "cpm/large_message_offer.h"
#include "cpm/service.h"

namespace convene::controlling {

using sip::Name;

namespace {

// Conversation 14.6: who it is from and for; reports shall pass by us.
cpim::Message wrapper_for(cpim::Message wrapper, const FileTransferPlan& plan,
                          const FileTransferTarget& target) {
  cpim::set_from(wrapper, shown_sender(plan.sender));
  cpim::set_to(wrapper, {.uri = target.address});
  if (plan.audience) return wrapper;  // nobody is hidden: reports find their way
  cpim::add_imdn_record_route(wrapper, {.uri = plan.focus});
  return wrapper;
}

// (3) b: looks like the sender's own, so the Contact is no focus.
std::string one_to_one_contact(Turn& turn) {
  const auto& group = turn.policy.group;
  const auto uri =
      "sip:ft-" + random_hex(turn.world.random, 10) + "@" + group.focus_host + group.focus_params;
  return cpm::contact_with_tags(uri, {.icsi = cpm::icsi::file_transfer});
}

}  // namespace

cpm::FileTransferOffer offer_for(const FileTransferPlan& plan, const FileTransferTarget& target,
                                 const cpm::MsrpMedia& ours, std::string_view transfer_id,
                                 const FileTransferPolicy& policy) {
  auto offer = plan.offer;
  const auto& line = *plan.offer.files[plan.index];
  if (cpm::is_large_message(line)) {
    offer.files = {
        cpm::large_message_line(ours, sdp::Direction::sendonly, line.media.accept_wrapped_types)};
  } else {
    offer.files = {cpm::FileMedia{.media = cpm::sending_file(ours, line.file.selector),
                                  .file = line.file,
                                  .icon = line.icon,
                                  .wrapper = line.wrapper}};
    auto& file = offer.files.front()->file;
    file.transfer_id = transfer_id;
    file.range.reset();  // the sender's own. G-29: each gets what it lacks
    if (target.begun > 0) {
      file.range = sdp::FileRange{.first = target.begun + 1, .last = file.selector.size};
    }
  }

  // (1) What the participant, and the focus, can do. R3.3, G-15
  const bool shows_icon = target.thumbnail && policy.services.thumbnail;
  const bool defers = target.store_and_forward && policy.services.store_and_forward;
  const bool keeps_wrapper = !target.is_one_to_one && (defers || policy.keep_wrapper);
  if (!shows_icon) cpm::remove_icons(offer);
  if (!keeps_wrapper) cpm::remove_wrappers(offer);
  auto& wrapper = offer.files.front()->wrapper;
  if (wrapper) wrapper = wrapper_for(*wrapper, plan, target);
  return offer;
}

// CPM 9.1.2 with the clarifications of 9.3.1. (4) No recipient-list-history: R3.7. G-13
sip::Message file_transfer_invitation(Turn& turn, const FileTransferPlan& plan,
                                      const FileTransferTarget& target) {
  if (plan.audience) return audience_invitation(turn, plan, target);
  const auto& invitation = plan.invitation;
  const auto sender = name_addr_of(plan.sender);
  const auto focus = "<" + plan.focus + ">";
  const bool is_group = !target.is_one_to_one;

  auto invite = begin_request("INVITE", target.address, is_group ? focus : sender,
                              "<" + target.address + ">", new_call_id(turn));
  invite.add(Name::contact, is_group
                                ? focus_contact(plan.focus, cpm::icsi::file_transfer, turn.policy)
                                : one_to_one_contact(turn));
  for (const auto& value : invitation.accept_contacts) invite.add(Name::accept_contact, value);

  // (1) The very device that is in the session. R3.4
  if (!target.instance.empty()) {
    invite.add(Name::accept_contact, cpm::accept_contact_of_instance(target.instance));
  }
  invite.add(Name::p_asserted_identity, is_group ? focus : sender);
  if (is_group) invite.add(Name::referred_by, "<" + plan.sender.shown_address() + ">");
  if (invitation.wants_anonymity) invite.add(Name::privacy, "id");
  invite.add(Name::p_asserted_service,
             invitation.service.empty() ? cpm::icsi::session : invitation.service);

  // G-12, G-14: the ids of the session.
  auto ids = invitation.ids;
  if (!is_group && turn.policy.file_transfer.unknown_new_contribution) {
    ids.contribution = random_hex(turn.world.random, 16);
  }
  cpm::write_ids(invite, ids);
  if (!invitation.message_expires.empty()) {
    invite.add(Name::message_expires, invitation.message_expires);
  }
  invite.add(Name::supported, "timer");  // and no Session-Expires: G-43
  invite.add(Name::allow, allowed_methods);
  return invite;
}

}  // namespace convene::controlling
