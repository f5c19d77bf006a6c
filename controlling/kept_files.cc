#include "controlling/kept_files.h"

#include <algorithm>
#include <utility>

// Files that broke off and go on through the focus. Conversation 14.10, G-29
namespace convene::controlling {

namespace {

bool is_this_file(const KeptFile& kept, const sdp::FileSelector& selector) {
  return sdp::sha1_of(selector) == std::optional<std::string_view>{kept.sha1} &&
         selector.size == kept.size;
}

}  // namespace

void KeptFiles::keep(KeptFile file, TimePoint now, const FileTransferPolicy& policy,
                     msrp::BodyStore& bodies) {
  const auto octets = file.rest.octets;
  files_.push_back({.file = std::move(file), .until = now + policy.keep_files});
  octets_ += octets;
  while (files_.size() > policy.max_kept_files || octets_ > policy.max_kept_octets) {
    drop_oldest(bodies);
  }
}

const KeptFile* KeptFiles::of_sender(GroupId group, std::string_view conversation,
                                     std::string_view sender,
                                     const sdp::FileSelector& selector) const {
  const auto found = std::ranges::find_if(files_, [&](const Entry& entry) {
    const auto& plan = entry.file.plan;
    const bool is_same_talk =
        plan.group == group &&
        (group != GroupId{} || plan.invitation.ids.conversation == conversation);
    return is_same_talk && plan.sender.address == sender && is_this_file(entry.file, selector);
  });
  return found == files_.end() ? nullptr : &found->file;
}

const KeptFile* KeptFiles::of_receiver(GroupId group, std::string_view receiver,
                                       const sdp::FileSelector& selector) const {
  const auto found = std::ranges::find_if(files_, [&](const Entry& entry) {
    return entry.file.plan.group == group && is_this_file(entry.file, selector) &&
           entry.file.rest.held.contains(std::string{receiver});
  });
  return found == files_.end() ? nullptr : &found->file;
}

KeptFile KeptFiles::take(const KeptFile* file) {
  const auto found =
      std::ranges::find_if(files_, [file](const Entry& entry) { return &entry.file == file; });
  auto taken = std::move(found->file);
  octets_ -= taken.rest.octets;
  files_.erase(found);
  return taken;
}

bool KeptFiles::drop_oldest(msrp::BodyStore& bodies) {
  if (files_.empty()) return false;
  bodies.drop(take(&files_.front().file).rest.body);
  return true;
}

void KeptFiles::forget(TimePoint now, msrp::BodyStore& bodies) {
  while (!files_.empty() && files_.front().until <= now) drop_oldest(bodies);
}

Deadline KeptFiles::deadline() const {
  return files_.empty() ? Deadline{} : Deadline{files_.front().until};
}

// The sender fills the hole; what each receiver lacks is reckoned when it is invited.
cpm::Granted<FileTransferPlan> go_on_with_kept(FileTransferPlan plan, KeptFiles& kept) {
  const auto& file = plan.offer.files[plan.index]->file;
  const auto first = file.range->first;
  const auto* found = kept.of_sender(plan.group, plan.invitation.ids.conversation,
                                     plan.sender.address, file.selector);
  if (first == 0 || !sdp::is_to_the_end(*file.range, file.selector) || !found ||
      first > found->rest.octets + 1) {
    return cpm::refuse(488, {}, "the rest of a file that is not here");
  }
  std::vector<FileTransferTarget> invited;
  for (auto& target : plan.targets.invited) {
    const auto held = found->rest.held.find(target.address);
    if (found->refused.contains(target.address)) {
      plan.targets.left_out.push_back({target.address, LeftOut::Why::refused_before});
    } else if (held != found->rest.held.end() && held->second == found->size) {
      plan.targets.left_out.push_back({target.address, LeftOut::Why::has_it});
    } else {
      invited.push_back(std::move(target));
    }
  }
  plan.targets.invited = std::move(invited);
  if (plan.targets.invited.empty() && plan.absent == 0) {
    return cpm::refuse(480, {}, "nobody lacks the rest");
  }
  plan.rest = kept.take(found).rest;
  plan.rest->from = first - 1;
  return plan;
}

}  // namespace convene::controlling
