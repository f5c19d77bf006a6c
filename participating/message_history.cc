#include "cpim/imdn_headers.h"
#include "cpm/session_offer.h"
#include "cpm/standalone_message.h"
#include "participating/participating_function_impl.h"
#include "participating/recording.h"
#include "store/message_object.h"

// Messages in pager mode, and reports that come the same way: message objects in the folder of
// their conversation. CPM 8.5.3, message-storage 6
namespace convene::participating {

std::optional<store::RequestId> History::message_passed(const Call& call,
                                                        const sip::Message& request, TimePoint now,
                                                        Asks& asks) {
  if (!settings_.history.has_store) return std::nullopt;
  const auto ids = cpm::read_ids(request);
  if (!ids || ids->conversation.empty() || ids->contribution.empty()) return std::nullopt;
  const auto content = cpm::read_pager_content(request);
  if (!content) return std::nullopt;

  auto headers = headers_of(request, call.served, *ids, world_.calendar.at(now));
  headers.imdn_message_id = cpim::imdn_message_id(content->message);
  if (headers.imdn_message_id.empty()) headers.imdn_message_id = random_token(world_.random, 16);
  const bool is_sent = headers.direction == store::Direction::sent;
  auto party = is_sent ? headers.to : headers.from;
  const bool is_group = cpm::recipient_list_of(request).has_value() ||
                        sessions_.with_focus(call.served.address, party) != nullptr;
  if (is_group) party.clear();
  if (!preferences_.keeps_history(call.served.address, party)) return std::nullopt;

  store::Write what;
  what.folder = store::conversation_folder(settings_.folders, *ids, party);
  what.objects.push_back(store::make_message_object(headers, cpim::to_text(content->message)));
  return write(std::move(what), call, asks);
}

// Message-UID of the message object, for its sender. Conversation 2
void ParticipatingFunction::Impl::message_passed(Turn& turn, sip::ServerTransactionId transaction,
                                                 const sip::Message& response) {
  if (response.status() / 100 != 2) return;
  const auto& exchange = exchanges_.at(transaction);
  const auto& call = calls_.at(exchange.call);
  const auto record = history_.message_passed(call, exchange.request, turn.now, turn.out.asks);
  if (record && call.served_side() == Side::caller) hold_answer(turn, transaction, *record);
}

}  // namespace convene::participating
