#include <algorithm>
#include <bit>

#include "controlling/cpim_from.h"
#include "controlling/group_session.h"
#include "controlling/sip_request.h"
#include "cpim/imdn_headers.h"
#include "cpm/content_types.h"
#include "cpm/ids.h"
#include "cpm/report.h"
#include "cpm/service.h"

namespace convene::controlling {

using sip::Name;

namespace {

constexpr std::size_t boundary_octets = 12;

// RFC 5438 8: each hop takes itself off the route.
void take_off_route(cpim::Message& report, std::string_view focus) {
  const auto route = cpim::imdn_route(report);
  const bool is_ours =
      !route.empty() && sip::address_of_record(route.front().uri) == sip::address_of_record(focus);
  if (is_ours) cpim::remove_top_imdn_route(report);
}

}  // namespace

// Reliability, abuse: a report on what its sender was never sent, or that was not asked for, or has
// been told already, is dropped and counted. `report` keeps what may pass.
ReportLedger::Fate GroupSession::admit_report(Turn& turn, const Member& from, const Member& to,
                                              cpim::Message& report) {
  const auto all = cpm::notifications_of(report);
  std::vector<imdn::Notification> passing;
  auto fate = ReportLedger::Fate::unknown;
  for (const auto& one : all) {
    auto its_fate = ledger_.reported({.sender = to.address, .message_id = one.message_id},
                                     from.address, one.disposition, one.status);
    const bool may_be_older = !remembers_all_ && its_fate == ReportLedger::Fate::unknown;
    if (may_be_older) its_fate = ReportLedger::Fate::pass;
    if (its_fate == ReportLedger::Fate::pass) passing.push_back(one);
    if (fate != ReportLedger::Fate::pass) fate = its_fate;
  }
  if (passing.size() < all.size() || all.empty()) {
    dropped_reports_ += std::max<std::size_t>(all.size() - passing.size(), 1);
    if (std::has_single_bit(dropped_reports_)) {  // a flood does not fill the log
      turn.world.log.warning("controlling", "9.2.12 report dropped: on nothing it could be about",
                             {{"contribution", id_text()},
                              {"who", masked(from.address)},
                              {"dropped", std::to_string(dropped_reports_)}});
    }
  }
  if (passing.empty()) return fate;

  // R1.19, G-36: who stays unknown is not named in the report either.
  if (!from.pseudonym.empty()) {
    for (auto& one : passing) {
      one.recipient_uri = from.pseudonym;
      one.original_recipient_uri.clear();
      one.extensions.clear();  // nobody knows what they name
    }
  }
  if (passing != all)
    cpm::set_notifications(report, passing, random_hex(turn.world.random, boundary_octets));
  take_off_route(report, profile_.focus);
  cpim::set_from(report, {.uri = from.shown_address()});
  return ReportLedger::Fate::pass;
}

cpm::Ids GroupSession::ids_of_report(Turn& turn) const {
  return {.conversation = profile_.invitation.ids.conversation,
          .contribution = random_hex(turn.world.random, 16),
          .in_reply_to = {}};
}

// To its addressee alone: over MSRP while it is in the session, else as a SIP MESSAGE. Conversation
// 11, F2.4
void GroupSession::deliver_report(Turn& turn, const Member& from, const Member& to,
                                  const cpim::Message& report, const cpm::Ids& ids) {
  std::vector<LegId> legs;
  for (const auto id : legs_.of(to.address))
    if (legs_.at(id).takes_chat()) legs.push_back(id);
  if (legs.empty()) return send_page(turn, to, from, report, ids, cpm::icsi::message);
  send_report(turn, legs, {from.address, to.address, report});
}

// A report inside the chat.
int GroupSession::relay_report(Turn& turn, const Member& from, cpim::Message report) {
  const auto to = cpim::to_of(report);
  const auto* receiver = to ? shown_member(sip::address_of_record(to->uri)) : nullptr;
  if (!receiver) return 404;
  switch (admit_report(turn, from, *receiver, report)) {
    case ReportLedger::Fate::pass:
      deliver_report(turn, from, *receiver, report, ids_of_report(turn));
      return 200;
    case ReportLedger::Fate::repeated: return 200;
    case ReportLedger::Fate::not_asked:
    case ReportLedger::Fate::unknown: return 403;
  }
  return 403;
}

// A report that comes as a SIP MESSAGE to the focus, the top of its IMDN-Route: F3.14, F3.15
void GroupSession::page_received(Turn& turn, const PeerRequest& request) {
  const auto refuse_with = [&](int status, std::string_view why) {
    refuse(turn, request.transaction, request.message,
           {.status = status, .warning = {}, .detail = "report refused: " + std::string{why}});
  };

  const auto* from = known(sip::address_of_record(request.originator.uri));
  if (!from) return refuse_with(403, "not a member");
  if (!cpm::is_cpim(request.message.header(Name::content_type))) return refuse_with(415, "no CPIM");
  auto report = cpim::parse_message(request.message.body());
  if (!report) return refuse_with(400, "broken CPIM");
  if (!cpm::is_report(*report)) return refuse_with(488, "no report");
  if (claims_to_be_somebody_else(*report, *from, {})) {
    return refuse_with(403, "CPIM From of somebody else");
  }
  const auto to = cpim::to_of(*report);
  const auto* receiver = to ? shown_member(sip::address_of_record(to->uri)) : nullptr;
  if (!receiver) return refuse_with(404, "to nobody here");

  const auto fate = admit_report(turn, *from, *receiver, *report);
  const bool may_be = fate == ReportLedger::Fate::pass || fate == ReportLedger::Fate::repeated;
  if (!may_be) return refuse_with(403, "on nothing it could be about");
  turn.agent.respond(request.transaction, turn.agent.respond_to(request.message, 200), turn.now,
                     turn.sip);
  if (fate == ReportLedger::Fate::repeated) return;
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
  message.set_body(cpm::cpim_type, cpim::to_text(report));
  const auto id = turn.agent.request(std::move(message), turn.now, turn.sip);
  turn.tables.requests.insert_or_assign(id, OfReport{id_});
  pages_.insert_or_assign(id, WaitingReport{from.address, to.address, report});
}

}  // namespace convene::controlling
