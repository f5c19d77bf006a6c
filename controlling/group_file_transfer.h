#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "controlling/audience.h"
#include "controlling/file_transfer_targets.h"
#include "controlling/group_session.h"
#include "controlling/invitation.h"
#include "controlling/transfer_queue.h"
#include "cpm/file_rest.h"
#include "cpm/file_transfer_offer.h"
#include "cpm/refusal.h"
#include "cpm/service.h"

namespace convene::controlling {

// A file transfer, or a large message, that may begin: what is offered, by whom, and who gets it.
struct FileTransferPlan {
  GroupId group;
  std::string focus;
  sip::ServerTransactionId transaction;
  sip::Message request;
  Invitation invitation;  // of the file transfer INVITE
  Member sender;          // as the group knows it
  cpm::FileTransferOffer offer;
  std::size_t index = 0;  // of the file among the m-lines
  FileTransferTargets targets;
  std::size_t absent = 0;  // members that may still join, and then get it too (G-06)
  cpm::Service service = cpm::Service::file_transfer;  // or large_message
  std::optional<Audience> audience = {};   // set: in no session, but to these. CPM 9.1.2
  std::optional<cpm::FileRest> rest = {};  // set: a transfer that broke off goes on. G-29

  const cpm::FileMedia& file() const { return *offer.files[index]; }
};

// CPM 9.3.1: whether a file transfer INVITE to the focus may begin, and for whom. `group` is
// nullptr when the identity is unknown.
cpm::Granted<FileTransferPlan> plan_group_file_transfer(const PeerRequest& request,
                                                        const GroupSession* group,
                                                        const TransferQueue& queue,
                                                        std::size_t transfers_under_way,
                                                        const FileTransferPolicy& policy);

// The file that is looked at: the first m-line with one, and only that (A24). 488 for pulls (G-30)
// and empty files; 403 over the size. A range (G-29) is left to go_on_with_kept().
cpm::Granted<std::size_t> checked_file(const cpm::FileTransferOffer& offer,
                                       const FileTransferPolicy& policy);

}  // namespace convene::controlling
