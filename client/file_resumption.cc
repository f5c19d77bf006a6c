#include <algorithm>
#include <utility>

#include "client/core.h"

// Files that broke off and go on, from either side. Conversation 14.10, G-29
namespace convene::client {

// What has come of a file is kept for a while, if it can be known again by hash and originator.
bool Client::Core::keep_begun(TransferId id, TimePoint now) {
  auto& transfer = *find(id);
  if (!transfer.intake || transfer.sha1.empty() || transfer.originator.empty()) return false;
  if (settings.max_begun_files == 0) return false;
  const auto octets = transfer.intake->take_begun();
  transfer.intake.reset();
  if (!octets) return false;
  const auto* session = find(transfer.session);
  begun_files.push_back({.transfer = id,
                         .originator = transfer.originator,
                         .sha1 = transfer.sha1,
                         .selector = {.name = transfer.name,
                                      .size = transfer.size,
                                      .type = transfer.type,
                                      .hashes = {{.algorithm = "sha-1", .octets = transfer.sha1}}},
                         .group = transfer.group,
                         .ids = session ? session->ids : cpm::Ids{},
                         .octets = *octets,
                         .forget = now + settings.keep_begun_files});
  transfer.octets = octets->octets;
  while (begun_files.size() > settings.max_begun_files) {
    bodies.drop(begun_files.front().octets.body);
    begun_files.pop_front();
  }
  return true;
}

void Client::Core::forget_begun(TimePoint now) {
  while (!begun_files.empty() && begun_files.front().forget <= now) {
    bodies.drop(begun_files.front().octets.body);
    begun_files.pop_front();
  }
}

// By hash and originator; a file of another size is another one.
const BegunFile* Client::Core::begun_file(std::string_view originator,
                                          const sdp::FileSelector& selector) const {
  const auto sha1 = sdp::sha1_of(selector);
  if (!sha1 || originator.empty()) return nullptr;
  const auto found = std::ranges::find_if(begun_files, [&](const BegunFile& one) {
    return one.sha1 == *sha1 && one.originator == originator && one.selector.size == selector.size;
  });
  return found == begun_files.end() ? nullptr : &*found;
}

// Its first octets are the transfer's from now on; what comes may begin before their end.
void Client::Core::use_begun(FileTransfer& transfer, std::uint64_t octets) {
  const auto found = std::ranges::find_if(begun_files, [&](const BegunFile& one) {
    return one.sha1 == transfer.sha1 && one.originator == transfer.originator &&
           one.octets.octets >= octets;
  });
  if (found == begun_files.end()) return;
  transfer.begun = octets;
  transfer.begun_body = found->octets.body;
  begun_files.erase(found);
}

// The receiver asks for the rest: a pull with the range that is missing. In a group the focus has
// it; outside of one, or when that is over, its originator.
Result<TransferId> Client::fetch_rest(TransferId failed, TimePoint now, Output& out) {
  const auto found = std::ranges::find(core_->begun_files, failed, &BegunFile::transfer);
  if (found == core_->begun_files.end()) return fail(Fault::not_found, "nothing is kept of it");
  TRY(core_->can_offer());
  const auto* group = core_->find(found->group);
  FileDestination from{.address = found->originator, .ids = found->ids};
  if (group && group->state == SessionState::active) from.group = found->group;
  TRY(core_->can_exchange_files(from, 1));
  const auto octets = found->octets.octets;
  const auto id = core_->add_wanted(from, found->selector);
  core_->find(id)->originator = found->originator;
  core_->use_begun(*core_->find(id), octets);
  core_->start_files(from, {id}, now, out);
  return id;
}

}  // namespace convene::client
