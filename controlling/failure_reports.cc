#include "base/random.h"
#include "controlling/group_session.h"
#include "cpm/report.h"

namespace convene::controlling {

namespace {

constexpr std::size_t id_octets = 8;  // of our own imdn.Message-IDs

}  // namespace

// The answers to the copies of a chat message.
void GroupSession::copy_arrived(LegId id, msrp::OutgoingId copy) {
  auto* leg = find_leg(id);
  if (!leg || report_arrived(*leg, copy)) return;
  const auto found = leg->copies.extract(copy);
  if (!found.empty()) ledger_.copy_arrived(found.mapped(), leg->participant);
}

void GroupSession::copy_failed(Turn& turn, LegId id, msrp::OutgoingId copy) {
  auto* leg = find_leg(id);
  if (!leg) return;
  if (const auto lost = leg->reports.extract(copy)) return report_lost(turn, lost.mapped());
  const auto found = leg->copies.extract(copy);
  if (!found.empty()) report_failure(turn, found.mapped(), leg->participant);
}

// Conversation 14.6: the wrapper of a file asks for reports. They may come when the file is over.
void GroupSession::file_begins(Turn& turn, const std::string& sender,
                               const cpim::Message& wrapper) {
  ledger_.remember(sender, wrapper, turn.policy.media.max_reported_messages);
}

void GroupSession::copy_news(Turn& turn, const CopyNews& news) {
  switch (news.fate) {
    case CopyNews::Fate::begins: ledger_.copy_begins(news.key, news.recipient); break;
    case CopyNews::Fate::arrived: ledger_.copy_arrived(news.key, news.recipient); break;
    case CopyNews::Fate::failed: report_failure(turn, news.key, news.recipient); break;
  }
}

// RFC 5438 8: an intermediary may report that a message cannot be delivered, if that was asked for;
// that it was delivered, only its recipient knows (12.2).
void GroupSession::report_failure(Turn& turn, const ReportKey& key, std::string_view recipient) {
  const auto* lost = ledger_.copy_failed(key, recipient);
  const auto* sender = known(key.sender);
  const auto* to = known(recipient);
  if (!lost || !sender || !to) return;

  auto original = *lost;
  cpim::set_from(original, {.display = sender->display, .uri = sender->address});
  const auto report =
      cpm::make_report(original, {.disposition = imdn::Disposition::delivery,
                                  .status = imdn::Status::failed,
                                  .recipient = {.uri = to->shown_address()},
                                  .message_id = random_hex(turn.world.random, id_octets),
                                  .date_time = turn.date_time()});
  if (!report) return;
  turn.world.log.info(
      "controlling", "9.2.12 not delivered: reported to the sender",
      {{"contribution", id_text()}, {"who", masked(recipient)}, {"sender", masked(key.sender)}});
  deliver_report(turn, *to, *sender, *report, ids_of_report(turn));
}

}  // namespace convene::controlling
