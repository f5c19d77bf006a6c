#include "controlling/audience_transfer.h"
#include "controlling/conference_factory.h"
#include "controlling/controlling_function_impl.h"
#include "controlling/group_file_transfer.h"
#include "controlling/predefined_group.h"
#include "controlling/recipient_history.h"
#include "cpm/identity.h"
#include "cpm/service.h"
#include "sip/fields.h"

namespace convene::controlling {

using sip::Name;

namespace {

cpm::Refusal only(int status, std::string detail) {
  return {.status = status, .warning = {}, .detail = std::move(detail)};
}

}  // namespace

void ControllingFunction::Impl::handle(Turn& turn, const sip::RequestReceived& event) {
  if (event.dialog) return handle_in_dialog(turn, event);

  const auto& message = event.request;
  const auto method = message.method();
  if (method == "OPTIONS") {
    auto response = agent_->respond_to(message, 200);
    response.add(Name::allow, allowed_methods);
    response.add(Name::accept, "application/sdp, multipart/mixed, multipart/related, message/cpim");
    agent_->respond(event.transaction, std::move(response), turn.now, turn.sip);
    return;
  }

  // CPM 6.1: without an authenticated originator nothing is granted.
  const auto originator = cpm::authenticated_originator(message);
  if (!originator) {
    return refuse(turn, event.transaction, message,
                  only(403, "6.1 refused: no authenticated originator"));
  }
  auto ids = cpm::read_ids(message);
  if (!ids) {
    return refuse(turn, event.transaction, message,
                  within("6.1 refused", cpm::refusal_of(ids.error())));
  }

  const PeerRequest request{.transaction = event.transaction,
                            .message = message,
                            .originator = *originator,
                            .ids = *std::move(ids)};
  if (is_group_address(message.uri(), policy_.group)) return group_requested(turn, request);
  if (method == "INVITE") return invited(turn, request);
  if (method == "SUBSCRIBE") return subscribed(turn, request);
  if (method == "MESSAGE") return page_received(turn, request);
  if (method == "REFER") return referred(turn, request);
  refuse(turn, event.transaction, message, only(405, "refused: method not allowed"));
}

// Conversation 6.1, 6.3, CPM 9.3: by Request-URI, then by service (A7).
void ControllingFunction::Impl::invited(Turn& turn, const PeerRequest& request) {
  const auto service = cpm::service_of(request.message);
  if (const auto* factory = factory_of(request.message.uri(), policy_.group)) {
    const bool is_session = service == cpm::Service::session || service == cpm::Service::unknown;
    if (service == cpm::Service::file_transfer || service == cpm::Service::large_message) {
      return begin_audience_transfer(turn, request, service, audience_of_list(request, policy_));
    }
    if (!is_session) {
      return refuse(turn, request.transaction, request.message,
                    {.status = 488,
                     .warning = "Only sessions are created here",
                     .detail = "6.1 creation refused: no session"});
    }
    return create_group(turn, *factory, request);
  }
  if (service == cpm::Service::file_transfer) return begin_file_transfer(turn, request);
  if (service != cpm::Service::session && service != cpm::Service::unknown) {
    return refuse(turn, request.transaction, request.message,
                  only(488, "6.3 refused: neither session nor file transfer"));
  }

  // A21, conversation 6.4: who does not know the group cannot be told more.
  auto* session = group_at(request.message.uri());
  if (!session || session->is_dissolved()) {
    return refuse(turn, request.transaction, request.message, only(404, "6.4 unknown group"));
  }
  session->join(turn, request);
}

// Conversation 17: a creation without ids is refused, or gets some.
bool ControllingFunction::Impl::give_ids(Turn& turn, PeerRequest& request) {
  const bool lacks_ids = request.ids.conversation.empty() || request.ids.contribution.empty();
  if (lacks_ids && policy_.group.require_ids) {
    refuse(turn, request.transaction, request.message,
           {.status = 400,
            .warning = "Conversation-ID and Contribution-ID are needed",
            .detail = "6.1 creation refused: no ids"});
    return false;
  }
  if (request.ids.conversation.empty()) {
    request.ids.conversation = cpm::new_conversation_id(world_.random);
  }
  if (request.ids.contribution.empty()) {
    request.ids.contribution = random_hex(world_.random, 16);
  }
  return true;
}

// Conversation 6.1
void ControllingFunction::Impl::create_group(Turn& turn, const Factory& factory,
                                             PeerRequest request) {
  const auto& policy = policy_.group;
  if (!give_ids(turn, request)) return;
  auto members = members_of_creation(request.message, request.originator, policy);
  if (!members) {
    return refuse(turn, request.transaction, request.message,
                  within("6.1 creation refused", members.error()));
  }
  if (merge_into_known_group(turn, request, *members)) return;
  if (groups_.size() >= policy.max_groups) {
    return refuse(turn, request.transaction, request.message,
                  only(503, "6.1 creation refused: too many groups"));
  }

  const GroupId id{turn.next_id()};
  GroupProfile profile{.focus = new_focus(world_.random, policy), .type = factory.type};
  profile.invitation.ids = request.ids;
  // R1.19: where members may be anonymous, nobody is named before they have said whether they are.
  if (policy.recipient_list_history && !policy.allow_anonymity) {
    profile.recipient_history = recipient_history_of(request.message, policy);
  }
  by_focus_.emplace(sip::address_of_record(profile.focus), id);
  by_ids_.insert_or_assign({request.ids.conversation, request.ids.contribution}, id);
  groups_.emplace(id, GroupSession{id, std::move(profile), *std::move(members)});
  group(id)->join(turn, request);
}

// Conversation 6.4: a repeated creation, or a restart by a member, is the group that is there; the
// ids are its key.
bool ControllingFunction::Impl::merge_into_known_group(Turn& turn, const PeerRequest& request,
                                                       const std::vector<Member>& members) {
  const auto found = by_ids_.find({request.ids.conversation, request.ids.contribution});
  auto* session = found == by_ids_.end() ? nullptr : group(found->second);
  if (!session || session->is_dissolved()) return false;

  if (!session->member(sip::address_of_record(request.originator.uri))) {
    refuse(turn, request.transaction, request.message,
           {.status = 403,
            .warning = std::string{cpm::not_authorised},
            .detail = "6.4 creation of a known group refused: not a member"});
    return true;
  }
  world_.log.info("controlling", "6.4 creation of a known group",
                  {{"contribution", request.ids.contribution}});
  session->restart(turn, request, members);
  return true;
}

// CPM 9.3, 9.3.1
void ControllingFunction::Impl::begin_file_transfer(Turn& turn, const PeerRequest& request) {
  auto plan = plan_group_file_transfer(request, group_at(request.message.uri()), queue_,
                                       transfers_.size(), policy_.file_transfer);
  if (!plan && give_rest(turn, request)) return;  // a pull: the plan refuses every one
  // R1.17-R1.19, for a sender who is not anonymous in the chat.
  if (plan && cpm::asks_for_anonymity(request.message) && plan->sender.pseudonym.empty()) {
    if (group(plan->group)->allows_anonymity(turn, plan->sender.address)) {
      plan->sender.pseudonym = cpm::anonymous_uri;
    } else {
      plan = cpm::refuse(403, "Anonymity not allowed", "asked for anonymity");
    }
  }
  begin_transfer(turn, request, std::move(plan), "9.3.1 file transfer refused");
}

// CPM 9.1.2, R3.0
void ControllingFunction::Impl::begin_audience_transfer(Turn& turn, const PeerRequest& request,
                                                        cpm::Service service,
                                                        cpm::Granted<Audience> audience) {
  auto plan = audience ? plan_audience_transfer(turn, request, service, *std::move(audience),
                                                transfers_.size())
                       : cpm::Granted<FileTransferPlan>{std::unexpected(audience.error())};
  begin_transfer(turn, request, std::move(plan), "9.1.2 refused");
}

void ControllingFunction::Impl::begin_transfer(Turn& turn, const PeerRequest& request,
                                               cpm::Granted<FileTransferPlan> plan,
                                               std::string_view section) {
  if (plan) {  // RFC 4975 14.4
    const auto& media = plan->offer.files[plan->index]->media;
    const auto setup = cpm::setup_for_answer(media, security_terms(turn));
    if (!setup) plan = std::unexpected(setup.error());
  }
  // Room for the file is looked for before anybody is invited.
  if (plan) {
    const auto size = plan->offer.files[plan->index]->file.selector.size;
    auto room = bodies_.create(size);
    while (!room && kept_files_.drop_oldest(bodies_)) room = bodies_.create(size);
    if (room) {
      bodies_.drop(*room);
    } else {
      plan = cpm::refuse(503, {}, "no room for the file");
    }
  }
  if (plan && !sdp::is_whole(plan->offer.files[plan->index]->file)) {  // G-29
    plan = go_on_with_kept(*std::move(plan), kept_files_);
  }
  if (!plan) {
    return refuse(turn, request.transaction, request.message, within(section, plan.error()));
  }

  const TransferId id{turn.next_id()};
  tables_.invites.emplace(request.transaction, OfFileSender{id});
  transfers_of_[plan->group].insert(id);
  if (plan->file().wrapper && !plan->audience) {
    group(plan->group)->file_begins(turn, plan->sender.address, *plan->file().wrapper);
  }
  transfers_.emplace(id, FileTransfer{id, *std::move(plan), turn.now, policy_});
  transfer(id)->start(turn);
}

void ControllingFunction::Impl::page_received(Turn& turn, const PeerRequest& request) {
  if (factory_of(request.message.uri(), policy_.group)) {
    return send_page(turn, request, audience_of_list(request, policy_));
  }
  auto* session = group_at(request.message.uri());
  if (!session) {
    return refuse(turn, request.transaction, request.message,
                  only(404, "message refused: unknown group"));
  }
  session->page_received(turn, request);
}

// CPM 9.1.1
void ControllingFunction::Impl::send_page(Turn& turn, const PeerRequest& request,
                                          cpm::Granted<Audience> audience) {
  auto page = audience ? page_for(request, *std::move(audience), policy_.message)
                       : cpm::Granted<PagerMessage>{std::unexpected(audience.error())};
  if (!page) {
    return refuse(turn, request.transaction, request.message,
                  within("9.1.1 message refused", page.error()));
  }
  agent_->respond(request.transaction, agent_->respond_to(request.message, 202), turn.now,
                  turn.sip);
  const MessageId id{turn.next_id()};
  page->send(turn, id);
  const bool is_watched = !page->is_over() && messages_.size() < policy_.message.max_watched;
  if (is_watched) messages_.emplace(id, *std::move(page));
}

// CPM 9.2.14.1, RFC 6665 4.2.1.1
void ControllingFunction::Impl::subscribed(Turn& turn, const PeerRequest& request) {
  const auto event = sip::parse_event(request.message.header(Name::event));
  if (!event || event->package != "conference") {
    return refuse(turn, request.transaction, request.message,
                  only(489, "9.2.14 subscription refused: another event package"));
  }
  auto* session = group_at(request.message.uri());
  if (!session || session->is_dissolved()) {
    return refuse(turn, request.transaction, request.message,
                  only(404, "9.2.14 subscription refused: unknown group"));
  }
  session->subscribed(turn, request);
}

// Conversation 6.5, 6.6, 17: to the focus, outside any dialog.
void ControllingFunction::Impl::referred(Turn& turn, const PeerRequest& request) {
  auto* session = group_at(request.message.uri());
  if (!session || session->is_dissolved()) {
    return refuse(turn, request.transaction, request.message,
                  only(404, "6.5 REFER refused: unknown group"));
  }
  session->referred(turn, request, sip::address_of_record(request.originator.uri), {});
}

void ControllingFunction::Impl::handle_in_dialog(Turn& turn, const sip::RequestReceived& event) {
  const auto& message = event.request;
  const auto found = tables_.dialogs.find(*event.dialog);
  if (found == tables_.dialogs.end()) {
    return refuse(turn, event.transaction, message, only(481, "refused: nobody's dialog"));
  }
  const auto owner = found->second;
  const PeerRequest request{
      .transaction = event.transaction, .message = message, .originator = {}, .ids = {}};

  const auto method = message.method();
  if (method == "BYE") return peer_hangs_up(turn, owner, event);
  if (method == "INVITE" || method == "UPDATE") return reinvited(turn, owner, request);
  if (method == "SUBSCRIBE") {
    const auto* of = std::get_if<OfSubscription>(&owner);
    auto* session = of ? group(of->group) : nullptr;
    if (session) return session->resubscribed(turn, *event.dialog, request);
    const auto* referral = std::get_if<OfReferral>(&owner);
    auto* referred_to = referral ? group(referral->group) : nullptr;
    if (referred_to) return referred_to->referral_resubscribed(turn, *event.dialog, request);
  }
  if (method == "REFER") {
    const auto* of = std::get_if<OfParticipant>(&owner);
    auto* session = of ? group(of->group) : nullptr;
    const auto* leg = session ? session->leg(of->leg) : nullptr;
    if (leg) return session->referred(turn, request, leg->participant, event.dialog);
  }
  if (method == "OPTIONS") {
    auto response = agent_->respond_to(message, 200);
    response.add(Name::allow, allowed_methods);
    agent_->respond(event.transaction, std::move(response), turn.now, turn.sip);
    return;
  }
  refuse(turn, event.transaction, message, only(405, "refused: method not allowed"));
}

// CPM 9.2.7 (1): a BYE that leaves for good is answered 200 once that is durable. R6.4
void ControllingFunction::Impl::peer_hangs_up(Turn& turn, const Owner& owner,
                                              const sip::RequestReceived& event) {
  const auto* of = std::get_if<OfParticipant>(&owner);
  auto* session = of ? group(of->group) : nullptr;
  const auto* leg = session ? session->leg(of->leg) : nullptr;
  const auto address = leg ? leg->participant : std::string{};

  auto ok = agent_->respond_to(event.request, 200);
  const sip::DialogEnded end{*event.dialog, sip::DialogEnded::Why::bye, event.request};
  if (!leg) {
    agent_->respond(event.transaction, std::move(ok), turn.now, turn.sip);
    return handle(turn, end);
  }
  handle(turn, end);
  if (!session->member(address)) {
    return session->answer_when_durable(
        turn,
        {.transaction = event.transaction, .request = event.request, .answer = std::move(ok)});
  }
  agent_->respond(event.transaction, std::move(ok), turn.now, turn.sip);
}

void ControllingFunction::Impl::reinvited(Turn& turn, const Owner& owner,
                                          const PeerRequest& request) {
  if (const auto* of = std::get_if<OfParticipant>(&owner)) {
    if (auto* one = group(of->group)) return one->reinvited(turn, of->leg, request);
  } else if (const auto* sender = std::get_if<OfFileSender>(&owner)) {
    if (auto* one = transfer(sender->transfer)) return one->sender_reinvited(turn, request);
  } else if (const auto* receiver = std::get_if<OfFileReceiver>(&owner)) {
    auto* one = transfer(receiver->transfer);
    if (one) return one->receiver_reinvited(turn, receiver->leg, request);
  }
  refuse(turn, request.transaction, request.message, only(481, "refused: nobody's dialog"));
}

}  // namespace convene::controlling
