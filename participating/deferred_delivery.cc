#include "participating/deferred_delivery.h"

#include <algorithm>
#include <utility>

#include "cpim/imdn_headers.h"
#include "cpm/identity.h"
#include "cpm/standalone_message.h"
#include "participating/deferral_reports.h"
#include "participating/deferred_offer.h"
#include "participating/rewriting.h"
#include "sip/fields.h"
#include "sip/name_addr.h"
#include "store/folder.h"

namespace convene::participating {

namespace {

std::string originator_of(const sip::Message& request) {
  const auto originator = cpm::authenticated_originator(request);
  return originator ? sip::address_of_record(originator->uri) : std::string{};
}

}  // namespace

// A proxy makes 500 of 503: RFC 3261 16.7.
bool is_unreachable(int status) {
  const bool is_for_ever = status == 501 || status == 505 || status == 513;
  return status == 408 || status == 430 || status == 480 || (status / 100 == 5 && !is_for_ever);
}

void DeferredDelivery::restore(const std::vector<DeferredEntry>& entries, TimePoint now) {
  queue_.restore(entries, world_.calendar.at(now), now);
}

// Not what we push ourselves.
bool DeferredDelivery::may_keep(const ServedUser& served, const sip::Message& request) const {
  return settings_.deferral.is_durable && served.session_case == SessionCase::terminating &&
         !request.header(sip::Name::call_id).starts_with(push_mark) &&
         preferences_.delivery(served.address, originator_of(request)) == Delivery::defer;
}

// Expires: 0 wants it delivered at once or not at all. RFC 3428 10
bool DeferredDelivery::may_defer(const ServedUser& served, const sip::Message& request) const {
  if (request.method() != "MESSAGE" || !may_keep(served, request)) return false;
  const auto expires = sip::parse_delta_seconds(request.header(sip::Name::expires));
  if (expires && *expires == 0) return false;
  return cpm::read_pager_content(request).has_value();
}

// Who has messages waiting gets those that come now after them.
bool DeferredDelivery::wants(const ServedUser& served, const sip::Message& request) const {
  return (!served.is_registered || queue_.has(served.address)) && may_defer(served, request);
}

bool DeferredDelivery::wants_instead_of(int status, const ServedUser& served,
                                        const sip::Message& request) const {
  return is_unreachable(status) && may_defer(served, request);
}

// Conversation 15: 202 only once it is stored.
void DeferredDelivery::take(Turn& turn, sip::ServerTransactionId transaction,
                            const sip::Message& request, const ServedUser& served,
                            bool can_be_tried) {
  const auto content = cpm::read_pager_content(request);
  const auto message_id = content ? cpim::imdn_message_id(content->message) : std::string{};
  Asked asked{.transaction = transaction, .request = request};
  if (const auto known = queue_.find(served.address, message_id)) {  // it was sent again
    if (queue_.is_stored(*known)) return accept(turn, asked);
    storing_[*known].asked.push_back(std::move(asked));
    return;
  }
  const auto wall = world_.calendar.at(turn.now);
  const auto wanted = sip::parse_delta_seconds(request.header(sip::Name::expires));
  const auto most = wanted ? std::min(settings_.deferral.ttl, std::chrono::seconds{*wanted})
                           : settings_.deferral.ttl;
  const auto lifetime = lifetime_of(request, wall, most);
  DeferredMessage message{
      .user = served.address,
      .account = store::account_of(settings_.account, served.address).value_or(served.address),
      .message_id = message_id,
      .stored = wall,
      .expires = wall + lifetime,
      .request = to_text(request),
      .sender = originator_of(request)};
  const auto id = queue_.add(served.address, message_id, message.request.size());
  if (!id) {
    const bool is_of_user = id.error().fault == Fault::too_large;
    return refuse(turn, asked, is_of_user ? 480 : 503, id.error().detail);
  }
  world_.log.info("participating", "deferred: nobody can reach the user",
                  {{"user", masked(served.address)}, {"message", message_id}});
  auto& storing = storing_[*id];
  storing.asked.push_back(std::move(asked));
  storing.expires = message.expires;
  storing.is_registered = served.is_registered;
  storing.can_be_tried = can_be_tried;
  if (content && cpim::disposition_notification(content->message).processing)
    storing.told = message;
  turn.out.emplace_back(StoreDeferred{.id = *id, .message = std::move(message)});
}

Result<DeferralId> DeferredDelivery::keep(Turn& turn, DeferredMessage message, Reach reach) {
  const auto id = TRY(queue_.add(message.user, message.message_id, message.octets()));
  world_.log.info("participating", "deferred: it came for who cannot be reached",
                  {{"user", masked(message.user)},
                   {"kind", name_of(message.kind)},
                   {"message", message.message_id}});
  auto& storing = storing_[id];
  storing.expires = message.expires;
  storing.is_registered = reach != Reach::away;
  storing.can_be_tried = reach == Reach::here;
  const auto original = deferred_original(message);
  if (original && cpim::disposition_notification(*original).processing) storing.told = message;
  turn.out.emplace_back(StoreDeferred{.id = id, .message = std::move(message)});
  return id;
}

void DeferredDelivery::take_back(Turn& turn, DeferralId id) {
  if (queue_.knows(id)) forget(turn, id);
}

// RFC 5438 7.2.1: "stored", for who asked for processing. Said once.
void DeferredDelivery::tell_stored(Turn& turn, const DeferredMessage& message) {
  auto made = make_deferral_report(
      message, {.disposition = imdn::Disposition::processing, .status = imdn::Status::stored},
      settings_.deferral.report_route, world_, turn.now);
  if (!made) return;
  if (const auto to = sip::next_hop(*made))
    turn.layer.send(*std::move(made), *to, turn.now, turn.sip);
}

void DeferredDelivery::accept(Turn& turn, const Asked& asked) const {
  turn.layer.respond(asked.transaction,
                     make_response(asked.request, 202, turn.layer.to_tag(asked.request)), turn.now,
                     turn.sip);
}

void DeferredDelivery::refuse(Turn& turn, const Asked& asked, int status,
                              std::string_view why) const {
  world_.log.warning(
      "participating", why,
      {{"status", std::to_string(status)}, {"call_id", asked.request.header(sip::Name::call_id)}});
  auto response = make_response(asked.request, status, turn.layer.to_tag(asked.request));
  if (status == 503)
    response.add(sip::Name::retry_after, std::to_string(settings_.deferral.retry_after.count()));
  turn.layer.respond(asked.transaction, std::move(response), turn.now, turn.sip);
}

void DeferredDelivery::stored(Turn& turn, DeferralId id, bool is_stored) {
  auto node = storing_.extract(id);
  if (node.empty()) return;
  const auto& [asked, expires, is_registered, can_be_tried, told] = node.mapped();
  const auto user = queue_.user_of(id);
  if (asked.empty()) turn.sessions.emplace_back(SessionKept{.id = id, .is_stored = is_stored});
  if (!is_stored) {
    queue_.drop(id);
    for (const auto& one : asked) refuse(turn, one, 503, "a message cannot be stored");
    return go_on(turn, user);
  }
  const auto left = expires - world_.calendar.at(turn.now);
  queue_.stored(id, turn.now + std::max(left, std::chrono::seconds{0}));
  for (const auto& one : asked) accept(turn, one);
  if (told) tell_stored(turn, *told);
  if (is_registered && can_be_tried) queue_.registered(user);
  if (is_registered && !can_be_tried) queue_.try_later(user, turn.now);
  go_on(turn, user);
}

void DeferredDelivery::registered(Turn& turn, std::string_view user) {
  if (!queue_.has(user)) return;
  queue_.registered(user);
  go_on(turn, std::string{user});
}

std::optional<std::string> DeferredDelivery::third_party_register(
    Turn& turn, const sip::RequestArrived& arrived) {
  const auto& request = arrived.request;
  const auto to = sip::parse_name_addr(request.header(sip::Name::to));
  const int status = !arrived.source.is_trusted ? 403 : to ? 200 : 400;
  turn.layer.respond(arrived.transaction,
                     make_response(request, status, turn.layer.to_tag(request)), turn.now,
                     turn.sip);
  const auto expires = sip::parse_delta_seconds(request.header(sip::Name::expires));
  if (status != 200 || (expires && *expires == 0)) return std::nullopt;
  return sip::address_of_record(to->uri);
}

// One at a time, so that they arrive in their order.
void DeferredDelivery::go_on(Turn& turn, const std::string& user) {
  if (const auto next = queue_.take_next(user)) turn.out.emplace_back(FetchDeferred{.id = *next});
}

void DeferredDelivery::fetched(Turn& turn, DeferralId id, const Result<DeferredMessage>& message) {
  if (!queue_.knows(id)) {
    if (message && message->content) bodies_.drop(message->content->body);
    return;
  }
  const auto user = queue_.user_of(id);
  if (!message && message.error().fault == Fault::not_found) {  // it was erased
    queue_.drop(id);
    return go_on(turn, user);
  }
  if (queue_.is_given_up(id)) {
    if (!message) return queue_.report_later(id, turn.now);
    if (message->content) bodies_.drop(message->content->body);
    return report(turn, id, *message);
  }
  if (!message) return queue_.unreachable(id, turn.now);
  if (message->kind == DeferredKind::message) return push(turn, id, *message);
  turn.sessions.emplace_back(SessionDue{.id = id, .message = *message});
}

std::optional<sip::Message> DeferredDelivery::make_push(const DeferredMessage& message) {
  const auto request = sip::parse_message(message.request);
  if (!request) return std::nullopt;
  Addressing addressing;
  const auto call_id = std::string{push_mark} + random_token(world_.random, 24);
  const auto tag = random_token(world_.random, 12);
  addressing.call_id = call_id;
  addressing.from_tag = tag;
  addressing.routes = settings_.deferral.push_route.empty()
                          ? values_of(*request, sip::Name::route)
                          : std::vector{settings_.deferral.push_route};
  auto made = onward(*request, addressing);
  made.set(sip::Name::max_forwards, "70");
  made.set_uri(message.user);
  return made;
}

void DeferredDelivery::push(Turn& turn, DeferralId id, const DeferredMessage& message) {
  auto made = make_push(message);
  if (!made) return queue_.unreachable(id, turn.now);
  const auto to = sip::next_hop(*made);
  if (!to) return queue_.unreachable(id, turn.now);
  under_way_.emplace(turn.layer.send(*std::move(made), *to, turn.now, turn.sip), id);
}

bool DeferredDelivery::answered(Turn& turn, sip::ClientTransactionId transaction, int status) {
  const auto found = under_way_.find(transaction);
  if (found == under_way_.end()) return false;
  if (status < 200) return true;
  const auto id = found->second;
  under_way_.erase(found);
  if (!queue_.knows(id)) return true;
  if (queue_.is_given_up(id)) {  // a report
    if (is_unreachable(status))
      queue_.report_later(id, turn.now);
    else
      forget(turn, id);
    return true;
  }
  pushed(turn, id, status);
  return true;
}

void DeferredDelivery::pushed(Turn& turn, DeferralId id, int status) {
  if (!queue_.knows(id)) return;
  const auto user = queue_.user_of(id);
  if (status < 300) {
    world_.log.info("participating", "a deferred message is delivered", {{"user", masked(user)}});
    forget(turn, id);
  } else if (is_unreachable(status)) {
    queue_.unreachable(id, turn.now);
  } else {
    world_.log.warning("participating", "a deferred message is refused",
                       {{"user", masked(user)}, {"status", std::to_string(status)}});
    queue_.give_up(id);
    turn.out.emplace_back(FetchDeferred{.id = id});
  }
  go_on(turn, user);
}

void DeferredDelivery::forget(Turn& turn, DeferralId id) {
  queue_.drop(id);
  turn.out.emplace_back(ForgetDeferred{.id = id});
}

// Conversation 15: expired, or refused.
void DeferredDelivery::report(Turn& turn, DeferralId id, const DeferredMessage& message) {
  world_.log.info("participating", "a deferred message is given up",
                  {{"user", masked(message.user)}, {"message", message.message_id}});
  // RFC 5438 7.2.1: "failed", for who asked for negative-delivery.
  const auto made =
      make_deferral_report(message, {}, settings_.deferral.report_route, world_, turn.now);
  const bool is_too_late =
      world_.calendar.at(turn.now) > message.expires + settings_.deferral.report_patience;
  if (!made || is_too_late) return forget(turn, id);
  const auto to = sip::next_hop(*made);
  if (!to) return forget(turn, id);
  under_way_.emplace(turn.layer.send(*made, *to, turn.now, turn.sip), id);
}

void DeferredDelivery::wake(Turn& turn) {
  for (const auto id : queue_.take_expired(turn.now))
    turn.out.emplace_back(FetchDeferred{.id = id});
  for (const auto& user : queue_.take_retries(turn.now)) go_on(turn, user);
}

}  // namespace convene::participating
