#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "base/random.h"
#include "client/core.h"
#include "client/member_list.h"
#include "cpim/imdn_headers.h"
#include "cpm/file_parts.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"
#include "cpm/standalone_message.h"
#include "mime/content_type.h"
#include "mime/part.h"
#include "sip/name_addr.h"

namespace convene::client {

using sip::Name;

namespace {

mime::Part icon_part(const Thumbnail& thumbnail, std::string_view content_id) {
  return {.headers = {{"Content-Type", thumbnail.type},
                      {"Content-Transfer-Encoding", "base64"},
                      {"Content-ID", "<" + std::string{content_id} + ">"},
                      {"Content-Disposition", "icon"}},
          .body = to_base64(thumbnail.octets)};
}

}  // namespace

sdp::FileSelector selector_of(const FileToSend& file) {
  sdp::FileSelector selector{.name = file.name, .size = file.size, .type = file.type};
  if (!file.sha1.empty()) selector.hashes = {{.algorithm = "sha-1", .octets = file.sha1}};
  return selector;
}

// CPM 7.4.1 CPM File Transfer Session Initiation, before any signalling.
Result<> Client::Core::can_send(const FileToSend& file) const {
  TRY(can_offer());
  // (1) f, R4.1f
  if (file.size > settings.max_file_size) {
    return fail(Fault::too_large, "larger than the Max File Transfer Size");
  }
  // (1) d i, R4.1d.i: a file that is pushed has a name, a size and a type.
  if (file.name.empty() || file.name.find('\0') != std::string::npos) {
    return fail(Fault::malformed, "a file needs a name");
  }
  TRY(mime::parse_content_type(file.type));
  if (file.size == 0) return fail(Fault::unsupported, "an empty file");
  if (!file.sha1.empty() && file.sha1.size() != 20) return fail(Fault::malformed, "no SHA-1");
  if (file.begun > 0 && (file.begun >= file.size || file.sha1.empty())) {
    return fail(Fault::malformed, "a rest of nothing, or of a file without a hash");
  }
  return {};
}

Result<> Client::Core::can_exchange_files(const FileDestination& with, std::size_t count) const {
  if (!settings.services.file_transfer) {
    return fail(Fault::unsupported, "we do not transfer files");
  }
  if (!has_room_for_files(count)) return fail(Fault::out_of_order, "too many transfers");
  if (with.group != GroupId{}) {
    const auto* group = find(with.group);
    if (!group) return fail(Fault::not_found, "no such session");
    if (group->state == SessionState::invited) return fail(Fault::out_of_order, "an invitation");
    if (!group->is_group && group->peer.empty()) {
      return fail(Fault::unsupported, "whom we talk to stays unknown");
    }
    return group->state == SessionState::active ? can_receive_files(*group) : Result<>{};
  }
  if (!with.list.empty()) return can_exchange_files(with.list, count);
  const auto uri = TRY(sip::parse_uri(with.address));
  if (!uri.is_sip() && !uri.is_tel()) return fail(Fault::unsupported, "no CPM address");
  if (sip::address_of_record(uri) == own_address_of_record) {
    return fail(Fault::unsupported, "a transfer to ourselves");
  }
  return {};
}

// R3.0, RFC 5366: through the conference factory. A24: one file to a transfer.
Result<> Client::Core::can_exchange_files(const std::vector<std::string>& list,
                                          std::size_t count) const {
  if (count > 1) return fail(Fault::unsupported, "one file to a transfer to several");
  if (settings.conference_factory.empty()) {
    return fail(Fault::not_found, "no conference factory is known");
  }
  TRY(members_of(list, own_address_of_record));
  return {};
}

// Those that are over wait only for the end of their session.
bool Client::Core::has_room_for_files(std::size_t count) const {
  const auto live = std::ranges::count_if(
      transfers, [](const auto& one) { return one.second.state != TransferState::over; });
  return static_cast<std::size_t>(live) + count <= settings.max_transfers;
}

TransferId Client::Core::add_file(GroupId group, FileToSend file) {
  const TransferId id{++last_number};
  auto& transfer = transfers[id];
  transfer.direction = TransferDirection::sending;
  transfer.group = group;
  transfer.name = file.name;
  transfer.type = file.type;
  transfer.size = file.size;
  transfer.begun = file.begun;
  transfer.sha1 = file.sha1;
  transfer.file = std::move(file);
  return id;
}

// CPM 7.4.1, R4.1: to one user, in a session between two or outside of any.
Result<std::vector<TransferId>> Client::send_files(const FileDestination& to,
                                                   std::vector<FileToSend> files, TimePoint now,
                                                   Output& out) {
  if (files.empty()) return fail(Fault::malformed, "no file");
  for (const auto& file : files) TRY(core_->can_send(file));
  TRY(core_->can_exchange_files(to, files.size()));
  const auto* group = core_->find(to.group);
  if (group && group->is_group) {
    if (files.size() > 1) {  // R4.1n
      return fail(Fault::unsupported, "one file to a transfer in a group");
    }
    return std::vector{TRY(send_file(to.group, std::move(files.front()), now, out))};
  }

  std::vector<TransferId> ids;
  ids.reserve(files.size());
  for (auto& file : files) ids.push_back(core_->add_file(to.group, std::move(file)));
  if (group &&
      (group->state == SessionState::creating || group->state == SessionState::accepting)) {
    auto& waiting = core_->find(to.group)->waiting_files;
    waiting.insert(waiting.end(), ids.begin(), ids.end());
  } else if (const auto session = core_->file_session_to(to)) {  // (2) a, R4.2a
    auto& waiting = core_->find(*session)->waiting;
    waiting.insert(waiting.end(), ids.begin(), ids.end());
    for (const auto id : ids) core_->find(id)->session = *session;
  } else {
    core_->start_files(to, ids, now, out);
  }
  return ids;
}

// A session for these files: an m-line to each (R4.1e), and the rest when they are through.
void Client::Core::start_files(const FileDestination& to, const std::vector<TransferId>& files,
                               TimePoint now, Output& out) {
  const FileSessionId id{++last_number};
  auto& session = file_sessions[id];
  session.peer = to.list.empty() ? to.address : settings.conference_factory;
  session.list = to.list;
  session.ids = to.ids;
  if (const auto* group = find(to.group)) {
    session.group = to.group;
    // CPM 7.4.1.1 (2) a, R4.7a: to the Group Session Identity. (1): between two, to the other user.
    session.peer = group->is_group ? group->focus : group->peer;
    session.ids = {.conversation = group->ids.conversation, .contribution = {}, .in_reply_to = {}};
    if (group->state == SessionState::active) {
      // (2) b, c, R4.7b, R4.7c; (1), R4.6: the ids of the session.
      session.ids.contribution = group->ids.contribution;
      session.capabilities = group->capabilities;
    }
  }
  for (const auto file : files) {
    auto& transfer = *find(file);
    transfer.session = id;
    if (session.lines.size() == settings.max_files_per_offer) {
      session.waiting.push_back(file);
      continue;
    }
    transfer.state = TransferState::offered;
    transfer.line = session.lines.size();
    session.lines.emplace_back(file);
  }
  session.description_id = new_description_id();
  write_offer(session, now);
  invite_for_files(id, now, out);
}

// RFC 5547 8.1: (1) d, R4.1d; R4.1e: each with an id and an MSRP session of its own.
cpm::FileMedia Client::Core::new_line(const FileTransfer& transfer) const {
  cpm::FileMedia line{.media = new_media(offered_setup(), offers_tls()), .file = {}};
  line.file.transfer_id = cpm::new_transfer_id(surroundings.random);
  if (transfer.begun > 0) {  // conversation 14.10
    line.file.range = sdp::FileRange{.first = transfer.begun + 1, .last = transfer.size};
  }
  if (transfer.direction == TransferDirection::receiving) {  // (1) d ii, R4.1d.ii
    const auto known = transfer.type.empty() ? std::string{"*"} : transfer.type;
    line.media.direction = sdp::Direction::recvonly;
    line.media.accept_types = {"message/cpim", known};
    line.media.accept_wrapped_types = {known};
    line.media.max_size = settings.max_file_size;
    line.file.selector = transfer.wanted;
    return line;
  }
  const auto type = mime::parse_content_type(transfer.file->type)->type;
  line.media.direction = sdp::Direction::sendonly;
  line.media.accept_types = {"message/cpim", type};  // conversation 14.3
  line.media.accept_wrapped_types = {type};
  line.file.selector = selector_of(*transfer.file);
  line.file.disposition = transfer.file->disposition;
  return line;
}

// (1) g, R4.1g: each file its own (R4.1e).
void Client::Core::add_icon(const FileSession& session, const FileTransfer& transfer,
                            cpm::FileMedia& line) {
  if (!transfer.file) return;
  const auto& thumbnail = transfer.file->thumbnail;
  const bool fits = thumbnail && cpm::is_icon_type(thumbnail->type) && !thumbnail->octets.empty() &&
                    thumbnail->octets.size() <= cpm::max_icon_octets;
  if (!fits || !settings.services.thumbnail || !session.capabilities.thumbnail) return;
  line.file.icon = "icon-" + random_hex(surroundings.random, 8) + "@" + addresses.msrp.host;
  line.icon = icon_part(*thumbnail, line.file.icon);
}

// (1) h, R4.1h; 7.4.1.1 (2) f, R4.7f; conversation 14.6: one to a file, with an imdn.Message-ID of
// its own.
void Client::Core::add_wrapper(const FileSession& session, FileTransfer& transfer,
                               cpm::FileMedia& line, TimePoint now) {
  transfer.imdn_id.clear();
  if (!transfer.file || !transfer.file->wants.any() || !settings.services.store_and_forward) return;
  const auto* group = find(session.group);
  const bool is_for_group = group && group->is_group;
  if (is_for_group && !session.capabilities.store_and_forward) return;  // R4.7d
  transfer.imdn_id = new_imdn_id();
  line.wrapper = cpm::file_wrapper(transfer.imdn_id, date_time(now), transfer.file->wants,
                                   transfer.file->type);
}

void Client::Core::remember_reported(const FileSession& session) {
  for (const auto& file : session.offer.files) {
    if (!file || !file->wrapper) continue;
    const auto imdn_id = cpim::imdn_message_id(*file->wrapper);
    if (session.group != GroupId{}) {
      remember_reported(imdn_id, session.group);
    } else {
      remember_reported(imdn_id, session.list.empty() ? std::vector{session.peer} : session.list);
    }
  }
}

// CPM 7.4.1 (1) a-h: what is new in it. What the other side cannot do is not offered (R4.7d).
void Client::Core::write_offer(FileSession& session, TimePoint now) {
  cpm::remove_icons(session.offer);
  cpm::remove_wrappers(session.offer);
  session.offer.files.resize(session.lines.size());
  for (std::size_t i = 0; i < session.lines.size(); ++i) {
    auto* transfer = session.lines[i] ? find(*session.lines[i]) : nullptr;
    if (!transfer || transfer->state != TransferState::offered) continue;
    auto line = new_line(*transfer);
    add_icon(session, *transfer, line);
    add_wrapper(session, *transfer, line, now);
    transfer->ours = line.media;
    session.offer.files[i] = std::move(line);
  }
}

// R4.1: as a session, with what RFC 5547 says of files. (1) a, b, c: R4.1a, R4.1b, R4.1c, A7
sip::Message Client::Core::make_file_invite(FileSession& session) {
  const auto service =
      settings.profile == Profile::strict ? cpm::icsi::session : cpm::icsi::file_transfer;
  auto invite = make_invite(session.peer, cpm::icsi::file_transfer, service, {});
  auto& ids = session.ids;
  if (ids.conversation.empty()) ids.conversation = cpm::new_conversation_id(surroundings.random);
  if (ids.contribution.empty()) {
    ids.contribution = cpm::contribution_id(settings.device_secret, invite.header(Name::call_id));
  }
  cpm::write_ids(invite, ids);
  invite.add(Name::supported, "timer");
  invite.add(Name::allow, allowed_methods);
  return invite;
}

void Client::Core::invite_for_files(FileSessionId id, TimePoint now, Output& out) {
  auto& session = *find(id);
  auto invite = make_file_invite(session);
  cpm::write_file_transfer_offer(invite, session.offer, session.description_id,
                                 surroundings.random);
  if (const auto description = cpm::description_of(invite)) {
    session.description = sdp::to_text(*description);
  }
  // RFC 5366 3. R4.7e: into a group no list goes.
  if (session.group == GroupId{} && !session.list.empty()) {
    invite.add(Name::require, "recipient-list-invite");
    cpm::add_part(invite, cpm::recipient_list_part(list_of(session.list)), surroundings.random);
  }
  remember_reported(session);
  send(std::move(invite), id, now, out);
}

}  // namespace convene::client
