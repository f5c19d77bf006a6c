#include <algorithm>

#include "cpm/service.h"
#include "participating/history.h"
#include "participating/recording.h"
#include "sip/uri.h"
#include "store/file_transfer_history.h"
#include "store/session_info.h"

// CPM 8.3.3.2 CPM File Transfer Session Closing: what is stored of it.
namespace convene::participating {

namespace {

constexpr std::string_view boundary = "cpm";

// Message-storage 3.2: what came over. Where nothing passes through us only the end is known.
std::string_view outcome_of(const Recording& recording, bool is_anchored, bool is_broken_off) {
  if (!is_anchored) return is_broken_off ? store::flag::ft_failed : std::string_view{};
  const auto is_delivered = [](const Recording::File& file) {
    return file.content && file.content->is_delivered;
  };
  const auto has_octets = [](const Recording::File& file) {
    return file.content && file.content->octets > 0;
  };
  if (!recording.files.empty() && std::ranges::all_of(recording.files, is_delivered))
    return store::flag::ft_complete;
  return std::ranges::any_of(recording.files, has_octets) ? store::flag::ft_partial
                                                          : store::flag::ft_failed;
}

}  // namespace

// R5.1b: whether it was in a session, running or not. G-12: who sends files with ids of their own
// names the focus. A13: of a group session that we do not know any more there are the transfer's.
std::optional<History::Session> History::session_of(const Call& call) {
  const auto& recording = *call.recording;
  const auto& ids = recording.headers.ids;
  const auto* known = recording.is_group
                          ? sessions_.with_focus(call.served.address, recording.other_party)
                          : nullptr;
  if (const auto* same = sessions_.with_ids(call.served.address, ids)) known = same;
  if (known != nullptr) return Session{.ids = known->ids, .subject = known->subject};
  if (recording.is_group && !recording.is_to_list) return Session{.ids = ids, .subject = {}};
  return std::nullopt;
}

// R5.1b2, A13: from what the transfer's INVITE said.
store::Object History::session_info_of_transfer(const Recording& recording,
                                                const Session& session) const {
  auto headers = recording.headers;
  headers.ids = session.ids;
  headers.subject = session.subject;
  headers.accept_contact = {cpm::accept_contact(cpm::icsi::session)};
  headers.imdn_message_id = "si-" + random_token(world_.random, 16);
  const store::SessionInfo info{.type = recording.type,
                                .invited_participants = {recording.other_party}};
  auto object = store::make_session_info_object(headers, info);
  object.flags.emplace_back(store::flag::created_by_ft);
  return object;
}

// With the files that came over whole and are not too large; of others it says only that they were
// to be transferred.
Result<store::Object> History::transfer_object(Recording& recording, bool is_anchored,
                                               bool is_broken_off) {
  const auto own = sip::parse_uri(settings_.uri);
  const std::string host = own ? own->host : "localhost";
  store::FileTransferHistory history{.type = recording.type,
                                     .invited_participants = recording.invited};
  for (auto& file : recording.files) {
    const auto number = std::to_string(history.files.size() + 1);
    history.files.push_back({.content_id = "part" + number + "@" + host,
                             .sdp = file.lines,
                             .content = content_of(file)});
  }
  auto made = store::make_file_transfer_history_object(recording.headers, history, boundary);
  if (!made)  // a peer's words hold the boundary
    made = store::make_file_transfer_history_object(recording.headers, history,
                                                    random_token(world_.random, 24));
  const auto outcome = outcome_of(recording, is_anchored, is_broken_off);
  if (made && !outcome.empty()) made->flags.emplace_back(outcome);
  return made;
}

std::optional<store::RequestId> History::file_transfer_ends(Call& call, const sip::Message* bye,
                                                            Asks& asks) {
  auto& recording = *call.recording;
  auto object = transfer_object(recording, call.is_anchored, bye == nullptr);
  if (!hands_over(recording, object)) return std::nullopt;
  store::Write what;
  what.objects.push_back(*std::move(object));
  const auto party = one_to_one_party(recording);
  if (const auto session = session_of(call)) {
    // (b) In a session: in its folder, which is made with a Session Info Object when there is none.
    what.folder = store::session_folder(settings_.folders, session->ids, party);
    what.session_info = session_info_of_transfer(recording, *session);
  } else {
    // (a) Not in a session: in the conversation's folder.
    what.folder = store::conversation_folder(settings_.folders, recording.headers.ids, party);
  }
  return write(std::move(what), call, asks);
}

}  // namespace convene::participating
