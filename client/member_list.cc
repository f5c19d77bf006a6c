#include "client/member_list.h"

#include <set>

#include "groups/resource_list.h"
#include "sip/uri.h"

namespace convene::client {

namespace {

constexpr std::size_t max_members = 1'000;

}  // namespace

Result<std::vector<std::string>> members_of(const std::vector<std::string>& wanted,
                                            std::string_view own_address_of_record) {
  std::vector<std::string> members;
  std::set<std::string> seen{std::string{own_address_of_record}};
  for (const auto& member : wanted) {
    const auto uri = TRY(sip::parse_uri(member));
    if (!uri.is_sip() && !uri.is_tel()) return fail(Fault::unsupported, "no CPM address");
    if (seen.insert(sip::address_of_record(uri)).second) members.push_back(member);
  }
  if (members.empty()) return fail(Fault::malformed, "nobody else is in it");
  if (members.size() > max_members) return fail(Fault::too_large, "more than 1000 members");
  return members;
}

std::string list_of(const std::vector<std::string>& members) {
  groups::ResourceList list;
  for (const auto& member : members) {
    list.entries.push_back({.uri = member, .copy_control = groups::CopyControl::to});
  }
  return groups::to_text(list);
}

}  // namespace convene::client
