#include "participating/recording.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cpm/capabilities.h"
#include "cpm/file_transfer_offer.h"
#include "cpm/identity.h"
#include "cpm/ids.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"
#include "groups/resource_list.h"
#include "mime/multipart.h"
#include "participating/rewriting.h"
#include "sip/name_addr.h"

namespace convene::participating {

namespace {

// RFC 3261 20.17 has GMT where RFC 5322 3.3 has +0000.
std::string date_of(const sip::Message& request, WallTime now) {
  const auto date = request.header(sip::Name::date);
  if (!date.ends_with(" GMT")) return to_mail_date(now);
  return std::string{date.substr(0, date.size() - 3)} + "+0000";
}

std::string address_in(std::string_view name_addr) {
  const auto parsed = sip::parse_name_addr(name_addr);
  return parsed ? sip::address_of_record(parsed->uri) : std::string{};
}

// CPM 8.5.3, From: Referred-By, else P-Asserted-Identity; hidden: literally "anonymous".
std::string originator_of(const sip::Message& invite, const ServedUser& served) {
  if (served.session_case == SessionCase::originating) return served.address;
  if (cpm::asks_for_anonymity(invite)) return "anonymous";
  if (auto referrer = address_in(invite.header(sip::Name::referred_by)); !referrer.empty())
    return referrer;
  if (const auto asserted = cpm::authenticated_originator(invite))
    return sip::address_of_record(asserted->uri);
  return address_in(invite.header(sip::Name::from));
}

store::SessionType group_type(std::string_view identity,
                              const std::vector<std::string>& predefined_hosts) {
  const auto uri = sip::parse_uri(identity);
  const bool is_predefined = uri && std::ranges::any_of(predefined_hosts, [&](const auto& host) {
                               return iequals(host, uri->host);
                             });
  return is_predefined ? store::SessionType::pre_defined : store::SessionType::ad_hoc;
}

void set_focus(Recording& recording, const sip::Message& message,
               const std::vector<std::string>& predefined_hosts) {
  recording.is_group = true;
  recording.other_party = sip::address_of_record(contact_of(message));
  recording.type = group_type(recording.other_party, predefined_hosts);
}

std::string description_text(const sip::Message& message) {
  const auto parts = mime::leaves_of(message.header(sip::Name::content_type), message.body());
  if (!parts) return {};
  const auto* part = mime::find_by_type(*parts, "application/sdp");
  if (part == nullptr || part->body.size() > max_recorded_description ||
      !sdp::parse_session_description(part->body))
    return {};
  return part->body;
}

std::vector<std::string> listed_in(const sip::Message& invite) {
  std::vector<std::string> uris;
  const auto body = cpm::recipient_list_of(invite);
  if (!body) return uris;
  const auto list = groups::parse_resource_list(*body, max_recorded_participants);
  if (!list) return uris;
  for (const auto& entry : list->entries) uris.push_back(sip::address_of_record(entry.uri));
  return uris;
}

// What the File Transfer History Object says of an m-line: flow F6.2b.
std::string file_lines(const sdp::Media& media) {
  constexpr auto kept =
      std::to_array<std::string_view>({"sendonly", "recvonly", "sendrecv", "file-selector",
                                       "file-disposition", "file-date", "file-range"});
  std::string lines;
  const auto add = [&lines](std::string_view line) {
    lines += (lines.empty() ? "" : "\r\n") + std::string{line};
  };
  for (const auto& line : media.others)
    if (line.type == 'i') add("i=" + line.value);
  for (const auto& [name, value] : media.attributes.all())
    if (std::ranges::find(kept, name) != kept.end())
      add("a=" + name + (value ? ":" + *value : std::string{}));
  return lines;
}

void read_wrapper(Recording& recording, const sip::Message& invite) {
  const auto offer = cpm::read_file_transfer_offer(invite, cpm::AddressRule::may_differ);
  if (!offer) return;
  const auto& wrapper = offer->files[offer->first_file()]->wrapper;
  if (wrapper) recording.headers.imdn_message_id = cpim::imdn_message_id(*wrapper);
}

}  // namespace

// CPM 8.5.3: the headers that all objects share
store::ObjectHeaders headers_of(const sip::Message& request, const ServedUser& served,
                                const cpm::Ids& ids, WallTime now) {
  const bool is_sent = served.session_case == SessionCase::originating;
  store::ObjectHeaders headers;
  headers.from = originator_of(request, served);
  headers.to = is_sent ? sip::address_of_record(request.uri()) : served.address;
  headers.date = date_of(request, now);
  headers.subject = request.header(sip::Name::subject);
  headers.ids = ids;
  headers.asserted_service = request.header(sip::Name::p_asserted_service);
  if (headers.asserted_service.empty())
    headers.asserted_service = request.header(sip::Name::p_preferred_service);
  headers.accept_contact = values_of(request, sip::Name::accept_contact);
  headers.direction = is_sent ? store::Direction::sent : store::Direction::received;
  return headers;
}

std::optional<Recording> recording_of(const sip::Message& invite, const ServedUser& served,
                                      const std::vector<std::string>& predefined_hosts,
                                      WallTime now) {
  const auto service = cpm::service_of(invite);
  const bool is_large_message = service == cpm::Service::large_message;
  if (service != cpm::Service::session && service != cpm::Service::file_transfer &&
      !is_large_message)
    return std::nullopt;
  const auto ids = cpm::read_ids(invite);
  if (!ids || ids->conversation.empty() || ids->contribution.empty()) return std::nullopt;

  Recording recording;
  const bool is_sent = served.session_case == SessionCase::originating;
  recording.headers = headers_of(invite, served, *ids, now);
  recording.other_party = is_sent ? recording.headers.to : recording.headers.from;
  recording.invited = listed_in(invite);
  recording.is_to_list = !recording.invited.empty();
  if (recording.is_to_list) recording.type = store::SessionType::ad_hoc;
  if (!is_sent && cpm::capabilities_of(invite).is_focus)
    set_focus(recording, invite, predefined_hosts);
  if (service == cpm::Service::file_transfer) {
    recording.kind = Recording::Kind::file_transfer;
    read_wrapper(recording, invite);
  } else if (is_large_message) {
    recording.kind = Recording::Kind::large_message;
  } else {
    recording.description = description_text(invite);
  }
  return recording;
}

void accepted(Recording& recording, const sip::Message& invite, const sip::Message& response,
              const std::vector<std::string>& predefined_hosts) {
  recording.has_begun = true;
  if (recording.headers.direction == store::Direction::sent) {
    if (const auto answerer = cpm::authenticated_originator(response))
      recording.headers.to = sip::address_of_record(answerer->uri);
    if (cpm::capabilities_of(response).is_focus) set_focus(recording, response, predefined_hosts);
  }
  if (recording.kind == Recording::Kind::file_transfer) add_files(recording, invite, response);
  if (recording.kind == Recording::Kind::large_message) recording.files = {{}};
  if (recording.invited.empty()) recording.invited = {recording.other_party};
}

void add_files(Recording& recording, const sip::Message& offer, const sip::Message& answer) {
  const auto offered = cpm::description_of(offer);
  const auto answered = cpm::description_of(answer);
  if (!offered) return;
  for (std::size_t i = 0; i < offered->media.size(); ++i) {
    const auto file = sdp::file_of(offered->media[i]);
    if (!file || !*file || offered->media[i].port == 0) continue;
    const bool is_refused = answered && i < answered->media.size() && answered->media[i].port == 0;
    const bool is_known = std::ranges::find(recording.files, (*file)->transfer_id,
                                            &Recording::File::transfer_id) != recording.files.end();
    if (is_refused || is_known || recording.files.size() >= max_recorded_files) continue;
    recording.files.push_back({.transfer_id = (*file)->transfer_id,
                               .lines = file_lines(offered->media[i]),
                               .line = i,
                               .is_rest = !sdp::is_whole(**file)});
  }
}

}  // namespace convene::participating
