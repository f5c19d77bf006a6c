#include <algorithm>
#include <utility>

#include "client/core.h"
#include "cpm/service.h"
#include "sip/name_addr.h"

namespace convene::client {

using sip::Name;

namespace {

bool is_same_user(std::string_view one, std::string_view other) {
  return sip::address_of_record(one) == sip::address_of_record(other);
}

// The other side was asked, and does not want it; asking in another way would be a nuisance.
bool is_a_no(int status) {
  return status == 480 || status == 486 || status == 487 || status == 408 || status == 603;
}

}  // namespace

// A session of ours with files under way to the same destination: of a group, never (R4.1n).
std::optional<FileSessionId> Client::Core::file_session_to(const FileDestination& to) const {
  if (!settings.reuses_file_sessions || !to.list.empty()) return std::nullopt;
  for (const auto& [id, session] : file_sessions) {
    if (!session.is_ours || session.hang_up || session.group != to.group) continue;
    if (to.group == GroupId{} && !is_same_user(session.peer, to.address)) continue;
    const bool is_push = std::ranges::any_of(session.lines, [&](const auto& line) {
      return is_live(line) && find(*line)->direction == TransferDirection::sending;
    });
    if (is_push) return id;
  }
  return std::nullopt;
}

// CPM 7.4.1 (2) a, R4.2a: after the last octet of the last file, are there more files for the same
// destination? False: there are none.
bool Client::Core::offers_further_files(FileSessionId id, TimePoint now, Output& out) {
  auto& session = *find(id);
  if (!session.dialog || session.waiting.empty()) return false;

  const auto count = std::min(session.waiting.size(), settings.max_files_per_offer);
  const std::vector<TransferId> next(session.waiting.begin(),
                                     session.waiting.begin() + static_cast<std::ptrdiff_t>(count));
  session.waiting.erase(session.waiting.begin(),
                        session.waiting.begin() + static_cast<std::ptrdiff_t>(count));
  for (std::size_t i = 0; i < std::max(session.lines.size(), count); ++i) {
    if (i < session.lines.size() && session.lines[i]) {
      forget_file(*std::exchange(session.lines[i], std::nullopt), now, out);
    }
    if (i < count) {
      // (2) b i, R4.2b.i: an m-line is used again, for another file.
      if (i == session.lines.size()) session.lines.emplace_back();
      session.lines[i] = next[i];
      auto& transfer = *find(next[i]);
      transfer.line = i;
      transfer.state = TransferState::offered;
    } else if (session.offer.files[i]) {
      // (2) b ii, R4.2b.ii, RFC 5547 8.1: no longer needed: port 0, with the id it had.
      session.offer.files[i]->media.port = 0;
    }
  }
  write_offer(session, now);
  offer_again(id, now, out);
  return true;
}

// RFC 3264 8: the same description, with what has changed.
void Client::Core::offer_again(FileSessionId id, TimePoint now, Output& out) {
  auto& session = *find(id);
  session.offers_again = false;
  for (std::size_t i = 0; i < session.lines.size(); ++i) {
    if (session.offer.files[i] && session.lines[i] && !is_live(session.lines[i])) {
      session.offer.files[i]->media.port = 0;
    }
  }
  ++session.description_id.version;
  auto invite = sip::Message::request("INVITE", "");
  invite.add(Name::contact, contact(cpm::icsi::file_transfer));
  invite.add(Name::accept_contact, cpm::accept_contact(cpm::icsi::file_transfer));
  invite.add(Name::p_preferred_identity, own_name_addr());
  cpm::write_ids(invite, session.ids);
  invite.add(Name::supported, "timer");
  invite.add(Name::allow, allowed_methods);
  cpm::write_file_transfer_offer(invite, session.offer, session.description_id,
                                 surroundings.random);
  if (const auto description = cpm::description_of(invite)) {
    session.description = sdp::to_text(*description);
  }
  remember_reported(session);
  send_in(*session.dialog, std::move(invite), id, now, out);
}

// Who cannot use m-lines again gets the files in a session of their own.
void Client::Core::further_files_refused(FileSessionId id, const sip::Message& response,
                                         TimePoint now, Output& out) {
  auto& session = *find(id);
  std::vector<TransferId> offered;
  for (const auto& line : session.lines) {
    if (line && find(*line)->state == TransferState::offered) offered.push_back(*line);
  }
  if (offered.empty()) return file_is_over(id, now, out);  // an m-line should have been closed
  if (is_a_no(response.status())) {
    return fail_files(id, {.status = response.status(), .reason = explanation_of(response)}, now,
                      out);
  }
  const FileDestination to{.group = session.group, .address = session.peer, .ids = session.ids};
  for (const auto file : offered) {
    auto& transfer = *find(file);
    session.lines[transfer.line].reset();
    transfer.state = TransferState::waiting;
  }
  offered.insert(offered.end(), session.waiting.begin(), session.waiting.end());
  session.waiting.clear();
  end_files(id, now, out);
  start_files(to, offered, now, out);
}

}  // namespace convene::client
