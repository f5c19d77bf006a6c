#include "controlling/pager_message.h"

#include <utility>

#include "controlling/cpim_from.h"
#include "controlling/create_session_with_participant.h"
#include "controlling/sip_request.h"
#include "cpim/imdn_headers.h"
#include "cpm/identity.h"
#include "cpm/report.h"
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
  const bool is_watched = cpim::disposition_notification(content_).negative_delivery &&
                          !cpim::imdn_message_id(content_).empty();
  turn.world.log.info("controlling", "9.1.1 message to several",
                      {{"contribution", invitation_.ids.contribution},
                       {"who", masked(audience_.sender.address)},
                       {"recipients", std::to_string(audience_.members.size())}});
  for (const auto& member : audience_.members) {
    const auto request = turn.agent.request(copy_for(turn, member), turn.now, turn.sip);
    if (!is_watched) continue;
    waiting_.emplace(request, member.address);
    turn.tables.requests.emplace(request, OfMessageCopy{id});
  }
  content_.body.clear();
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

void PagerMessage::answered(Turn& turn, const sip::ResponseReceived& answer) {
  const auto copy = waiting_.extract(answer.request);
  if (!copy || answer.response.status() < 300) return;
  turn.world.log.info("controlling", "9.1.1 a copy was refused",
                      {{"contribution", invitation_.ids.contribution},
                       {"who", masked(copy.mapped())},
                       {"status", std::to_string(answer.response.status())}});
  report_failure(turn, copy.mapped());
}

// RFC 5438 8: who passes a message on may report that it failed, where that was asked for.
void PagerMessage::report_failure(Turn& turn, const std::string& recipient) const {
  auto original = content_;
  cpim::set_from(original, {.uri = audience_.sender.address});
  auto report = cpm::make_report(original, {.disposition = imdn::Disposition::delivery,
                                            .status = imdn::Status::failed,
                                            .recipient = {.uri = recipient},
                                            .message_id = random_token(turn.world.random, 16),
                                            .date_time = turn.date_time()});
  if (!report) return;
  const auto& group = audience_.group;
  const auto ours = "<" + (group.empty() ? turn.policy.group.factories.front().uri : group) + ">";
  const auto& sender = audience_.sender.address;
  auto message = begin_request("MESSAGE", sender, ours, "<" + sender + ">", new_call_id(turn));
  message.add(Name::accept_contact, cpm::accept_contact(cpm::icsi::message));
  message.add(Name::p_asserted_identity, ours);
  message.add(Name::p_asserted_service, cpm::icsi::message);
  cpm::write_ids(message, {.conversation = invitation_.ids.conversation,
                           .contribution = random_hex(turn.world.random, 16),
                           .in_reply_to = {}});
  message.set_body("message/cpim", cpim::to_text(*report));
  turn.agent.request(std::move(message), turn.now, turn.sip);
}

}  // namespace convene::controlling
