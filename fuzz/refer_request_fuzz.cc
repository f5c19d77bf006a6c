// A REFER to the focus, or (where the octets are no SIP message) its list alone. What is granted
// asks for something: everybody once, nobody at the focus's own host, and no more than the list may
// have; and nothing that is put into an invitation can end a header line.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "controlling/refer_request.h"
#include "groups/resource_list.h"
#include "sip/fields.h"
#include "sip/name_addr.h"

namespace {

using namespace convene;

constexpr std::string_view focus = "sip:grp-1@cf.example.com";
constexpr std::size_t max_entries = 20;

void check(bool holds) {
  if (!holds) std::abort();
}

bool is_one_line(std::string_view text) { return text.find_first_of("\r\n") == text.npos; }

void check_member(const controlling::Member& member) {
  const auto uri = sip::parse_uri(member.request_uri);
  check(uri && (uri->is_sip() || uri->is_tel()));
  check(uri->headers.empty() && !uri->params.value("method"));
  check(sip::address_of_record(*uri) == member.address);
  check(member.address != sip::address_of_record(focus));
  for (const auto& text : {member.address, member.request_uri, member.session_replaces})
    check(is_one_line(text));
}

void check_refer(const sip::Message& refer) {
  const controlling::GroupPolicy policy{.max_list_entries = max_entries};
  const auto request = controlling::read_refer(refer, focus, policy);
  if (!request) {
    const auto status = request.error().status;
    return check(status == 400 || status == 403 || status == 413 || status == 415);
  }
  const auto named = request->to_invite.size() + request->to_remove.size();
  check(named + (request->ends_session ? 1 : 0) > 0);
  check(named <= (request->is_multiple ? max_entries : 1));

  std::set<std::string> invited;
  for (const auto& member : request->to_invite) {
    check_member(member);
    check(invited.insert(member.address).second);
  }
  const std::set<std::string> removed(request->to_remove.begin(), request->to_remove.end());
  check(removed.size() == request->to_remove.size());
  check(!removed.contains(sip::address_of_record(focus)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string octets{reinterpret_cast<const char*>(data), size};
  if (const auto message = sip::parse_message(octets)) {
    check_refer(*message);
    return 0;
  }
  auto refer = sip::Message::request("REFER", focus);
  if (octets.find_first_of("\r\n") == octets.npos) {
    refer.add(sip::Name::refer_to, octets);
  } else {
    refer.add(sip::Name::refer_to, "<cid:list@example.com>");
    refer.add(sip::Name::content_disposition, "recipient-list");
    refer.set_body(std::string{groups::content_type}, octets);
  }
  check_refer(refer);
  return 0;
}
