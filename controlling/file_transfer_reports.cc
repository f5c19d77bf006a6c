#include <algorithm>

#include "controlling/audience_reports.h"
#include "controlling/file_transfer.h"
#include "cpim/imdn_headers.h"

namespace convene::controlling {

// Conversation 14.6: one imdn.Message-ID per file, in its wrapper.
ReportKey FileTransfer::report_key() const {
  const auto& wrapper = plan_.file().wrapper;
  return {.sender = plan_.sender.address,
          .message_id = wrapper ? cpim::imdn_message_id(*wrapper) : std::string{}};
}

// To an audience no session keeps the books: a copy that fails is reported by us.
void FileTransfer::tell_copy(Turn& turn, const std::string& recipient, CopyNews::Fate fate) {
  if (plan_.audience) {
    const auto* asked = asks_for_reports();
    if (fate != CopyNews::Fate::failed || !asked) return;
    return report_failure(turn, *plan_.audience, *asked, recipient,
                          plan_.invitation.ids.conversation);
  }
  auto key = report_key();
  if (key.message_id.empty()) return;
  turn.notices.emplace_back(
      CopyNews{.group = plan_.group, .key = std::move(key), .recipient = recipient, .fate = fate});
}

// The wrapper of a file; of a large message its own envelope, once that has come. Conversation 13
const cpim::Message* FileTransfer::asks_for_reports() const {
  const auto& wrapper = plan_.file().wrapper;
  if (wrapper) return &*wrapper;
  return spool_.wrapper() && plan_.service == cpm::Service::large_message ? &*spool_.wrapper()
                                                                          : nullptr;
}

// RFC 5438 8: who has refused the file (4xx to 6xx), or stopped, or lost its connection, or was
// left with a part of it. Before the sender has its 200 nothing was accepted, and nothing is
// reported.
void FileTransfer::tell_copies(Turn& turn) {
  if (!is_answered_ || (plan_.audience && !asks_for_reports())) return;
  for (const auto& [id, leg] : legs_) {
    const bool is_over = leg.is_whole() || leg.state() == FileTransferLeg::State::ended;
    const auto& recipient = leg.target().address;
    const bool comes_again = std::ranges::find(again_, recipient, [](const Again& one) {
                               return one.target.address;
                             }) != again_.end();
    if (!is_over || comes_again || !told_.insert(recipient).second) continue;
    tell_copy(turn, recipient, leg.is_whole() ? CopyNews::Fate::arrived : CopyNews::Fate::failed);
  }
  for (const auto& one : plan_.targets.left_out) {  // G-24
    if (one.why != LeftOut::Why::too_many || !told_.insert(one.address).second) continue;
    tell_copy(turn, one.address, CopyNews::Fate::failed);
  }
}

}  // namespace convene::controlling
