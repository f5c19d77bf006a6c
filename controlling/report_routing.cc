#include <algorithm>

#include "controlling/cpim_from.h"
#include "controlling/group_session.h"
#include "controlling/sip_request.h"
#include "cpim/imdn_headers.h"
#include "cpm/ids.h"
#include "cpm/report.h"
#include "cpm/service.h"
#include "mime/content_type.h"

namespace convene::controlling {

using sip::Name;

namespace {

constexpr std::string_view cpim_type = "message/cpim";

// RFC 5438 8: each hop takes itself off the route.
void take_off_route(cpim::Message& report, std::string_view focus) {
  const auto route = cpim::imdn_route(report);
  const bool is_ours =
      !route.empty() && sip::address_of_record(route.front().uri) == sip::address_of_record(focus);
  if (is_ours) cpim::remove_top_imdn_route(report);
}

}  // namespace

// A report inside the chat: to its addressee alone, over MSRP while it is in the session, else as
// a SIP MESSAGE. Conversation 11, F2.4
int GroupSession::relay_report(Turn& turn, const Member& from, cpim::Message report) {
  const auto to = cpim::to_of(report);
  const auto* receiver = to ? shown_member(sip::address_of_record(to->uri)) : nullptr;
  if (!receiver) return 404;

  take_off_route(report, profile_.focus);
  cpim::set_from(report, {.uri = from.shown_address()});
  bool is_sent = false;
  for (const auto& [id, leg] : legs_) {
    if (leg.participant != receiver->address || !leg.takes_chat()) continue;
    send_copy(turn, leg, report, true);
    is_sent = true;
  }
  if (!is_sent) {
    const auto& ids = profile_.invitation.ids;
    send_page(turn, *receiver, from, report,
              {.conversation = ids.conversation,
               .contribution = random_hex(turn.world.random, 16),
               .in_reply_to = {}},
              cpm::icsi::message);
  }
  return 200;
}

// A report that comes as a SIP MESSAGE to the focus, the top of its IMDN-Route: F3.14, F3.15
void GroupSession::page_received(Turn& turn, const PeerRequest& request) {
  const auto refuse_with = [&](int status, std::string_view why) {
    refuse(turn, request.transaction, request.message,
           {.status = status, .warning = {}, .detail = "report refused: " + std::string{why}});
  };

  const auto* from = known(sip::address_of_record(request.originator.uri));
  if (!from) return refuse_with(403, "not a member");
  const auto type = mime::parse_content_type(request.message.header(Name::content_type));
  if (!type || type->type != cpim_type) return refuse_with(415, "no CPIM");
  auto report = cpim::parse_message(request.message.body());
  if (!report) return refuse_with(400, "broken CPIM");
  if (!cpm::is_report(*report)) return refuse_with(488, "no report");
  if (claims_to_be_somebody_else(*report, *from, {})) {
    return refuse_with(403, "CPIM From of somebody else");
  }
  const auto to = cpim::to_of(*report);
  const auto* receiver = to ? shown_member(sip::address_of_record(to->uri)) : nullptr;
  if (!receiver) return refuse_with(404, "to nobody here");

  turn.agent.respond(request.transaction, turn.agent.respond_to(request.message, 200), turn.now,
                     turn.sip);
  take_off_route(*report, profile_.focus);
  if (!from->pseudonym.empty()) cpim::set_from(*report, {.uri = from->pseudonym});
  send_page(turn, *receiver, *from, *report, request.ids,
            request.message.header(Name::p_asserted_service));
}

void GroupSession::send_page(Turn& turn, const Member& to, const Member& from,
                             const cpim::Message& report, const cpm::Ids& ids,
                             std::string_view asserted_service) {
  auto message = begin_request("MESSAGE", to.address, "<" + profile_.focus + ">",
                               "<" + to.address + ">", new_call_id(turn));
  message.add(Name::accept_contact, cpm::accept_contact(cpm::icsi::message));
  message.add(Name::p_asserted_identity, "<" + profile_.focus + ">");
  message.add(Name::referred_by, "<" + from.shown_address() + ">");
  const bool is_message = cpm::service_of_icsi(asserted_service) == cpm::Service::message;
  message.add(Name::p_asserted_service, is_message ? asserted_service : cpm::icsi::message);
  cpm::write_ids(message, ids);
  message.set_body(cpim_type, cpim::to_text(report));
  turn.agent.request(std::move(message), turn.now, turn.sip);
}

}  // namespace convene::controlling
