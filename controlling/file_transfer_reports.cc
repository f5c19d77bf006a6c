#include <algorithm>

#include "controlling/file_transfer.h"
#include "cpim/imdn_headers.h"

namespace convene::controlling {

// Conversation 14.6: one imdn.Message-ID per file, in its wrapper.
ReportKey FileTransfer::report_key() const {
  const auto& wrapper = plan_.file().wrapper;
  return {.sender = plan_.sender.address,
          .message_id = wrapper ? cpim::imdn_message_id(*wrapper) : std::string{}};
}

void FileTransfer::tell_copy(Turn& turn, const std::string& recipient, CopyNews::Fate fate) {
  auto key = report_key();
  if (key.message_id.empty()) return;
  turn.notices.emplace_back(
      CopyNews{.group = plan_.group, .key = std::move(key), .recipient = recipient, .fate = fate});
}

// RFC 5438 8: who has refused the file (4xx to 6xx), or stopped, or lost its connection, or was
// left with a part of it. Before the sender has its 200 nothing was accepted, and nothing is
// reported.
void FileTransfer::tell_copies(Turn& turn) {
  if (!is_answered_) return;
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
