#include <utility>

#include "client/core.h"

namespace convene::client {

// CPM 7.4.1.1 CPM File Transfer Session Initiation in CPM Session; R4.5. One file to a transfer
// (R4.1n).
Result<TransferId> Client::send_file(GroupId group_id, FileToSend file, TimePoint now,
                                     Output& out) {
  TRY(core_->can_send(file));
  TRY(core_->can_exchange_files({.group = group_id}, 1));
  if (!core_->find(group_id)) return fail(Fault::not_found, "no such session");
  if (!core_->find(group_id)->is_group) {
    std::vector<FileToSend> files;
    files.push_back(std::move(file));
    return TRY(send_files({.group = group_id}, std::move(files), now, out)).front();
  }
  const auto state = core_->find(group_id)->state;
  // (3) R4.8: an inactive group is joined again, and then gets the file.
  if (state == SessionState::ended) {
    TRY(rejoin(group_id, now, out));
    if (core_->find(group_id)->state == SessionState::ended) {
      return fail(Fault::closed, "the group cannot be reached");
    }
  }
  const auto id = core_->add_file(group_id, std::move(file));
  if (state == SessionState::active) {
    core_->start_files({.group = group_id}, {id}, now, out);
  } else {
    core_->find(group_id)->waiting_files.push_back(id);
  }
  return id;
}

// (2) d, R4.7d. Between two, who has not said anything may be asked.
Result<> Client::Core::can_receive_files(const GroupSession& group) const {
  if (!settings.services.file_transfer) {
    return fail(Fault::unsupported, "we do not transfer files");
  }
  switch (group.capabilities.file_transfer) {
    case cpm::FileTransferSupport::indicated: return {};
    case cpm::FileTransferSupport::chat_only:
      return fail(Fault::unsupported, "the other side says that it only chats");
    case cpm::FileTransferSupport::not_indicated:
      if (!group.is_group) return {};
      return fail(Fault::unsupported, "the other side does not say that it takes files");
  }
  return {};
}

// (3)
void Client::Core::start_waiting_files(GroupId group_id, TimePoint now, Output& out) {
  auto* group = find(group_id);
  if (!group) return;
  std::vector<TransferId> together;  // between two: in one session. R4.1e
  for (const auto id : std::exchange(group->waiting_files, {})) {
    if (!find(id)) continue;
    const auto possible = can_receive_files(*find(group_id));
    if (!possible) {
      fail_file(id, {.reason = possible.error().detail}, now, out);
    } else if (find(group_id)->is_group) {
      start_files({.group = group_id}, {id}, now, out);
    } else {
      together.push_back(id);
    }
  }
  if (!together.empty()) start_files({.group = group_id}, together, now, out);
}

}  // namespace convene::client
