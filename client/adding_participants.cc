#include <algorithm>
#include <utility>

#include "base/random.h"
#include "client/core.h"
#include "client/member_list.h"
#include "cpm/service.h"
#include "groups/resource_list.h"
#include "sip/fields.h"
#include "sip/name_addr.h"

namespace convene::client {

using sip::Name;

namespace {

constexpr std::size_t content_id_octets = 8;

// RFC 3515 2.1, RFC 4579 5.11
std::string refer_to(std::string_view address, Referred::How how) {
  auto uri = *sip::parse_uri(address);
  if (how == Referred::How::removed) uri.params.set("method", "BYE");
  return sip::to_text(sip::NameAddr{.display = {}, .uri = std::move(uri), .params = {}});
}

}  // namespace

Result<> Client::add(GroupId id, std::vector<std::string> members, TimePoint now, Output& out) {
  TRY(core_->can_refer(id));
  auto addresses = TRY(members_of(members, core_->own_address_of_record));
  core_->refer(id, Referred::How::added, std::move(addresses), now, out);
  return {};
}

Result<> Client::remove(GroupId id, std::string member, TimePoint now, Output& out) {
  TRY(core_->can_refer(id));
  const auto uri = TRY(sip::parse_uri(member));
  if (!uri.is_sip() && !uri.is_tel()) return fail(Fault::unsupported, "no CPM address");
  core_->refer(id, Referred::How::removed, {std::move(member)}, now, out);
  return {};
}

Result<> Client::Core::can_refer(GroupId id) const {
  const auto* group = find(id);
  if (!group) return fail(Fault::not_found, "no such session");
  if (!group->is_group) return fail(Fault::unsupported, "a session between two");
  if (group->state != SessionState::active) return fail(Fault::out_of_order, "not in the session");
  return {};
}

// CPM 7.3.1.3 Adding Participants, conversation 6.5, 6.6: one by its URI (RFC 3515), several by a
// list (RFC 5368). What becomes of them is told by the participant information, so that no NOTIFY
// is needed (RFC 4488).
void Client::Core::refer(GroupId id, Referred::How how, std::vector<std::string> whom,
                         TimePoint now, Output& out) {
  const auto& group = *find(id);
  auto request = make_request("REFER", group.focus);
  request.add(Name::contact, contact(cpm::icsi::session));
  request.add(Name::p_preferred_identity, own_name_addr());
  cpm::write_ids(request, group.ids);
  ask_for_anonymity(request);
  request.add(Name::refer_sub, "false");
  if (whom.size() == 1) {
    request.add(Name::supported, "norefersub");
    request.add(Name::refer_to, refer_to(whom.front(), how));
  } else {
    const auto content_id = random_hex(surroundings.random, content_id_octets) + "@" + own_host();
    request.add(Name::require, "multiple-refer, norefersub");
    request.add(Name::refer_to, "<cid:" + content_id + ">");
    request.add(Name::content_id, "<" + content_id + ">");
    request.add(Name::content_disposition, "recipient-list");
    request.set_body(groups::content_type, list_of(whom));
  }
  send(std::move(request), OfReferral{id, how, std::move(whom)}, now, out);
}

void Client::Core::refer_answered(const OfReferral& referral, const sip::Message& response,
                                  Output& out) {
  out.events.emplace_back(
      Referred{.group = referral.group,
               .how = referral.how,
               .addresses = referral.addresses,
               .status = response.status(),
               .reason = response.status() < 300 ? std::string{} : explanation_of(response)});
}

}  // namespace convene::client
