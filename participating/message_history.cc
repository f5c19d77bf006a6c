#include <span>

#include "cpim/imdn_headers.h"
#include "cpm/content_types.h"
#include "cpm/session_offer.h"
#include "cpm/standalone_message.h"
#include "participating/participating_function_impl.h"
#include "participating/recording.h"
#include "store/message_object.h"

// Messages in pager mode, reports that come the same way, and messages in large message mode:
// message objects in the folder of their conversation. CPM 8.5.3, message-storage 6
namespace convene::participating {

namespace {

constexpr std::uint64_t max_text_object = 65'536;  // octets of CPIM; beyond: straight from the body
constexpr std::uint64_t max_cpim_headers = 16'384;

Result<std::string> read(msrp::BodyStore& bodies, msrp::BodyId body, std::uint64_t octets) {
  std::string text(octets, '\0');
  std::size_t have = 0;
  while (have < text.size()) {
    const auto count =
        TRY(bodies.read(body, have, std::as_writable_bytes(std::span{text}.subspan(have))));
    if (count == 0) return fail(Fault::closed, "a body that is shorter than what came");
    have += count;
  }
  return text;
}

// The message with this content, which may be a file that stays where it is.
Result<store::Object> object_of(store::ObjectHeaders headers,
                                const Recording::File::Content& content, msrp::BodyStore& bodies,
                                Random& random) {
  const auto beginning = TRY(read(bodies, content.body, std::min(content.octets, max_text_object)));
  const bool is_cpim = cpm::is_cpim(content.type);
  const auto end = cpim::content_begin(beginning.substr(0, max_cpim_headers));
  if (is_cpim && end) {
    if (const auto wrapper = cpim::parse_message(std::string_view{beginning}.substr(0, *end)))
      headers.imdn_message_id = cpim::imdn_message_id(*wrapper);
  }
  if (headers.imdn_message_id.empty()) headers.imdn_message_id = random_token(random, 16);
  if (is_cpim && content.octets <= max_text_object)
    return store::make_message_object(headers, beginning);
  const auto type = is_cpim ? store::message_type : std::string_view{content.type};
  return store::make_document_object(
      headers, type, store::FileContent{.body = content.body, .octets = content.octets});
}

}  // namespace

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

// CPM 8.5.3, conversation 13: what came over whole, and nothing of what did not.
std::optional<store::RequestId> History::large_message_ends(Call& call, Asks& asks) {
  auto& recording = *call.recording;
  const auto* file = recording.files.empty() ? nullptr : &recording.files.front();
  if (file == nullptr || !file->content || !file->content->is_delivered) {
    drop_files(recording, nullptr);
    return std::nullopt;
  }
  auto object = object_of(recording.headers, *file->content, bodies_, world_.random);
  if (!hands_over(recording, object)) return std::nullopt;
  store::Write what;
  what.folder = store::conversation_folder(settings_.folders, recording.headers.ids,
                                           one_to_one_party(recording));
  what.objects.push_back(*std::move(object));
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
