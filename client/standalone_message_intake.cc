#include <utility>

#include "client/core.h"
#include "cpim/imdn_headers.h"
#include "cpm/identity.h"
#include "cpm/ids.h"
#include "cpm/report.h"
#include "cpm/standalone_message.h"
#include "groups/resource_list.h"
#include "sip/name_addr.h"

// CPM 7.2: a message outside any session arrives, in either mode.
namespace convene::client {

using sip::Name;

namespace {

constexpr std::size_t max_history = 1'000;

// Who else gets it, as far as we are told. RFC 5364 5
std::vector<std::string> others_of(const sip::Message& request, std::string_view own) {
  std::vector<std::string> others;
  const auto xml = cpm::recipient_history_of(request);
  const auto list =
      xml ? groups::parse_resource_list(*xml, max_history) : Result<groups::ResourceList>{};
  if (!list) return others;
  for (const auto& entry : list->entries) {
    if (sip::address_of_record(entry.uri) != own) others.push_back(entry.uri);
  }
  return others;
}

// R1.10b: a pre-defined group asserts its own address, and names the person in Referred-By.
std::string group_of(const sip::Message& request) {
  const auto asserted = cpm::authenticated_originator(request);
  const auto person = sip::parse_name_addr(request.header(Name::referred_by));
  if (!asserted || !person) return {};
  const auto group = sip::address_of_record(asserted->uri);
  return group == sip::address_of_record(person->uri) ? std::string{} : group;
}

// Conversation 4: who sends is who the network says; CPIM may only add a name.
cpim::Address sender_of(const sip::Message& request, const cpim::Message& content) {
  const auto person = inviter_of(request);
  if (person.address.empty()) return {.uri = std::string{cpm::anonymous_uri}};
  const auto claimed = cpim::from_of(content);
  const bool is_same =
      claimed && sip::address_of_record(claimed->uri) == sip::address_of_record(person.address);
  return {
      .display = person.display_name.empty() && is_same ? claimed->display : person.display_name,
      .uri = person.address};
}

}  // namespace

// A SIP MESSAGE: a report, or a message in pager mode. Conversation 11, 13
void Client::Core::message_received(const sip::RequestReceived& event, TimePoint now, Output& out) {
  const auto& request = event.request;
  auto content = cpm::read_pager_content(request);
  if (!content) return refuse(event.transaction, request, content.error(), now, out);
  const auto ids = cpm::read_ids(request);
  if (!ids) return answer(event.transaction, request, 400, now, out);
  answer(event.transaction, request, 200, now, out);
  if (cpm::is_report(content->message)) {
    const auto sender = cpm::authenticated_originator(request);
    const auto from = sip::parse_name_addr(request.header(Name::from));
    const auto asserted = sender ? *sender : from.value_or(sip::NameAddr{});
    return take_report({}, content->message,
                       {.conversation = ids->conversation,
                        .asserted = sip::address_of_record(sip::to_text(asserted.uri))},
                       out);
  }
  take_standalone(request, std::move(content->message), now, out);
}

// The same event for both modes.
void Client::Core::take_standalone(const sip::Message& request, cpim::Message content,
                                   TimePoint now, Output& out) {
  const auto ids = cpm::read_ids(request).value_or(cpm::Ids{});
  cpim::set_from(content, sender_of(request, content));
  Output told;
  take_chat({}, content, {.conversation = ids.conversation}, now, told);
  for (auto& event : told.events) {
    auto* chat = std::get_if<ChatReceived>(&event);
    if (!chat) continue;
    chat->conversation = ids.conversation;
    chat->contribution = ids.contribution;
    chat->also_to = others_of(request, own_address_of_record);
    chat->group_address = group_of(request);
  }
  std::ranges::move(told.sends, std::back_inserter(out.sends));
  std::ranges::move(told.msrp, std::back_inserter(out.msrp));
  std::ranges::move(told.events, std::back_inserter(out.events));
}

}  // namespace convene::client
