#include <algorithm>

#include "base/text.h"
#include "conference/conference_info.h"
#include "cpm/session_offer.h"
#include "groups/resource_list.h"
#include "participating/history.h"
#include "participating/recording.h"
#include "sip/fields.h"
#include "sip/uri.h"
#include "store/group_state.h"
#include "store/session_info.h"

// The history of a session: its folder, its Session Info Object at the beginning, and of a group
// the Group State Object at the end. CPM 8.5.3, message-storage 6
namespace convene::participating {

namespace {

// Not who only lost the connection: that one is a member still. RFC 4575 5.7.4, conversation 6.7
bool has_left(const conference::User& user) {
  using Method = conference::DisconnectionMethod;
  if (user.state == conference::State::deleted) return true;
  return !user.endpoints.empty() && std::ranges::all_of(user.endpoints, [](const auto& endpoint) {
    return endpoint.disconnection_method == Method::departed ||
           endpoint.disconnection_method == Method::booted;
  });
}

// RFC 4575 4.6: brings what we know of the participants up to date. Versions are the client's
// business.
void apply_to(std::vector<store::GroupState::Participant>& known,
              const conference::ConferenceInfo& document) {
  if (!document.users) return;
  const auto is_full = [](const auto& state) {
    return !state || *state == conference::State::full;
  };
  if (is_full(document.state) && is_full(document.users->state)) known.clear();
  for (const auto& user : document.users->list) {
    const auto address = sip::address_of_record(user.entity);
    std::erase_if(known, [&](const auto& one) { return one.comm_addr == address; });
    if (has_left(user) || known.size() >= max_recorded_participants) continue;
    known.push_back({.name = user.display_text, .comm_addr = address});
  }
}

// Who leaves for good, and a group that is no more, need no way back. Conversation 6.7, G-25
bool is_for_good(const sip::Message* bye) {
  if (bye == nullptr) return false;
  const auto reason = sip::parse_reason(bye->header(sip::Name::reason));
  return reason && iequals(reason->protocol, "SIP") &&
         (reason->cause == 200 || reason->cause == 410);
}

}  // namespace

void History::remember(const Call& call) {
  const auto& recording = *call.recording;
  KnownSession session{.user = call.served.address,
                       .ids = recording.headers.ids,
                       .other_party = recording.other_party,
                       .is_group = recording.is_group,
                       .subject = recording.headers.subject};
  if (recording.is_to_list)
    for (const auto& uri : recording.invited) session.participants.push_back({.comm_addr = uri});
  sessions_.remember(std::move(session));
}

// The session's folder, with its Session Info Object, which is stored only once.
store::Write History::session_write(const Recording& recording) const {
  const store::SessionInfo info{.type = recording.type,
                                .sdp = recording.description,
                                .invited_participants = recording.invited};
  store::Write what;
  what.folder =
      store::session_folder(settings_.folders, recording.headers.ids, one_to_one_party(recording));
  what.session_info = store::make_session_info_object(recording.headers, info);
  return what;
}

// At the beginning, so that the UID is known early.
std::optional<store::RequestId> History::session_begins(Call& call, Asks& asks) {
  return write(session_write(*call.recording), call, asks);
}

// CPM 8.3.2.3: the Session Info Object again, for its UID.
std::optional<store::RequestId> History::session_ends(Call& call, const sip::Message* bye,
                                                      TimePoint now, Asks& asks) {
  auto what = session_write(*call.recording);
  if (auto state = group_state(call, bye, now)) what.objects.push_back(*std::move(state));
  return write(std::move(what), call, asks);
}

// Open unless somebody says otherwise: nothing in the signalling tells (G-27).
std::optional<store::Object> History::group_state(const Call& call, const sip::Message* bye,
                                                  TimePoint now) {
  const auto& recording = *call.recording;
  if (!recording.is_group || is_for_good(bye)) return std::nullopt;
  const auto wall = world_.calendar.at(now);
  store::GroupState state{.timestamp = to_rfc3339(wall),
                          .last_focus_session_id = recording.other_party};
  if (const auto* known = sessions_.with_ids(call.served.address, recording.headers.ids))
    state.participants = known->participants;

  auto headers = recording.headers;
  headers.date = to_mail_date(wall);
  headers.subject.clear();
  headers.asserted_service.clear();
  headers.imdn_message_id = random_token(world_.random, 16);
  return store::make_group_state_object(headers, state);
}

void History::notified(const Call& call, const sip::Message& notify) {
  if (!settings_.history.has_store) return;
  const auto event = sip::parse_event(notify.header(sip::Name::event));
  if (!event || event->package != "conference" || notify.body().empty()) return;
  auto* known = sessions_.with_focus(call.served.address, call.target);
  if (known == nullptr) return;
  if (const auto document = conference::parse_conference_info(notify.body()))
    apply_to(known->participants, *document);
}

}  // namespace convene::participating
