#include <algorithm>

#include "controlling/controlling_function_impl.h"

// A participant whose copy of a file broke off asks the focus for the rest. Conversation 14.10,
// G-29: the only pull that a group answers (G-30).
namespace convene::controlling {

namespace {

// What it asks for, by hash and size; nothing: it is no such request.
const cpm::FileMedia* asked_for(const cpm::FileTransferOffer& offer) {
  const auto& line = *offer.files[offer.first_file()];
  if (!line.is_pull()) return nullptr;
  const auto& file = line.file;
  const bool is_known = sdp::sha1_of(file.selector) && file.selector.size;
  const bool is_rest =
      file.range && file.range->first > 0 && sdp::is_to_the_end(*file.range, file.selector);
  return is_known && is_rest ? &line : nullptr;
}

}  // namespace

// False: it is no request for a rest, or there is none: what else is looked at says why not.
bool ControllingFunction::Impl::give_rest(Turn& turn, const PeerRequest& request) {
  auto* session = group_at(request.message.uri());
  if (!session || !session->is_active() || !policy_.file_transfer.services.file_transfer) {
    return false;
  }
  const auto address = sip::address_of_record(request.originator.uri);
  if (!session->member(address) || !session->is_in_session(address)) return false;
  const auto offer = cpm::read_file_transfer_offer(request.message, cpm::AddressRule::may_differ);
  const auto* asked = offer ? asked_for(*offer) : nullptr;
  if (!asked || !cpm::setup_for_answer(asked->media, security_terms(turn))) return false;

  const FileTransferTarget target{.address = address, .begun = asked->file.range->first - 1};
  const auto running = transfers_of_.find(session->id());
  if (running != transfers_of_.end()) {
    for (const auto id : running->second) {
      auto* one = transfer(id);
      if (!one || !one->can_give(address, asked->file.selector, target.begun)) continue;
      one->give(turn, target, request, *offer);
      return true;
    }
  }
  const auto* kept = kept_files_.of_receiver(session->id(), address, asked->file.selector);
  if (!kept || !kept->is_complete() || target.begun >= kept->size) return false;
  if (transfers_.size() >= policy_.file_transfer.max_transfers) return false;

  auto taken = kept_files_.take(kept);
  const TransferId id{turn.next_id()};
  taken.plan.rest = std::move(taken.rest);
  cpm::remove_wrappers(taken.plan.offer);  // what it asked for has been reported on
  transfers_of_[session->id()].insert(id);
  transfers_.emplace(id, FileTransfer{id, std::move(taken.plan), turn.now, policy_});
  transfer(id)->serve(turn);
  transfer(id)->give(turn, target, request, *offer);
  return true;
}

}  // namespace convene::controlling
