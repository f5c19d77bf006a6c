#include <algorithm>
#include <utility>

#include "client/core.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"
#include "sip/name_addr.h"

// A later offer in a file transfer session. RFC 5547 8.3.1, 8.6; conversation 14.2, 14.7
namespace convene::client {

namespace {

bool has_offer(const sip::Message& request) { return !request.body().empty(); }

// RFC 4028 7.4, RFC 5547 8.1: with the ids of before it is a repetition.
bool is_repetition(const sdp::SessionDescription& offer, const FileSession& session) {
  const auto& known = session.is_ours ? session.offer.files : session.answers;
  if (offer.media.size() != known.size()) return false;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const auto& line = offer.media[i];
    const bool was_open = known[i] && known[i]->media.port != 0;
    if ((line.port != 0) != was_open) return false;
    if (!was_open) continue;
    if (line.attributes.value("file-transfer-id").value_or("") != known[i]->file.transfer_id) {
      return false;
    }
  }
  return true;
}

}  // namespace

void Client::Core::files_offered_again(FileSessionId id, const sip::RequestReceived& event,
                                       TimePoint now, Output& out) {
  const auto& request = event.request;
  auto& session = *find(id);
  const auto repeat = [&] {
    respond(event.transaction,
            make_acceptance(request, cpm::icsi::file_transfer, session.description), now, out);
  };
  if (session.description.empty()) return answer(event.transaction, request, 488, now, out);
  if (!has_offer(request)) return repeat();
  const auto description = cpm::description_of(request);
  if (!description) return refuse(event.transaction, request, description.error(), now, out);

  const bool only_repeats = session.is_ours || request.method() == "UPDATE";
  if (only_repeats) {
    if (is_repetition(*description, session)) return repeat();
    return refuse(event.transaction, request, refusal(488, "other media in a session"), now, out);
  }
  auto offer = cpm::read_later_file_offer(request, settings.address_rule);
  if (!offer) return refuse(event.transaction, request, offer.error(), now, out);
  const auto& files = offer->files;
  if (files.size() < session.lines.size() || files.size() > max_known_files) {
    return refuse(event.transaction, request, refusal(488, "another number of m-lines"), now, out);
  }
  if (!has_room_for_files(files.size())) {
    return refuse(event.transaction, request, refusal(480, "too many transfers"), now, out);
  }
  session.hang_up.reset();
  session.lines.resize(files.size());
  session.answers.resize(files.size());
  session.pending = PendingOffer{.transaction = event.transaction,
                                 .request = request,
                                 .offer = *std::move(offer),
                                 .give_up = now + settings.invitation_timeout};
  offers.emplace(event.transaction, id);

  bool is_news = false;
  for (std::size_t i = 0; i < find(id)->lines.size(); ++i) {
    is_news = line_offered_again(id, i, now, out) || is_news;
  }
  if (!is_news) {
    return answer_offer(id, now, out);
  }
  accept_by_itself(id, now, out);
}

// RFC 5547 8.3.1: its id says whether it is a new file. True: it is, and the user shall say.
bool Client::Core::line_offered_again(FileSessionId id, std::size_t line, TimePoint now,
                                      Output& out) {
  auto& session = *find(id);
  const auto& offered = session.pending->offer.files[line];
  if (!offered) {  // port 0: no longer needed, or taken back. R4.2b.ii
    close_line(id, line, "its sender took it back", now, out);
    return false;
  }
  const auto& file = offered->file;
  const auto known = std::ranges::find(session.known, file.transfer_id, &KnownFile::transfer_id);
  if (known != session.known.end()) {
    const auto& answer = session.answers[line];
    const bool is_here = answer && answer->file.transfer_id == file.transfer_id;
    if (is_here && known->selector == file.selector) return false;  // a repetition: nothing happens
    surroundings.log.info("client", "RFC 5547 8.3.1 a known id for another file: refused");
    close_line(id, line, "its sender confused it with another", now, out);
    return false;
  }
  // Another id, so another transfer: it takes the place of what was there. R4.2b.i
  close_line(id, line, "another file takes its place", now, out);
  const auto why = why_not(*offered, false, sip::address_of_record(find(id)->from.address));
  if (why) {
    surroundings.log.info("client", "refused: " + why->detail);
    return false;
  }
  tell_offer(take_line(id, line), out);
  return true;
}

void Client::Core::close_line(FileSessionId id, std::size_t line, std::string why, TimePoint now,
                              Output& out) {
  const auto file = find(id)->lines[line];
  find(id)->answers[line].reset();
  find(id)->lines[line].reset();
  if (!file) return;
  if (is_live(file)) tell_failure(*file, {.reason = std::move(why)}, now, out);
  forget_file(*file, now, out);
}

}  // namespace convene::client
