#include "controlling/audience_transfer.h"
#include "controlling/conference_factory.h"
#include "controlling/controlling_function_impl.h"
#include "controlling/predefined_group.h"
#include "cpm/service.h"

// Conversation 6.2: requests to the address of a pre-defined group, which need its document.
namespace convene::controlling {

namespace {

cpm::Refusal refusal(int status, std::string detail) {
  return {.status = status, .warning = {}, .detail = std::move(detail)};
}

GroupType type_of(const groups::GroupDocument& document) {
  const bool anybody_may_invite =
      document.rules && std::ranges::any_of(*document.rules, [](const auto& rule) {
        return rule.actions.invite_others.value_or(false);
      });
  return anybody_may_invite ? GroupType::open : GroupType::closed;
}

}  // namespace

void ControllingFunction::Impl::group_requested(Turn& turn, const PeerRequest& request) {
  const auto address = sip::address_of_record(request.message.uri());
  const auto answer = documents_.look_up(address, turn.now, policy_.document);
  if (const auto* document = std::get_if<const groups::GroupDocument*>(&answer)) {
    return serve_group(turn, request, **document);
  }
  if (std::holds_alternative<GroupDocuments::Absent>(answer)) {
    return refuse(turn, request.transaction, request.message,
                  refusal(404, "6.2 unknown pre-defined group"));
  }
  const auto& fetch = std::get<GroupDocuments::Fetch>(answer);
  if (fetch.to_fetch) turn.fetches.push_back(*fetch.to_fetch);
  hold(turn, request, fetch.id);
}

// Until the document is here: a number of requests, each for a while.
void ControllingFunction::Impl::hold(Turn& turn, const PeerRequest& request, DocumentId document) {
  auto& waiting = held_[document];
  if (waiting.size() >= policy_.document.max_waiting) {
    return refuse(turn, request.transaction, request.message,
                  refusal(503, "6.2 refused: too many wait for the document"));
  }
  waiting.push_back({.transaction = request.transaction,
                     .message = request.message,
                     .originator = request.originator,
                     .ids = request.ids});
  if (request.message.method() == "INVITE") {
    tables_.invites.emplace(request.transaction, OfHeldRequest{document});
  }
}

void ControllingFunction::Impl::held_cancelled(DocumentId document,
                                               sip::ServerTransactionId transaction) {
  const auto found = held_.find(document);
  if (found == held_.end()) return;
  std::erase_if(found->second,
                [transaction](const auto& one) { return one.transaction == transaction; });
}

void ControllingFunction::Impl::document_fetched(Turn& turn, DocumentId id,
                                                 const FetchedDocument& fetched) {
  const auto outcome = documents_.fetched(id, fetched, turn.now, policy_.document);
  if (!outcome.why.empty()) {
    world_.log.warning("controlling",
                       outcome.document ? "6.2 no newer group document; the old one serves"
                                        : "6.2 no group document",
                       {{"group", masked(outcome.address)}, {"why", outcome.why}});
  }
  auto held = held_.extract(id);
  if (!held) return;
  for (const auto& one : held.mapped()) {
    tables_.invites.erase(one.transaction);
    const PeerRequest request{.transaction = one.transaction,
                              .message = one.message,
                              .originator = one.originator,
                              .ids = one.ids};
    if (outcome.document) {
      serve_group(turn, request, *outcome.document);
    } else {
      refuse(turn, request.transaction, request.message,
             outcome.is_absent ? refusal(404, "6.2 unknown pre-defined group")
                               : refusal(503, "6.2 refused: no group document"));
    }
  }
}

void ControllingFunction::Impl::serve_group(Turn& turn, const PeerRequest& request,
                                            const groups::GroupDocument& document) {
  const auto method = request.message.method();
  if (method == "MESSAGE") {
    return send_page(turn, request, audience_of_group(request, document, policy_));
  }
  if (method != "INVITE") {
    return refuse(turn, request.transaction, request.message,
                  refusal(405, "6.2 refused: method not allowed"));
  }
  switch (const auto service = cpm::service_of(request.message)) {
    case cpm::Service::file_transfer:
    case cpm::Service::large_message:
      return begin_audience_transfer(turn, request, service,
                                     audience_of_group(request, document, policy_));
    case cpm::Service::session:
    case cpm::Service::unknown: return enter_group(turn, request, document);
    case cpm::Service::message:
    case cpm::Service::deferred: break;
  }
  refuse(turn, request.transaction, request.message, refusal(488, "6.2 refused: another service"));
}

// The first begins the session and everybody is invited; who comes later joins the one that runs.
void ControllingFunction::Impl::enter_group(Turn& turn, PeerRequest request,
                                            const groups::GroupDocument& document) {
  const auto address = sip::address_of_record(document.uri);
  const auto known = by_address_.find(address);
  auto* session = known == by_address_.end() ? nullptr : group(known->second);
  if (session && session->is_dissolved()) session = nullptr;

  const auto granted = may_enter(request, document, session && session->is_active());
  if (!granted) {
    auto why = granted.error();
    why.detail = "6.2 refused: " + why.detail;
    return refuse(turn, request.transaction, request.message, why);
  }
  auto members = members_of_document(document, request.originator, policy_.group);
  if (session) {
    session->redefine(document, std::move(members));
    return session->join(turn, request);
  }
  if (groups_.size() >= policy_.group.max_groups) {
    return refuse(turn, request.transaction, request.message,
                  refusal(503, "6.2 refused: too many groups"));
  }
  if (!give_ids(turn, request)) return;
  const GroupId id{turn.next_id()};
  GroupProfile profile{.focus = new_focus(world_.random, policy_.group), .type = type_of(document)};
  profile.invitation.ids = request.ids;
  profile.document = to_text(document);
  profile.predefined = document;
  by_focus_.emplace(sip::address_of_record(profile.focus), id);
  by_ids_.insert_or_assign({request.ids.conversation, request.ids.contribution}, id);
  by_address_.insert_or_assign(address, id);
  groups_.emplace(id, GroupSession{id, std::move(profile), std::move(members)});
  group(id)->join(turn, request);
}

}  // namespace convene::controlling
