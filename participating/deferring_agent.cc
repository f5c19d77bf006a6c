#include <algorithm>
#include <utility>

#include "cpim/imdn_headers.h"
#include "cpm/identity.h"
#include "cpm/report.h"
#include "cpm/standalone_message.h"
#include "participating/participating_function_impl.h"
#include "sip/fields.h"
#include "sip/name_addr.h"
#include "sip/tag.h"

// The user agent that takes and pushes sessions for users who are away: a SIP entity of its own,
// that the B2BUA meets only in SIP. Conversation 15
namespace convene::participating {

namespace {

// Between the two entities nothing leaves: what comes has these flows.
constexpr sip::Flow from_agent{UINT64_MAX - 100};
constexpr sip::Flow from_b2bua{UINT64_MAX - 101};

sip::Source inside(sip::Flow flow, const sip::Uri& own) {
  return {.transport = sip::Transport::tcp,
          .address = {own.host, own.port},
          .flow = flow,
          .is_trusted = true};
}

sip::Destination to_flow(sip::Flow flow, const sip::Uri& own) {
  return {.transport = sip::Transport::tcp, .address = {own.host, own.port}, .flow = flow};
}

}  // namespace

void ParticipatingFunction::Impl::start_agent() {
  sip::UserAgentSettings settings;
  settings.layer = settings_.layer;
  settings.layer.branch_mark += "df";
  settings.allow = deferral_methods;
  settings.supported = {"timer"};
  agent_.emplace(std::move(settings), world_);
}

// A new one each time: it refers to what may have moved.
void ParticipatingFunction::Impl::tell_sessions(Turn& turn,
                                                const std::function<void(DeferringTurn&)>& call) {
  auto messages = deferring(turn);
  DeferringTurn deferring_turn{.now = turn.now,
                               .agent = *agent_,
                               .sip = turn.agent,
                               .media = media_,
                               .told = turn.media,
                               .delivery = deferred_,
                               .messages = messages};
  call(deferring_turn);
}

// The address of something that we have deferred: flow F4.
bool ParticipatingFunction::Impl::is_to_deferral(const sip::Message& request) const {
  if (!own_ || !request.is_request() || request.has(sip::Name::route)) return false;
  auto uri = sip::parse_uri(request.uri());
  if (!uri || !uri->user.starts_with(deferral_mark)) return false;
  uri->user = own_->user;
  return is_own(*uri);
}

// What is in a dialog of its own, and the responses to what it has said.
bool ParticipatingFunction::Impl::is_to_agent(const sip::Message& message) const {
  if (message.is_request())
    return is_to_deferral(message) && !sip::tag_of(message.header(sip::Name::to)).empty();
  const auto via = message.header(sip::Name::via);
  const auto top = sip::parse_via(via.substr(0, via.find(',')));
  return top && agent_->owns_branch(top->branch());
}

void ParticipatingFunction::Impl::give_to_agent(Turn& turn, sip::Message message,
                                                const sip::Source& source) {
  agent_->receive(std::move(message), source, turn.now, turn.agent);
}

// What the two say to each other; all else leaves, in its order.
bool ParticipatingFunction::Impl::hand_over_sends(Turn& turn) {
  auto sends = std::exchange(turn.sip.sends, {});
  for (auto& send : sends) {
    const bool is_inside = send.destination.flow == from_agent || is_to_agent(send.message);
    if (is_inside)
      give_to_agent(turn, std::move(send.message), inside(from_b2bua, *own_));
    else if (is_to_deferral(send.message))  // a report that we pass on comes to ourselves
      layer_->receive(std::move(send.message), inside(from_b2bua, *own_), turn.now, turn.sip);
    else
      turn.out.sends.push_back(std::move(send));
  }
  auto answers = std::exchange(turn.agent.sends, {});
  for (auto& send : answers) {
    if (send.destination.flow == from_b2bua || is_routed_to_us(send.message))
      layer_->receive(std::move(send.message), inside(from_agent, *own_), turn.now, turn.sip);
    else
      turn.out.sends.push_back(std::move(send));
  }
  return !turn.sip.sends.empty() || !turn.agent.sends.empty();
}

// The INVITE goes to our own user agent instead of the user's. Its media is not ours to record, and
// nobody has answered it yet.
void ParticipatingFunction::Impl::have_taken(Turn& turn, CallId id, sip::ServerTransactionId in) {
  auto& call = calls_.at(id);
  auto& exchange = exchanges_.at(in);
  exchange_of_.erase(exchange.sent);
  call.pairings.clear();
  call.recording.reset();
  call.proposal.reset();
  call.is_anchored = false;
  exchange.is_deferrable = exchange.is_late = false;

  Addressing addressing;
  addressing.call_id = call.callee_call_id;
  addressing.from_tag = call.tag_to_callee;
  addressing.record_routes = {call.record_routes.front()};
  sessions_.expect(call.callee_call_id, call.served);
  auto made = onward(exchange.request, addressing);
  exchange.sent = layer_->send(std::move(made), to_flow(from_agent, *own_), turn.now, turn.sip);
  exchange_of_.emplace(exchange.sent, in);
  exchange_deadlines_.set(in.value, turn.now + settings_.invitation_patience);
}

void ParticipatingFunction::Impl::handle(Turn& turn, sip::UserAgentEvent& event) {
  tell_sessions(turn, [&](DeferringTurn& deferring_turn) {
    if (const auto* request = std::get_if<sip::RequestReceived>(&event)) {
      if (!request->dialog) return sessions_.invited(deferring_turn, *request);
      if (!sessions_.requested(deferring_turn, *request))
        pushes_.requested(deferring_turn, *request);
    } else if (const auto* response = std::get_if<sip::ResponseReceived>(&event)) {
      pushes_.answered(deferring_turn, *response);
    } else if (const auto* acknowledged = std::get_if<sip::Acknowledged>(&event)) {
      sessions_.acknowledged(deferring_turn, *acknowledged);
    } else if (const auto* ended = std::get_if<sip::DialogEnded>(&event)) {
      if (!sessions_.ended(deferring_turn, *ended)) pushes_.ended(deferring_turn, *ended);
    }
  });
}

void ParticipatingFunction::Impl::handle(Turn& turn, DeferredSessionEvent& event) {
  tell_sessions(turn, [&](DeferringTurn& deferring_turn) {
    if (auto* due = std::get_if<SessionDue>(&event))
      pushes_.push(deferring_turn, std::move(*due));
    else
      sessions_.kept(deferring_turn, std::get<SessionKept>(event));
  });
}

void ParticipatingFunction::Impl::handle(Turn& turn, OwnSessionTold& told) {
  tell_sessions(turn, [&](DeferringTurn& deferring_turn) {
    if (sessions_.told(deferring_turn, told.event) || pushes_.told(deferring_turn, told.event))
      return;
    // Its session has just ended.
    if (const auto* begun = std::get_if<msrp::MessageBegun>(&told.event)) bodies_.drop(begun->body);
  });
}

void ParticipatingFunction::Impl::user_is_here(Turn& turn, std::string_view user) {
  sessions_.registered(user);
  auto deferring_turn = deferring(turn);
  deferred_.registered(deferring_turn, user);
}

// RFC 5438 8, flow F4.3: the user's report on something that we have deferred goes its way, without
// us on it any more. Nothing but reports comes this way.
void ParticipatingFunction::Impl::pass_report(Turn& turn, sip::RequestArrived arrived) {
  auto& request = arrived.request;
  auto content = cpm::read_pager_content(request);
  const auto originator = cpm::authenticated_originator(request);
  if (request.method() != "MESSAGE" || !content || !cpm::is_report(content->message))
    return refuse(turn, arrived, 404, "only reports go to what was deferred");
  if (!originator) return refuse(turn, arrived, 403, "nobody says who reports");
  const auto hops = cpim::imdn_route(content->message);
  if (hops.empty() ||
      sip::address_of_record(hops.front().uri) != sip::address_of_record(request.uri()))
    return refuse(turn, arrived, 400, "a report that does not come by us");

  cpim::remove_top_imdn_route(content->message);
  const auto target = cpm::report_target(content->message);
  if (!sip::parse_uri(target)) return refuse(turn, arrived, 400, "a report for nobody");
  request.set_uri(target);
  request.set(sip::Name::to, "<" + target + ">");
  request.set_body("message/cpim", cpim::to_text(content->message));
  if (!settings_.deferral.report_route.empty())
    request.add(sip::Name::route, settings_.deferral.report_route);
  const auto to = sip::next_hop(request);
  if (!to) return refuse(turn, arrived, 416, "nobody knows where it should go");
  const ServedUser served{.address = sip::address_of_record(originator->uri),
                          .session_case = SessionCase::originating,
                          .is_registered = true};
  begin_call(turn, arrived, served, *to);
}

}  // namespace convene::participating
