#include "participating/history.h"

#include <utility>

#include "base/text.h"
#include "participating/recording.h"
#include "sip/fields.h"

namespace convene::participating {

History::History(const Settings& settings, const Preferences& preferences, Surroundings world,
                 msrp::BodyStore& bodies)
    : settings_{settings},
      preferences_{preferences},
      world_{world},
      sessions_{settings.history.max_sessions_of_user, settings.history.max_sessions},
      bodies_{bodies},
      recorder_{settings.history, world, bodies} {}

void History::begins(Call& call, const sip::Message& request, TimePoint now) const {
  if (!settings_.history.has_store || call.method != "INVITE") return;
  call.recording = recording_of(request, call.served, settings_.history.predefined_hosts,
                                world_.calendar.at(now));
  if (call.recording && call.recording->headers.imdn_message_id.empty())
    call.recording->headers.imdn_message_id = random_token(world_.random, 16);
}

void History::accepted(Call& call, const sip::Message& invite, const sip::Message& response,
                       Asks& asks) {
  if (!call.recording || call.recording->has_begun) return;
  participating::accepted(*call.recording, invite, response, settings_.history.predefined_hosts);
  if (call.recording->kind != Recording::Kind::session) return;
  remember(call);
  if (is_kept(call)) session_begins(call, asks);
}

// CPM 7.4.1 (2): further files in the same session.
void History::accepted_again(Call& call, const sip::Message& invite, const sip::Message& response) {
  if (call.recording && call.recording->kind == Recording::Kind::file_transfer)
    add_files(*call.recording, invite, response);
}

std::optional<store::RequestId> History::over(Call& call, const sip::Message* bye, TimePoint now,
                                              Asks& asks) {
  if (!call.recording || !call.recording->has_begun) return std::nullopt;
  if (std::exchange(call.recording->is_over, true)) return call.record;
  if (!is_kept(call)) {
    drop_files(*call.recording, nullptr);
    return std::nullopt;
  }
  switch (call.recording->kind) {
    case Recording::Kind::session: call.record = session_ends(call, bye, now, asks); break;
    case Recording::Kind::file_transfer: call.record = file_transfer_ends(call, bye, asks); break;
    case Recording::Kind::large_message: call.record = large_message_ends(call, asks); break;
  }
  return call.record;
}

// R5.1: groups are no "other party" to which a rule could apply.
bool History::is_kept(const Call& call) const {
  return preferences_.keeps_history(call.served.address, one_to_one_party(*call.recording));
}

std::string History::one_to_one_party(const Recording& recording) const {
  return recording.is_group || recording.is_to_list ? std::string{} : recording.other_party;
}

std::optional<store::RequestId> History::write(store::Write write, const Call& call, Asks& asks) {
  auto account = store::account_of(settings_.account, call.served.address);
  if (!account) {
    world_.log.warning("participating", "history is lost: " + account.error().detail,
                       {{"served", masked(call.served.address)}});
    recorder_.release(write);
    return std::nullopt;
  }
  write.account = *std::move(account);
  return recorder_.write(std::move(write), asks);
}

std::optional<store::Uid> History::message_uid(const store::Answer& answer) {
  if (!answer) return std::nullopt;
  const auto* written = std::get_if<store::Written>(&*answer);
  if (written == nullptr) return std::nullopt;
  if (written->session_info) return written->session_info;  // R5.1c
  if (written->objects.empty()) return std::nullopt;
  return written->objects.front();  // A12
}

}  // namespace convene::participating
