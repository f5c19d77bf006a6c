#include "participating/deferral_reports.h"

#include "cpm/file_transfer_offer.h"
#include "cpm/identity.h"
#include "cpm/ids.h"
#include "cpm/report.h"
#include "cpm/service.h"
#include "cpm/standalone_message.h"

namespace convene::participating {

namespace {

std::optional<cpim::Message> as_sent(const DeferredMessage& message) {
  if (message.kind == DeferredKind::large_message) {
    auto headers = cpim::parse_message(message.content ? message.content->wrapper : "");
    if (!headers) return std::nullopt;
    return *std::move(headers);
  }
  const auto request = sip::parse_message(message.request);
  if (!request) return std::nullopt;
  if (message.kind == DeferredKind::file) {
    const auto offer = cpm::read_file_transfer_offer(*request, cpm::AddressRule::may_differ);
    return offer ? offer->files[offer->first_file()]->wrapper : std::nullopt;
  }
  auto content = cpm::read_pager_content(*request);
  if (!content) return std::nullopt;
  return std::move(content->message);
}

}  // namespace

// Conversation 14.6: a client does not say who it is.
std::optional<cpim::Message> deferred_original(const DeferredMessage& message) {
  auto original = as_sent(message);
  if (!original) return std::nullopt;
  const auto from = cpim::from_of(*original);
  if (!message.sender.empty() && (!from || cpm::is_anonymous(from->uri)))
    cpim::set_from(*original, {.uri = message.sender});
  return original;
}

// RFC 5438 7.2.1, flow F4.4
std::optional<sip::Message> make_deferral_report(const DeferredMessage& message,
                                                 const DeferralReport& report,
                                                 std::string_view route, Surroundings world,
                                                 TimePoint now) {
  const auto original = deferred_original(message);
  const auto request = sip::parse_message(message.request);
  if (!original || !request) return std::nullopt;
  const auto made = cpm::make_report(*original, {.disposition = report.disposition,
                                                 .status = report.status,
                                                 .recipient = {.uri = message.user},
                                                 .message_id = random_token(world.random, 24),
                                                 .date_time = to_rfc3339(world.calendar.at(now))});
  if (!made) return std::nullopt;
  const auto target = cpm::report_target(*made);
  if (!sip::parse_uri(target)) return std::nullopt;

  auto told = sip::Message::request("MESSAGE", target);
  const auto from = "<" + message.user + ">";
  told.add(sip::Name::max_forwards, "70");
  told.add(sip::Name::from, from + ";tag=" + random_token(world.random, 12));
  told.add(sip::Name::to, "<" + target + ">");
  told.add(sip::Name::call_id, random_token(world.random, 24));
  told.add(sip::Name::cseq, "1 MESSAGE");
  if (!route.empty()) told.add(sip::Name::route, route);
  told.add(sip::Name::p_asserted_identity, from);
  told.add(sip::Name::p_asserted_service, cpm::icsi::message);
  told.add(sip::Name::accept_contact, cpm::accept_contact(cpm::icsi::message));
  if (const auto ids = cpm::read_ids(*request)) cpm::write_ids(told, *ids);
  told.set_body("message/cpim", cpim::to_text(*made));
  return told;
}

}  // namespace convene::participating
