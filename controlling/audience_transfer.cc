#include "controlling/audience_transfer.h"

#include <algorithm>
#include <utility>

#include "controlling/cpim_from.h"
#include "cpm/large_message_offer.h"

namespace convene::controlling {

namespace {

constexpr std::string_view not_authorised = "127 Service not authorised";  // G-44
constexpr std::size_t contact_token_octets = 10;

// Our Contact in this one transfer.
std::string new_contact(Turn& turn) {
  const auto& group = turn.policy.group;
  return "sip:ft-" + random_hex(turn.world.random, contact_token_octets) + "@" + group.focus_host +
         group.focus_params;
}

// CPM 9.1.2 (2): everybody; who has too much under way already waits, or is left out. R3.8
FileTransferTargets targets_in(const Audience& audience, const TransferQueue& queue,
                               const FileTransferPolicy& policy) {
  FileTransferTargets targets;
  for (const auto& member : audience.members) {
    const bool is_busy = queue.running(member.address) >= policy.max_running_per_participant;
    if (is_busy && queue.queued(member.address) >= policy.max_queued_per_participant) {
      targets.left_out.push_back({member.address, LeftOut::Why::too_many});
      continue;
    }
    targets.invited.push_back({.address = member.address,
                               .thumbnail = true,
                               .store_and_forward = true,
                               .must_wait = is_busy});
  }
  return targets;
}

}  // namespace

cpm::Granted<std::size_t> checked_large_message(const cpm::FileTransferOffer& offer) {
  const auto index = offer.first_file();
  const auto& media = offer.files[index]->media;
  if (!cpm::setup_for_answer(media.setup)) {
    return cpm::refuse(488, {}, "neither side would connect");
  }
  return index;
}

// CPM 9.1.2 (1), (2)
cpm::Granted<FileTransferPlan> plan_audience_transfer(Turn& turn, const PeerRequest& request,
                                                      cpm::Service service, Audience audience,
                                                      std::size_t transfers_under_way) {
  const auto& policy = turn.policy.file_transfer;
  const bool is_file = service == cpm::Service::file_transfer;
  if (is_file && !policy.services.file_transfer) {
    return cpm::refuse(403, std::string{not_authorised}, "no file transfer");
  }
  if (transfers_under_way >= policy.max_transfers) {
    return cpm::refuse(486, {}, "too many transfers");
  }

  constexpr auto rule = cpm::AddressRule::may_differ;
  auto offer = TRY(is_file ? cpm::read_file_transfer_offer(request.message, rule)
                           : cpm::read_large_message_offer(request.message, rule));
  const auto index = TRY(is_file ? checked_file(offer, policy) : checked_large_message(offer));
  const auto& wrapper = offer.files[index]->wrapper;
  if (wrapper && claims_to_be_somebody_else(*wrapper, audience.sender, {})) {
    return cpm::refuse(403, {}, "CPIM From of somebody else");
  }
  auto targets = targets_in(audience, turn.queue, policy);
  if (targets.invited.empty()) return cpm::refuse(480, {}, "all recipients are busy");

  FileTransferPlan plan{
      .group = {},
      .focus = new_contact(turn),
      .transaction = request.transaction,
      .request = request.message,
      .invitation = invitation_of(request.message, request.originator, request.ids),
      .sender = audience.sender,
      .offer = std::move(offer),
      .index = index,
      .targets = std::move(targets)};
  plan.service = service;
  plan.audience = std::move(audience);
  return plan;
}

}  // namespace convene::controlling
