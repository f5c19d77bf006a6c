#include "controlling/refer_request.h"

#include <algorithm>

#include "base/text.h"
#include "controlling/conference_factory.h"
#include "cpm/session_offer.h"
#include "groups/resource_list.h"
#include "mime/part.h"
#include "sip/name_addr.h"

namespace convene::controlling {

namespace {

// RFC 3515 2.1, RFC 3261 19.1.1: the method of the request that is asked for; INVITE by default.
enum class Wanted { invite, bye, something_else };

Wanted take_method(sip::Uri& uri) {
  const auto method = uri.params.value("method");
  const auto wanted = !method || iequals(*method, "INVITE") ? Wanted::invite
                      : iequals(*method, "BYE")             ? Wanted::bye
                                                            : Wanted::something_else;
  uri.params.remove("method");
  return wanted;
}

bool is_there(const std::vector<Member>& members, std::string_view address) {
  return std::ranges::find(members, address, &Member::address) != members.end();
}

// False: it cannot be referred to.
bool take_target(ReferRequest& request, groups::Entry entry, std::string_view focus,
                 const GroupPolicy& policy) {
  auto uri = sip::parse_uri(entry.uri);
  if (!uri) return false;
  const auto wanted = take_method(*uri);
  if (wanted == Wanted::something_else) return false;
  const auto address = sip::address_of_record(*uri);

  if (wanted == Wanted::bye) {
    if (address == sip::address_of_record(focus)) {
      request.ends_session = true;
    } else if (std::ranges::find(request.to_remove, address) == request.to_remove.end()) {
      request.to_remove.push_back(address);
    }
    return true;
  }
  entry.uri = sip::to_text(*uri);
  auto member = member_of(entry, policy);
  if (!member) return false;
  if (!is_there(request.to_invite, member->address))
    request.to_invite.push_back(*std::move(member));
  return true;
}

// RFC 5368 7: the part with this Content-ID.
cpm::Granted<std::string> list_named(const sip::Message& refer, std::string_view cid) {
  const auto list = cpm::recipient_list_of(refer);
  const mime::Part body{
      .headers = {{"Content-ID", std::string{refer.header(sip::Name::content_id)}}}, .body = {}};
  const auto id = mime::content_id_of(body);
  const bool is_another = !id.empty() && id != mime::id_of_cid_url(cid);
  if (!list || is_another) return cpm::refuse(400, "The list is missing", "no list of that id");
  return *list;
}

}  // namespace

cpm::Granted<ReferRequest> read_refer(const sip::Message& refer, std::string_view focus,
                                      const GroupPolicy& policy) {
  const auto refer_to = sip::parse_name_addr(refer.header(sip::Name::refer_to));
  if (!refer_to) return cpm::refuse(400, "Refer-To is needed", "no readable Refer-To");

  ReferRequest request{.to_invite = {}, .to_remove = {}};
  if (refer_to->uri.scheme != "cid") {
    groups::Entry entry{.uri = sip::to_text(refer_to->uri), .display_name = refer_to->display};
    if (!take_target(request, std::move(entry), focus, policy)) {
      return cpm::refuse(403, "Nobody to refer to", "the target cannot be referred to");
    }
    return request;
  }

  request.is_multiple = true;
  const auto xml = TRY(list_named(refer, sip::to_text(refer_to->uri)));
  const auto list = groups::parse_resource_list(xml, policy.max_list_entries);
  if (!list && list.error().fault == Fault::too_large) {
    return cpm::refuse(403, std::string{list_too_long}, list.error().detail);
  }
  if (!list) return std::unexpected(cpm::refusal_of(list.error()));
  for (const auto& entry : list->entries) take_target(request, entry, focus, policy);
  if (request.to_invite.empty() && request.to_remove.empty() && !request.ends_session) {
    return cpm::refuse(403, "Nobody to refer to", "no entry can be referred to");
  }
  return request;
}

}  // namespace convene::controlling
