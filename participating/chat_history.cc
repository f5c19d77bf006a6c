#include "cpim/imdn_headers.h"
#include "cpim/message.h"
#include "cpm/content_types.h"
#include "cpm/identity.h"
#include "mime/content_type.h"
#include "participating/history.h"
#include "participating/recording.h"
#include "store/message_object.h"

// What is said in sessions: message objects in the session's folder. CPM 8.5.3, message-storage 3
namespace convene::participating {

namespace {

std::string type_of(std::string_view content_type) {
  const auto type = mime::parse_content_type(content_type);
  return type ? type->type : std::string{};
}

// Message-storage 2: of chat messages without Subject and P-Asserted-Service; in a group, From is
// who the focus says, and To the group or its member.
store::ObjectHeaders headers_for(const Recording& recording, const ServedUser& served, bool is_sent,
                                 const cpim::Message* message) {
  auto headers = recording.headers;
  headers.subject.clear();
  headers.asserted_service.clear();
  headers.direction = is_sent ? store::Direction::sent : store::Direction::received;
  headers.from = is_sent ? served.address : recording.other_party;
  headers.to = is_sent ? recording.other_party : served.address;
  if (is_sent || !recording.is_group || message == nullptr) return headers;
  const auto from = cpim::from_of(*message);
  if (!from) return headers;
  headers.from = cpm::is_anonymous(from->uri) ? "anonymous" : sip::address_of_record(from->uri);
  return headers;
}

}  // namespace

std::optional<store::RequestId> History::chat_passed(const Call& call, const MessagePassed& passed,
                                                     TimePoint now, Asks& asks) {
  if (!call.recording || !is_kept(call)) return std::nullopt;
  const auto& recording = *call.recording;
  const bool is_cpim = cpm::is_cpim(passed.content_type);
  const auto parsed = is_cpim ? cpim::parse_message(passed.octets)
                              : Result<cpim::Message>{fail(Fault::unsupported, "no CPIM")};
  const auto* message = parsed ? &*parsed : nullptr;
  const auto content =
      message != nullptr ? cpim::content_type_of(*message) : type_of(passed.content_type);
  if (content == cpm::composing_type) return std::nullopt;  // conversation 12 (5)

  auto headers = headers_for(recording, call.served, passed.from == call.served_side(), message);
  headers.date = to_mail_date(world_.calendar.at(now));
  headers.imdn_message_id = message != nullptr ? cpim::imdn_message_id(*message) : std::string{};
  if (headers.imdn_message_id.empty()) headers.imdn_message_id = random_token(world_.random, 16);

  store::Write what;
  what.folder =
      store::session_folder(settings_.folders, recording.headers.ids, one_to_one_party(recording));
  what.objects.push_back(
      is_cpim ? store::make_message_object(headers, passed.octets)
              : store::make_document_object(headers, passed.content_type, passed.octets));
  return write(std::move(what), call, asks);
}

}  // namespace convene::participating
