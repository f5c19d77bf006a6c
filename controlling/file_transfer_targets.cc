#include "controlling/file_transfer_targets.h"

#include <algorithm>
#include <tuple>

namespace convene::controlling {

using cpm::FileTransferSupport;

namespace {

// (1) At the device that is in the session.
std::string instance_for(const Candidate& candidate, const FileTransferPolicy& policy) {
  return policy.aim_at_device ? candidate.capabilities.instance : std::string{};  // R3.4
}

// How well a leg can take a file: FileTransferSupport does not order itself.
auto rank(const cpm::Capabilities& leg) {
  const bool is_capable = leg.file_transfer == FileTransferSupport::indicated;
  const bool is_unknown = leg.file_transfer == FileTransferSupport::not_indicated;
  return std::tuple{is_capable, is_unknown, leg.thumbnail + leg.store_and_forward};
}

}  // namespace

// CPM 9.3.1 CPM File Transfer in Group Chat Handling
FileTransferTargets file_transfer_targets(const std::vector<Candidate>& candidates,
                                          const FileTransferPolicy& policy) {
  FileTransferTargets targets;
  for (const auto& candidate : candidates) {
    // (5) MAY limit the ongoing file transfers to a participant: first they queue. R3.8
    const bool is_busy = candidate.running >= policy.max_running_per_participant;
    if (is_busy && candidate.queued >= policy.max_queued_per_participant) {
      targets.left_out.push_back({candidate.address, LeftOut::Why::too_many});
      continue;
    }

    const auto& capabilities = candidate.capabilities;
    switch (capabilities.file_transfer) {
      // (1) Invite those that indicated support, and honour what they indicated. R3.2, R3.3
      case FileTransferSupport::indicated:
        targets.invited.push_back({.address = candidate.address,
                                   .instance = instance_for(candidate, policy),
                                   .thumbnail = capabilities.thumbnail,
                                   .store_and_forward = capabilities.store_and_forward,
                                   .must_wait = is_busy,
                                   .is_secure = candidate.is_secure});
        break;

      // (2) Never those that indicated chat only. R3.5
      case FileTransferSupport::chat_only:
        targets.left_out.push_back({candidate.address, LeftOut::Why::chat_only});
        break;

      // (3) Those that said nothing, by policy: a. not at all; b. as 1-to-1, with neither
      // thumbnail nor store and forward. R3.6, R3.6a, R3.6b
      case FileTransferSupport::not_indicated:
        if (!policy.invite_not_indicated) {
          targets.left_out.push_back({candidate.address, LeftOut::Why::not_indicated});
          break;
        }
        targets.invited.push_back({.address = candidate.address,
                                   .is_one_to_one = true,
                                   .must_wait = is_busy,
                                   .is_secure = candidate.is_secure});
        break;
    }
  }
  return targets;
}

const cpm::Capabilities& best_of(const std::vector<cpm::Capabilities>& legs) {
  return *std::ranges::max_element(legs, {}, rank);
}

std::string_view text_of(LeftOut::Why why) {
  switch (why) {
    case LeftOut::Why::chat_only: return "9.3.1 (2) not inviting: chat only";
    case LeftOut::Why::not_indicated: return "9.3.1 (3) a not inviting: said nothing";
    case LeftOut::Why::too_many: return "9.3.1 (5) not inviting: too many transfers to it";
    case LeftOut::Why::has_it: return "9.3.1 not inviting: has the file";
    case LeftOut::Why::refused_before: return "9.3.1 not inviting: has refused the file";
  }
  return {};
}

}  // namespace convene::controlling
