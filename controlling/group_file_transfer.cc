#include "controlling/group_file_transfer.h"

#include <algorithm>
#include <utility>

#include "controlling/cpim_from.h"

namespace convene::controlling {

namespace {

constexpr std::string_view size_exceeded = "133 Size exceeded";

// Conversation 17: nobody is eligible. 403 when all are chat-only, 480 when somebody may be later.
std::unexpected<cpm::Refusal> nobody_eligible(const FileTransferTargets& targets,
                                              std::size_t absent) {
  const bool all_chat_only = absent == 0 && !targets.left_out.empty() &&
                             std::ranges::all_of(targets.left_out, [](const auto& one) {
                               return one.why == LeftOut::Why::chat_only;
                             });
  return cpm::refuse(all_chat_only ? 403 : 480, "No participant supports file transfer",
                     "nobody is eligible");
}

}  // namespace

cpm::Granted<std::size_t> checked_file(const cpm::FileTransferOffer& offer,
                                       const FileTransferPolicy& policy) {
  const auto count =
      std::ranges::count_if(offer.files, [](const auto& file) { return file.has_value(); });
  if (count > 1 && policy.several_files == FileTransferPolicy::SeveralFiles::refuse) {
    return cpm::refuse(488, "One file at a time", "several files");  // A24
  }
  const auto index = offer.first_file();
  const auto& file = *offer.files[index];
  const auto size = file.file.selector.size.value_or(0);

  if (file.media.direction != sdp::Direction::sendonly) {
    return cpm::refuse(488, "A group sends no files", "a pull");  // G-30
  }
  if (!cpm::setup_for_answer(file.media.setup)) {
    return cpm::refuse(488, {}, "neither side would connect");
  }
  if (size == 0) return cpm::refuse(488, "The file is empty", "an empty file");
  if (size > policy.max_size) return cpm::refuse(403, std::string{size_exceeded}, "too large");
  return index;
}

// CPM 9.3.1 CPM File Transfer in Group Chat Handling. R3.0, R3.1
cpm::Granted<FileTransferPlan> plan_group_file_transfer(const PeerRequest& request,
                                                        const GroupSession* group,
                                                        const TransferQueue& queue,
                                                        std::size_t transfers_under_way,
                                                        const FileTransferPolicy& policy) {
  // The identity of an ongoing, active group session. A21, G-05
  if (!group || group->is_dissolved()) return cpm::refuse(404, "Unknown group", "unknown group");
  if (!group->is_active()) return cpm::refuse(404, "Group is not active", "inactive group");
  if (!policy.services.file_transfer) {
    return cpm::refuse(403, std::string{cpm::not_authorised}, "no file transfer in groups");
  }

  // Only who is in the session sends into it.
  const auto address = sip::address_of_record(request.originator.uri);
  const auto* sender = group->member(address);
  if (!sender || !group->is_in_session(address)) {
    return cpm::refuse(403, std::string{cpm::not_authorised}, "not in the session");
  }
  if (transfers_under_way >= policy.max_transfers) {
    return cpm::refuse(486, {}, "too many transfers");
  }

  // Before the plan: g++ 12 leaks what an initializer has made so far when a TRY in it returns.
  auto offer = TRY(cpm::read_file_transfer_offer(request.message, cpm::AddressRule::may_differ));
  FileTransferPlan plan{
      .group = group->id(),
      .focus = group->profile().focus,
      .transaction = request.transaction,
      .request = request.message,
      .invitation = invitation_of(request.message, request.originator, request.ids),
      .sender = *sender,
      .offer = std::move(offer),
      .targets = {}};
  // G-12: the ids of the request count; of the session where it has none.
  const auto& session_ids = group->profile().invitation.ids;
  auto& ids = plan.invitation.ids;
  if (ids.conversation.empty()) ids.conversation = session_ids.conversation;
  if (ids.contribution.empty()) ids.contribution = session_ids.contribution;

  plan.index = TRY(checked_file(plan.offer, policy));
  const auto& wrapper = plan.file().wrapper;
  if (wrapper && claims_to_be_somebody_else(*wrapper, *sender, {})) {
    return cpm::refuse(403, {}, "CPIM From of somebody else");
  }

  auto candidates = group->candidates(address);
  for (auto& candidate : candidates) {
    candidate.running = queue.running(candidate.address);
    candidate.queued = queue.queued(candidate.address);
  }
  plan.targets = file_transfer_targets(candidates, policy);
  plan.absent = group->members() - 1 - candidates.size();

  // Somebody on the way in may still take it: wait for them (G-06).
  if (plan.targets.invited.empty() && !group->somebody_is_coming()) {
    return nobody_eligible(plan.targets, plan.absent);
  }
  return plan;
}

}  // namespace convene::controlling
