#include <utility>

#include "client/core.h"
#include "mime/content_type.h"
#include "sip/name_addr.h"

// Files that are asked for. RFC 5547 8.2, conversation 14.4
namespace convene::client {

namespace {

// R4.1d.ii: as many selectors as are known.
Result<sdp::FileSelector> selector_of(const WantedFile& wanted) {
  if (wanted.name.find('\0') != std::string::npos) return fail(Fault::malformed, "no name");
  if (!wanted.type.empty()) TRY(mime::parse_content_type(wanted.type));
  if (!wanted.sha1.empty() && wanted.sha1.size() != 20) return fail(Fault::malformed, "no SHA-1");
  sdp::FileSelector selector;
  if (!wanted.name.empty()) selector.name = wanted.name;
  if (wanted.size > 0) selector.size = wanted.size;
  if (!wanted.type.empty()) selector.type = wanted.type;
  if (!wanted.sha1.empty()) selector.hashes = {{.algorithm = "sha-1", .octets = wanted.sha1}};
  if (selector == sdp::FileSelector{}) return fail(Fault::malformed, "a file without any trait");
  return selector;
}

}  // namespace

// CPM 7.4.1 (1) d ii, R4.1d.ii
Result<TransferId> Client::request_file(const FileDestination& from, WantedFile wanted,
                                        TimePoint now, Output& out) {
  auto selector = TRY(selector_of(wanted));
  TRY(core_->can_offer());
  TRY(core_->can_exchange_files(from, 1));
  const auto* group = core_->find(from.group);
  if (group && group->is_group) {  // G-30
    return fail(Fault::unsupported, "files are not asked for in a group");
  }
  if (group && group->state != SessionState::active && group->state != SessionState::ended) {
    return fail(Fault::out_of_order, "the session is not up");
  }
  const auto id = core_->add_wanted(from, std::move(selector));
  core_->start_files(from, {id}, now, out);
  return id;
}

TransferId Client::Core::add_wanted(const FileDestination& from, sdp::FileSelector selector) {
  const TransferId id{++last_number};
  auto& transfer = transfers[id];
  transfer.direction = TransferDirection::receiving;
  transfer.group = from.group;
  transfer.name = selector.name.value_or("");
  transfer.type = selector.type.value_or("");
  transfer.size = selector.size.value_or(0);
  transfer.sha1 = sdp::sha1_of(selector).value_or("");
  transfer.wanted = std::move(selector);
  const auto* group = find(from.group);
  transfer.originator = sip::address_of_record(group ? group->peer : from.address);
  return id;
}

// RFC 5547 8.3.2: what we give is what was asked for.
Result<> Client::give_file(TransferId id, FileToSend file, TimePoint now, Output& out) {
  TRY(core_->can_send(file));
  auto* transfer = core_->find(id);
  if (!transfer) return fail(Fault::not_found, "no such transfer");
  const auto* session = core_->find(transfer->session);
  const bool is_wanted = session && session->pending && transfer->state == TransferState::offered &&
                         transfer->direction == TransferDirection::sending;
  if (!is_wanted) return fail(Fault::out_of_order, "nobody wants it");
  const auto offered = client::selector_of(file);
  if (!sdp::selects(transfer->wanted, offered)) {
    return fail(Fault::unsupported, "not the file that is wanted");
  }
  if (transfer->begun >= file.size) return fail(Fault::unsupported, "it has no such part");
  transfer->name = file.name;
  transfer->type = file.type;
  transfer->size = file.size;
  transfer->theirs = session->pending->offer.files[transfer->line]->media;
  transfer->file = std::move(file);
  TRY(core_->plan_sending(*transfer));
  transfer->word = Word::yes;
  core_->decide(transfer->session, {}, now, out);
  return {};
}

}  // namespace convene::client
