#include "controlling/pager_message.h"

#include <utility>

#include "controlling/audience_reports.h"
#include "controlling/cpim_from.h"
#include "controlling/create_session_with_participant.h"
#include "controlling/interworking.h"
#include "controlling/sip_request.h"
#include "cpm/identity.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"

namespace convene::controlling {

using sip::Name;

namespace {

std::string_view service_of_copy(std::string_view received) {
  return cpm::service_of_icsi(received) == cpm::Service::message ? received : cpm::icsi::message;
}

}  // namespace

cpm::Granted<PagerMessage> page_for(const PeerRequest& request, Audience audience,
                                    const MessagePolicy& policy) {
  auto content = TRY(cpm::read_pager_content(request.message));
  if (content.octets > policy.max_pager_octets) {
    return cpm::refuse(413, "Use large message mode", "more than pager mode takes");
  }
  if (claims_to_be_somebody_else(content.message, audience.sender, {})) {
    return cpm::refuse(403, {}, "CPIM From of somebody else");
  }
  return PagerMessage{invitation_of(request.message, request.originator, request.ids),
                      std::move(audience), std::move(content.message)};
}

PagerMessage::PagerMessage(Invitation invitation, Audience audience, cpim::Message content)
    : invitation_{std::move(invitation)},
      audience_{std::move(audience)},
      content_{std::move(content)} {}

// CPM 9.1.1, RFC 5365 7.2
void PagerMessage::send(Turn& turn, MessageId id) {
  cpim::set_from(content_, shown_sender(audience_.sender));
  turn.world.log.info("controlling", "9.1.1 message to several",
                      {{"contribution", invitation_.ids.contribution},
                       {"who", masked(audience_.sender.address)},
                       {"recipients", std::to_string(audience_.members.size())}});
  const bool may_go_again = turn.policy.group.interworking_uri.has_value();
  is_watched_ = may_go_again || wants_failure_reports(content_);
  for (std::size_t i = 0; i < audience_.members.size(); ++i) send(turn, id, {.member = i});
  if (!may_go_again) content_.body.clear();
}

void PagerMessage::send(Turn& turn, MessageId id, const Copy& copy) {
  auto message = copy_for(turn, audience_.members[copy.member]);
  if (copy.by_interworking) route_to_interworking(turn, message);
  const auto request = turn.agent.request(std::move(message), turn.now, turn.sip);
  if (!is_watched_) return;
  waiting_.emplace(request, copy);
  turn.tables.requests.emplace(request, OfMessageCopy{id});
}

// Its own MESSAGE: another Call-ID, the ids and Accept-Contacts of the one that came.
sip::Message PagerMessage::copy_for(Turn& turn, const Member& member) const {
  const auto sender = name_addr_of(audience_.sender);
  const bool is_group = !audience_.group.empty();
  const auto group = "<" + audience_.group + ">";

  auto copy = begin_request("MESSAGE", member.request_uri, is_group ? group : sender,
                            plain_address(member.request_uri), new_call_id(turn));
  for (const auto& value : invitation_.accept_contacts) copy.add(Name::accept_contact, value);
  if (invitation_.accept_contacts.empty()) {
    copy.add(Name::accept_contact, cpm::accept_contact(cpm::icsi::message));
  }
  // Conversation 4: to a group, its address asserts; the person is in Referred-By. R1.10b
  copy.add(Name::p_asserted_identity, is_group ? group : sender);
  if (is_group) copy.add(Name::referred_by, "<" + audience_.sender.shown_address() + ">");
  if (invitation_.wants_anonymity) copy.add(Name::privacy, "id");
  copy.add(Name::p_asserted_service, service_of_copy(invitation_.service));
  if (!invitation_.message_expires.empty()) {  // conversation 2: whoever defers it must know
    copy.add(Name::message_expires, invitation_.message_expires);
  }
  cpm::write_ids(copy, invitation_.ids);

  auto content = content_;
  cpim::set_to(content, {.uri = member.address});
  std::vector<mime::Part> parts{cpm::cpim_part(content)};
  if (!audience_.history.empty()) parts.push_back(cpm::recipient_history_part(audience_.history));
  cpm::set_parts(copy, std::move(parts), turn.world.random);
  return copy;
}

// R1.16, A6: who is no CPM user gets it by way of the ISF, whose answer counts.
void PagerMessage::answered(Turn& turn, MessageId id, const sip::ResponseReceived& answer) {
  const auto found = waiting_.extract(answer.request);
  if (!found || answer.response.status() < 300) return;
  auto copy = found.mapped();
  const auto& recipient = audience_.members[copy.member].address;
  const bool goes_again = !copy.by_interworking && leads_to_interworking(turn, answer.response);
  turn.world.log.info("controlling",
                      goes_again ? "9.1.1, 6.5 not a CPM subscriber: sending by the ISF"
                                 : "9.1.1 a copy was refused",
                      {{"contribution", invitation_.ids.contribution},
                       {"who", masked(recipient)},
                       {"status", std::to_string(answer.response.status())}});
  if (goes_again) {
    copy.by_interworking = true;
    return send(turn, id, copy);
  }
  report_failure(turn, audience_, content_, recipient, invitation_.ids.conversation);
}

}  // namespace convene::controlling
