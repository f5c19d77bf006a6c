#include <algorithm>
#include <utility>

#include "base/text.h"
#include "sip/fields.h"
#include "sip/tag.h"
#include "sip/user_agent_impl.h"

namespace convene::sip {

namespace {

// RFC 3261 8.1.2 with 12.2.1.1: a first Route without "lr" takes the place of the Request-URI.
void route_strictly(Message& request) {
  const auto routes = request.values(Name::route);
  if (routes.empty()) return;
  const auto first = parse_name_addr(routes.front());
  if (!first || first->uri.params.has("lr")) return;
  const auto target = "<" + std::string{request.uri()} + ">";
  request.remove_first_value(Name::route);
  request.add(Name::route, target);
  request.set_uri(to_text(first->uri));
}

bool is_target_refresh(std::string_view method) {
  return method == "INVITE" || method == "UPDATE" || method == "SUBSCRIBE" || method == "NOTIFY" ||
         method == "REFER";
}

}  // namespace

RequestId UserAgent::Impl::add_outgoing(Outgoing request) {
  const RequestId id{++last_number_};
  outgoing_.emplace(id, std::move(request));
  return id;
}

// RFC 3261 8.1.1
RequestId UserAgent::Impl::request(Message request, TimePoint now, UserAgentOutput& out) {
  auto& random = surroundings_.random;
  if (tag_of(request.header(Name::from)).empty()) {
    request.set(Name::from, with_tag(request.header(Name::from), random_token(random, 12)));
  }
  if (!request.has(Name::call_id)) request.add(Name::call_id, random_hex(random, 16));
  if (!request.has(Name::cseq)) {
    request.add(Name::cseq, to_text(CSeq{1, std::string{request.method()}}));
  }
  if (!request.has(Name::max_forwards)) request.add(Name::max_forwards, "70");
  add_identity(request);
  route_strictly(request);

  Outgoing outgoing;
  const auto destination =
      settings_.outbound ? Result<Destination>{*settings_.outbound} : next_hop(request);
  const bool subscribes = request.method() == "SUBSCRIBE";
  const auto key =
      dialog_key(request.header(Name::call_id), tag_of(request.header(Name::from)), {});
  if (destination) outgoing.destination = *destination;
  outgoing.request = std::move(request);
  const auto id = add_outgoing(std::move(outgoing));
  if (!destination) {
    finish_locally(id, 503, now, out);
  } else {
    if (subscribes) subscribing_.emplace(key, id);
    launch(id, now, out);
  }
  return id;
}

void UserAgent::Impl::add_identity(Message& request) {
  if (!settings_.product.empty() && !request.has(Name::user_agent)) {
    request.add(Name::user_agent, settings_.product);
  }
  if (!settings_.allow.empty() && !request.has(Name::allow) &&
      (request.method() == "INVITE" || request.method() == "UPDATE")) {
    request.add(Name::allow, settings_.allow);
  }
  // RFC 4028 7.1
  if (request.has(Name::session_expires) && !request.lists(Name::supported, "timer")) {
    request.add(Name::supported, "timer");
  }
}

// RFC 4028 7.4: a timer that runs is named again, with the roles as they are; a 2xx without it
// would end it.
void UserAgent::Impl::add_session_timer(const Entry& entry, Message& request) {
  const auto& timer = entry.session_timer;
  if (timer.state() == SessionTimer::State::off || request.has(Name::session_expires)) return;
  const auto refresher = timer.are_we_refresher() ? Refresher::uac : Refresher::uas;
  request.add(Name::session_expires, to_text(SessionExpires{timer.interval(), refresher}));
  if (!request.has(Name::min_se)) {
    request.add(Name::min_se, std::to_string(settings_.min_se.count()));
  }
}

Result<RequestId> UserAgent::Impl::request_in(DialogId id, Message request, TimePoint now,
                                              UserAgentOutput& out) {
  const auto* entry = find(id);
  if (entry == nullptr || entry->is_ending) return fail(Fault::not_found, "no such dialog");
  return start_in(id, std::move(request), Outgoing::Purpose::user, now, out);
}

RequestId UserAgent::Impl::start_in(DialogId id, Message wanted, Outgoing::Purpose purpose,
                                    TimePoint now, UserAgentOutput& out) {
  auto& entry = *find(id);
  if (is_target_refresh(wanted.method()) && !wanted.has(Name::contact) &&
      !entry.dialog.local_contact().empty()) {
    wanted.add(Name::contact, entry.dialog.local_contact());
  }
  if (wanted.method() == "INVITE" || wanted.method() == "UPDATE") add_session_timer(entry, wanted);
  add_identity(wanted);
  Outgoing outgoing;
  outgoing.purpose = purpose;
  outgoing.request = std::move(wanted);
  outgoing.dialog = id;
  const auto request = add_outgoing(std::move(outgoing));
  entry.waiting.push_back(request);
  launch_waiting(id, now, out);
  return request;
}

// RFC 3261 14.1: an INVITE waits until no other is under way in its dialog; what met glare waits
// for its time.
void UserAgent::Impl::launch_waiting(DialogId id, TimePoint now, UserAgentOutput& out) {
  const auto* entry = find(id);
  if (entry == nullptr) return;
  for (const auto request : std::vector{entry->waiting}) {
    entry = find(id);
    if (entry == nullptr) return;
    const auto found = outgoing_.find(request);
    if (found == outgoing_.end() || found->second.retry_at) continue;
    repeat(request, now, out);
  }
}

// Sends a request with its next CSeq: for the first time in a dialog, or once more.
void UserAgent::Impl::repeat(RequestId id, TimePoint now, UserAgentOutput& out) {
  auto& outgoing = outgoing_.at(id);
  const std::string method{outgoing.request.method()};
  outgoing.retry_at.reset();
  if (!outgoing.dialog) {
    const auto cseq = parse_cseq(outgoing.request.header(Name::cseq));
    outgoing.request.set(Name::cseq, to_text(CSeq{cseq ? cseq->number + 1 : 1, method}));
    return launch(id, now, out);
  }
  auto* entry = find(*outgoing.dialog);
  const bool is_bye = outgoing.purpose == Outgoing::Purpose::bye;
  if (entry == nullptr || (entry->is_ending && !is_bye)) return finish_locally(id, 481, now, out);
  if (is_blocked(*entry, outgoing.request)) {
    if (std::ranges::find(entry->waiting, id) == entry->waiting.end()) entry->waiting.push_back(id);
    return;
  }
  std::erase(entry->waiting, id);
  outgoing.request = entry->dialog.make_request(outgoing.request);
  const auto destination = entry->dialog.next_hop();
  if (!destination) return finish_locally(id, 503, now, out);
  outgoing.destination = *destination;

  if (method == "INVITE") entry->invite_out = id;
  if (carries_offer(outgoing.request) && entry->offer_answer.send_offer()) entry->offer_out = id;
  launch(id, now, out);
}

// RFC 3261 14.1, RFC 3311 5.1. Before the ACK the peer may not have seen our 2xx: then nothing but
// its BYE is sent.
bool UserAgent::Impl::is_blocked(const Entry& entry, const Message& request) {
  if (!entry.is_confirmed && request.method() != "BYE") return true;
  if (request.method() == "INVITE" && (entry.invite_out || entry.invite_in || entry.accepted)) {
    return true;
  }
  return carries_offer(request) && entry.offer_answer.state() != OfferAnswer::State::stable;
}

void UserAgent::Impl::launch(RequestId id, TimePoint now, UserAgentOutput& out) {
  auto& outgoing = outgoing_.at(id);
  LayerOutput layer;
  outgoing.transaction = layer_.send(outgoing.request, outgoing.destination, now, layer);
  by_transaction_.emplace(*outgoing.transaction, id);
  settle(std::move(layer), now, out);
}

void UserAgent::Impl::cancel(RequestId invite, TimePoint now, UserAgentOutput& out) {
  const auto found = outgoing_.find(invite);
  if (found == outgoing_.end() || found->second.request.method() != "INVITE") return;
  found->second.is_cancelled = true;
  if (!found->second.transaction) return finish_locally(invite, 487, now, out);
  LayerOutput layer;
  layer_.cancel(*found->second.transaction, now, layer);
  settle(std::move(layer), now, out);
}

}  // namespace convene::sip
