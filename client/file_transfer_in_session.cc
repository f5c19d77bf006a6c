#include <utility>

#include "client/core.h"
#include "cpm/identity.h"

namespace convene::client {

// CPM 7.4.1.1 CPM File Transfer Session Initiation in CPM Session; R4.5. One file to a transfer
// (R4.1n).
Result<TransferId> Client::send_file(GroupId group_id, FileToSend file, TimePoint now,
                                     Output& out) {
  TRY(core_->can_send(file));
  const auto* group = core_->find(group_id);
  if (!group) return fail(Fault::not_found, "no such session");
  if (core_->transfers.size() >= core_->settings.max_transfers) {
    return fail(Fault::out_of_order, "too many transfers");
  }
  const auto state = group->state;
  if (state == SessionState::invited) return fail(Fault::out_of_order, "an invitation");
  if (state == SessionState::active) TRY(core_->can_receive_files(*group));
  // (3) R4.8: an inactive group is joined again, and then gets the file.
  if (state == SessionState::ended) {
    TRY(rejoin(group_id, now, out));
    if (core_->find(group_id)->state == SessionState::ended) {
      return fail(Fault::closed, "the group cannot be reached");
    }
  }

  const TransferId id{++core_->last_number};
  auto& transfer = core_->transfers[id];
  transfer.direction = TransferDirection::sending;
  transfer.group = group_id;
  transfer.name = file.name;
  transfer.type = file.type;
  transfer.size = file.size;
  transfer.file = std::move(file);
  if (state == SessionState::active) {
    core_->start_file(id, now, out);
  } else {
    core_->find(group_id)->waiting_files.push_back(id);
  }
  return id;
}

// (2) d, R4.7d
Result<> Client::Core::can_receive_files(const GroupSession& group) const {
  if (!settings.services.file_transfer) {
    return fail(Fault::unsupported, "we do not transfer files");
  }
  switch (group.capabilities.file_transfer) {
    case cpm::FileTransferSupport::indicated: return {};
    case cpm::FileTransferSupport::chat_only:
      return fail(Fault::unsupported, "the other side says that it only chats");
    case cpm::FileTransferSupport::not_indicated:
      return fail(Fault::unsupported, "the other side does not say that it takes files");
  }
  return {};
}

void Client::Core::start_file(TransferId id, TimePoint now, Output& out) {
  auto& transfer = *find(id);
  const auto& group = *find(transfer.group);

  // (2) a, R4.7a: to the Group Session Identity. (1): in a session between two, to the other user.
  transfer.to = group.is_group || group.peer.empty() ? group.focus : group.peer;
  // (2) b, c, R4.7b, R4.7c; (1), R4.6: the ids of the session.
  transfer.ids = {.conversation = group.ids.conversation,
                  .contribution = group.ids.contribution,
                  .in_reply_to = {}};
  // (2) d, f: icon and wrapper as the other side can. (2) e, R4.7e: no recipient list.
  write_offer(transfer, group.capabilities, now);
  invite_file(id, now, out);
}

// (3)
void Client::Core::start_waiting_files(GroupId group_id, TimePoint now, Output& out) {
  auto* group = find(group_id);
  if (!group) return;
  for (const auto id : std::exchange(group->waiting_files, {})) {
    if (!find(id)) continue;
    const auto possible = can_receive_files(*find(group_id));
    if (possible) {
      start_file(id, now, out);
    } else {
      fail_transfer(id, 0, possible.error().detail, now, out);
    }
  }
}

}  // namespace convene::client
