#include "controlling/conference_factory.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/text.h"
#include "cpm/identity.h"
#include "cpm/ids.h"
#include "cpm/session_offer.h"
#include "groups/resource_list.h"
#include "sip/uri.h"

namespace convene::controlling {

namespace {

constexpr std::size_t focus_token_octets = 8;

// Conversation 6.10: the URI headers of an entry name the 1-1 session it replaces. What could not
// stand in a header of its own is not taken over.
std::string session_replaces_in(std::string_view headers) {
  for (const auto header : split(headers, '&')) {
    const auto equals = header.find('=');
    if (equals == std::string_view::npos) continue;
    if (!iequals(header.substr(0, equals), "Session-Replaces")) continue;
    auto id = percent_decode(header.substr(equals + 1)).value_or("");
    const bool is_id = id.size() <= cpm::max_id_octets && printable(id) == id;
    return is_id ? id : std::string{};
  }
  return {};
}

bool is_at_focus_host(const sip::Uri& uri, const GroupPolicy& policy) {
  const auto ours = sip::parse_host_port(policy.focus_host);
  return ours && iequals(uri.host, ours->host) && uri.port == ours->port;
}

bool is_of_our_domains(const sip::Uri& uri, const GroupPolicy& policy) {
  return policy.member_domains.empty() || uri.is_tel() ||
         std::ranges::any_of(policy.member_domains,
                             [&uri](const auto& domain) { return iequals(domain, uri.host); });
}

}  // namespace

std::optional<Member> member_of(const groups::Entry& entry, const GroupPolicy& policy) {
  auto uri = sip::parse_uri(entry.uri);
  if (!uri || (!uri->is_sip() && !uri->is_tel())) return std::nullopt;
  const bool is_ours = is_at_focus_host(*uri, policy) || factory_of(entry.uri, policy);
  if (is_ours || cpm::is_anonymous(entry.uri) || !is_of_our_domains(*uri, policy)) {
    return std::nullopt;
  }

  Member member{.address = sip::address_of_record(*uri), .display = entry.display_name};
  member.session_replaces = session_replaces_in(uri->headers);
  uri->headers.clear();
  member.request_uri = sip::to_text(*uri);  // R1.11: a GRUU is kept
  return member;
}

// RFC 5366 3, RFC 5365 7.1: each address once (RFC 3261 19.1.4).
cpm::Granted<ListedMembers> listed_members(const sip::Message& request,
                                           const sip::NameAddr& originator, std::size_t most,
                                           const GroupPolicy& policy) {
  const auto xml = cpm::recipient_list_of(request);
  if (!xml) return cpm::refuse(400, "A recipient list is needed", "no recipient list");
  // As many duplicates as there are spellings of one address may be in it.
  auto list = groups::parse_resource_list(*xml, policy.max_list_entries);
  if (!list && list.error().fault == Fault::too_large) {
    return cpm::refuse(403, std::string{list_too_long}, list.error().detail);
  }
  if (!list) return std::unexpected(cpm::refusal_of(list.error()));

  const auto own_address = sip::address_of_record(originator.uri);
  ListedMembers listed;
  for (auto& entry : list->entries) {
    auto member = member_of(entry, policy);
    if (!member) continue;
    const bool is_there = member->address == own_address ||
                          std::ranges::any_of(listed.members, [&member](const auto& one) {
                            return one.address == member->address;
                          });
    if (!is_there) listed.members.push_back(*std::move(member));
    if (listed.members.size() > most) {
      return cpm::refuse(403, std::string{list_too_long}, "more than a group may have");
    }
    listed.list.entries.push_back(std::move(entry));
  }
  if (listed.members.empty()) {
    return cpm::refuse(403, "Nobody to invite", "no entry can be invited");
  }
  return listed;
}

cpm::Granted<std::vector<Member>> members_of_creation(const sip::Message& invite,
                                                      const sip::NameAddr& creator,
                                                      const GroupPolicy& policy) {
  const auto most = std::max<std::size_t>(policy.max_participants, 1) - 1;
  auto listed = TRY(listed_members(invite, creator, most, policy));
  const auto creator_address = sip::address_of_record(creator.uri);
  std::vector<Member> members{{.address = creator_address,
                               .display = creator.display,
                               .request_uri = creator_address,
                               .is_creator = true}};
  std::ranges::move(listed.members, std::back_inserter(members));
  return members;
}

std::string new_focus(Random& random, const GroupPolicy& policy) {
  return "sip:grp-" + random_hex(random, focus_token_octets) + "@" + policy.focus_host +
         policy.focus_params;
}

const Factory* factory_of(std::string_view request_uri, const GroupPolicy& policy) {
  const auto address = sip::address_of_record(request_uri);
  const auto found = std::ranges::find_if(policy.factories, [&address](const auto& factory) {
    return sip::address_of_record(factory.uri) == address;
  });
  return found == policy.factories.end() ? nullptr : &*found;
}

}  // namespace convene::controlling
