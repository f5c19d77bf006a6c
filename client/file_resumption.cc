#include <algorithm>
#include <utility>

#include "client/core.h"

// Files that broke off and go on, from either side. Conversation 14.10, G-29
namespace convene::client {

// What has come of a file is kept for a while, if it can be known again by hash and originator. Who
// asked for the rest in vain keeps what it had.
bool Client::Core::keep_begun(TransferId id, TimePoint now) {
  auto& transfer = *find(id);
  if (transfer.sha1.empty() || transfer.originator.empty()) return false;
  if (settings.max_begun_files == 0) return false;
  std::optional<FileIntake::Begun> octets;
  if (transfer.begun_body) {
    octets = {.body = *std::exchange(transfer.begun_body, std::nullopt), .octets = transfer.begun};
  } else if (transfer.intake) {
    octets = transfer.intake->take_begun();
    transfer.intake.reset();
  }
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
// it, and a group that was lost is joined again first (R4.8); outside of one, or when that is over,
// its originator.
Result<TransferId> Client::fetch_rest(TransferId failed, TimePoint now, Output& out) {
  const auto found = std::ranges::find(core_->begun_files, failed, &BegunFile::transfer);
  if (found == core_->begun_files.end()) return fail(Fault::not_found, "nothing is kept of it");
  TRY(core_->can_offer());
  const auto begun = *found;
  FileDestination from{.address = begun.originator, .ids = begun.ids};
  const auto* group = core_->find(begun.group);
  const bool is_lost = group && group->is_group && group->may_rejoin;
  if (is_lost || (group && group->state == SessionState::active)) from.group = begun.group;
  TRY(core_->can_exchange_files(from, 1));
  if (is_lost && group->state == SessionState::ended) TRY(rejoin(begun.group, now, out));

  const auto id = core_->add_wanted(from, begun.selector);
  core_->find(id)->originator = begun.originator;
  core_->use_begun(*core_->find(id), begun.octets.octets);
  if (is_lost) {
    core_->find(begun.group)->waiting_files.push_back(id);
  } else {
    core_->start_files(from, {id}, now, out);
  }
  return id;
}

}  // namespace convene::client
