#include <algorithm>
#include <utility>

#include "controlling/file_transfer.h"
#include "controlling/kept_files.h"

// What of a transfer may go on: with the sender, and with each receiver. Conversation 14.10, G-29
namespace convene::controlling {

std::string FileTransfer::whole_sha1() const {
  const auto sha1 = sdp::sha1_of(plan_.offer.files[plan_.index]->file.selector);
  return sha1 ? std::string{*sha1} : std::string{};
}

// A file can be known again by its hash. It is kept while somebody lacks something of it: all do
// when its sender broke off.
void FileTransfer::give_back(Turn& turn, Rest rest) {
  const auto sha1 = whole_sha1();
  const bool is_wanted = !spool_.is_complete() || std::ranges::any_of(legs_, [](const auto& entry) {
    return entry.second.may_go_on() && !entry.second.has_refused();
  });
  if (rest == Rest::dropped || sha1.empty() || !is_wanted) return spool_.drop(turn.bodies);
  auto here = spool_.take(turn.bodies);
  if (!here) return;

  KeptFile kept{.plan = plan_, .sha1 = sha1, .size = spool_.size(), .rest = {}, .refused = {}};
  if (plan_.rest) here->held = plan_.rest->held;
  for (const auto& [id, leg] : legs_) {
    const auto& address = leg.target().address;
    if (leg.has_refused()) kept.refused.insert(address);
    if (leg.is_whole() || leg.may_go_on()) here->held.insert_or_assign(address, leg.confirmed());
  }
  kept.rest = *std::move(here);
  kept.plan.request = sip::Message::response(200);
  kept.plan.rest.reset();
  cpm::remove_icons(kept.plan.offer);
  kept.plan.targets = {};
  log(turn, "9.3.1 what is here of the file is kept", plan_.sender.address);
  turn.kept_files.keep(std::move(kept), turn.now, turn.policy.file_transfer, turn.bodies);
}

// The focus invites it again, by policy.
void FileTransfer::broke_off(Turn& turn, LegId id) {
  const auto& leg = legs_.at(id);
  const auto& policy = turn.policy.file_transfer;
  auto target = leg.target();
  if (whole_sha1().empty() || !leg.may_go_on()) return;
  auto& retries = retries_[target.address];
  if (retries >= policy.receiver_retries) return;
  ++retries;
  target.begun = leg.confirmed();
  again_.push_back({.target = std::move(target), .at = turn.now + policy.receiver_retry_delay});
}

void FileTransfer::invite_again(Turn& turn) {
  for (auto& one : std::exchange(again_, {})) {
    if (turn.now < one.at) {
      again_.push_back(std::move(one));
      continue;
    }
    std::erase_if(legs_, [&](const auto& entry) {
      return entry.second.target().address == one.target.address;
    });
    log(turn, "9.3.1 inviting again", one.target.address);
    one.target.must_wait = turn.queue.running(one.target.address) >=
                           turn.policy.file_transfer.max_running_per_participant;
    invite(turn, one.target);
  }
}

bool FileTransfer::can_give(std::string_view participant, const sdp::FileSelector& selector,
                            std::uint64_t from) const {
  const auto sha1 = whole_sha1();
  if (is_over_ || sha1.empty() || selector.size != spool_.size()) return false;
  if (sdp::sha1_of(selector) != std::optional<std::string_view>{sha1}) return false;
  return from < spool_.size() && std::ranges::any_of(
                                     legs_,
                                     [&](const auto& entry) {
                                       const auto& leg = entry.second;
                                       return leg.target().address == participant &&
                                              leg.has_accepted_once() && !leg.has_refused();
                                     });
}

// Its old leg may not have noticed yet that its connection is gone.
void FileTransfer::give(Turn& turn, FileTransferTarget target, const PeerRequest& request,
                        const cpm::FileTransferOffer& asked) {
  log(turn, "9.3.1 the rest is asked for", target.address);
  std::erase_if(again_, [&](const Again& one) { return one.target.address == target.address; });
  const auto is_its = [&](const auto& entry) {
    return entry.second.target().address == target.address;
  };
  for (auto& entry : legs_) {
    if (is_its(entry)) entry.second.end(turn, id_, {});
  }
  std::erase_if(legs_, is_its);
  const LegId id{turn.next_id()};
  turn.queue.begin(target.address);
  auto& leg = legs_.emplace(id, FileTransferLeg{id, std::move(target)}).first->second;
  leg.give(turn, id_, plan_, request, asked);
  feed(turn);
  settle(turn);
}

// Of a kept file, whole: there is no sender any more.
void FileTransfer::serve(Turn& turn) {
  is_answered_ = true;
  sender_is_gone_ = true;
  plan_.absent = 0;
  late_join_until_ = turn.now;
}

}  // namespace convene::controlling
