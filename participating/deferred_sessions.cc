#include "participating/deferred_sessions.h"

#include <algorithm>
#include <utility>

#include "cpim/imdn_headers.h"
#include "cpm/capabilities.h"
#include "cpm/ids.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"
#include "store/folder.h"

namespace convene::participating {

using sip::Name;

namespace {

constexpr std::uint64_t wrapper_allowance = 16'384;  // CPIM headers around the content
constexpr Duration bye_overtakes{5'000};  // for what is still on its way when the BYE is here
constexpr int taken_whole = 200;
constexpr int another_file = 400;
constexpr int too_much = 413;
constexpr int no_session = 481;

}  // namespace

std::uint64_t DeferredSessions::expected_for(std::string_view user) const {
  std::uint64_t octets = 0;
  for (const auto& taking : taking_)
    if (taking.served.address == user && !taking.id && !taking.is_kept)
      octets += taking.offer.octets;
  return octets;
}

bool DeferredSessions::can_take(const ServedUser& served, const sip::Message& invite,
                                const DeferredDelivery& delivery) const {
  if (settings_.media_listener.host.empty() || taking_.size() >= settings_.deferral.max_sessions ||
      invite.method() != "INVITE" || !delivery.may_keep(served, invite))
    return false;
  const auto offer = read_deferrable_offer(invite, settings_.deferral.max_content_octets);
  if (!offer || (offer->line().media.is_secure && !settings_.secure_media_listener)) return false;
  if (delivery.queue().find(served.address, offer->message_id)) return false;
  const auto room =
      delivery.queue().has_room(served.address, offer->octets, expected_for(served.address));
  if (!room)
    world_.log.warning(
        "participating", room.error().detail,
        {{"user", masked(served.address)}, {"call_id", invite.header(Name::call_id)}});
  return room.has_value();
}

void DeferredSessions::expect(std::string call_id, ServedUser served) {
  expected_.insert_or_assign(std::move(call_id), std::move(served));
}

// Flow F4.1; RFC 5547 8.3
void DeferredSessions::invited(DeferringTurn& turn, const sip::RequestReceived& request) {
  const auto refuse = [&](int status) {
    turn.agent.respond(request.transaction, turn.agent.respond_to(request.request, status),
                       turn.now, turn.sip);
  };
  const auto served = expected_.extract(std::string{request.request.header(Name::call_id)});
  auto offer = read_deferrable_offer(request.request, settings_.deferral.max_content_octets);
  if (!served || !offer) return refuse(480);

  Taking taking;
  taking.served = std::move(served.mapped());
  taking.invite = request.request;
  taking.offer = *std::move(offer);
  const auto& offered = taking.offer.line();
  auto media = own_media(settings_, offered.media.is_secure, world_.random);
  const bool is_active = offered.media.setup != sdp::Setup::active;
  media.setup = is_active ? sdp::Setup::active : sdp::Setup::passive;
  if (is_active) media.port = media.path.front().port = cpm::discard_port;
  media.accept_types = offered.media.accept_types;
  media.accept_wrapped_types = offered.media.accept_wrapped_types;
  media.max_size = settings_.deferral.max_content_octets;
  taking.line.local = media.path.front();
  taking.line.peer = offered.media;
  taking.line.setup = is_active ? msrp::Setup::active : msrp::Setup::passive;
  taking.answer = cpm::answer_for(offered, std::move(media));
  taking.description.session_id = std::to_string(random_below(world_.random, 1'000'000'000) + 1);
  if (taking.offer.kind == DeferredKind::file) taking.spool = cpm::FileSpool{offered.file.selector};
  taking.until = turn.now + settings_.deferral.begin_patience;
  const bool is_file = taking.offer.kind == DeferredKind::file;
  taking.contact = cpm::contact_with_tags(
                       new_deferral_uri(*sip::parse_uri(settings_.uri), world_.random),
                       {.icsi = is_file ? cpm::icsi::file_transfer : cpm::icsi::large_message}) +
                   ";automata";

  auto response = turn.agent.respond_to(request.request, taken_whole);
  response.copy(Name::record_route, request.request);
  response.add(Name::contact, taking.contact);
  if (const auto ids = cpm::read_ids(request.request)) cpm::write_ids(response, *ids);
  response.add(Name::allow, deferral_methods);
  response.set_body("application/sdp", answer_of(taking));
  taking.dialog = turn.agent.respond(request.transaction, std::move(response), turn.now, turn.sip);
  if (!taking.dialog) return;

  world_.log.info("participating", "taken on behalf of who cannot be reached",
                  {{"user", masked(taking.served.address)},
                   {"kind", name_of(taking.offer.kind)},
                   {"call_id", request.request.header(Name::call_id)}});
  taking_.push_back(std::move(taking));
  if (!is_active) open(turn, taking_.back());
}

bool DeferredSessions::acknowledged(DeferringTurn& turn, const sip::Acknowledged& dialog) {
  const auto place = find(dialog.dialog);
  if (place == taking_.end()) return false;
  if (!place->session) open(turn, *place);
  return true;
}

void DeferredSessions::open(DeferringTurn& turn, Taking& taking) {
  auto settings = session_settings(taking.line);
  settings.hold_answers = true;
  settings.relays = true;
  settings.is_peer_known = true;  // nothing goes on from here
  settings.receive = {.into = msrp::Receive::Into::body,
                      .max_octets = taking.offer.octets + wrapper_allowance,
                      .expected_octets = {}};
  taking.session = turn.media.open_own(std::move(settings), turn.now, turn.told);
}

std::string DeferredSessions::answer_of(const Taking& taking) const {
  std::vector<std::optional<cpm::FileMedia>> answers(taking.offer.offer.files.size());
  answers[taking.offer.index] = taking.answer;
  return sdp::to_text(cpm::answer_files(taking.offer.offer, taking.description, answers));
}

DeferredSessions::Place DeferredSessions::find(sip::DialogId dialog) {
  return std::ranges::find_if(taking_,
                              [dialog](const auto& taking) { return taking.dialog == dialog; });
}

DeferredSessions::Place DeferredSessions::find(msrp::SessionKey session) {
  return std::ranges::find_if(taking_,
                              [session](const auto& taking) { return taking.session == session; });
}

// RFC 5547 8.1, G-43: a refresh repeats what is. Conversation 14.7: port 0 takes the file back.
bool DeferredSessions::requested(DeferringTurn& turn, const sip::RequestReceived& request) {
  const auto place = find(*request.dialog);
  if (place == taking_.end()) return false;
  auto& taking = *place;
  const bool is_invite = request.request.method() == "INVITE";
  const auto description = cpm::description_of(request.request);
  const auto* line = description && taking.offer.index < description->media.size()
                         ? &description->media[taking.offer.index]
                         : nullptr;
  const bool is_same = line != nullptr && line->attributes.value("file-transfer-id").value_or("") ==
                                              taking.answer.file.transfer_id;
  const int status = !is_invite                                  ? 405
                     : is_same || request.request.body().empty() ? taken_whole
                                                                 : 488;
  auto response = turn.agent.respond_to(request.request, status);
  response.add(Name::allow, deferral_methods);
  if (status == taken_whole) {
    const bool takes_back = is_same && line->port == 0;
    if (takes_back) taking.answer.media.port = 0;
    response.add(Name::contact, taking.contact);
    response.set_body("application/sdp", answer_of(taking));
    turn.agent.respond(request.transaction, std::move(response), turn.now, turn.sip);
    if (takes_back && !taking.is_kept) give_up(turn, place, no_session, "its sender took it back");
    return true;
  }
  turn.agent.respond(request.transaction, std::move(response), turn.now, turn.sip);
  return true;
}

// Its BYE may overtake the last octets, which come another way.
bool DeferredSessions::ended(DeferringTurn& turn, const sip::DialogEnded& dialog) {
  const auto place = find(dialog.dialog);
  if (place == taking_.end()) return false;
  place->dialog.reset();
  if (place->is_kept)
    end(turn, place);
  else
    place->until = turn.now + bye_overtakes;
  return true;
}

// ---- What comes over MSRP. ----

bool DeferredSessions::told(DeferringTurn& turn, msrp::Event& event) {
  const auto session = std::visit([](const auto& what) { return what.session; }, event);
  const auto place = find(session);
  if (place == taking_.end()) return false;
  if (const auto* begun = std::get_if<msrp::MessageBegun>(&event)) {
    if (!begin(turn, place, *begun)) bodies_.drop(begun->body);
  } else if (const auto* growing = std::get_if<msrp::MessageGrew>(&event)) {
    grew(turn, place, *growing);
  } else if (const auto* whole = std::get_if<msrp::MessageReceived>(&event)) {
    received(turn, place, *whole);
  } else if (const auto* aborted = std::get_if<msrp::MessageAborted>(&event)) {
    if (place->incoming == aborted->message && !place->id && !place->is_kept)
      give_up(turn, place, no_session, aborted->reason);
  } else if (const auto* failed = std::get_if<msrp::SessionFailed>(&event)) {
    place->incoming.reset();
    if (!place->is_kept) give_up(turn, place, no_session, failed->reason);
  }
  return true;
}

// RFC 5547 8.7: one file, one message. False: the body is not taken.
bool DeferredSessions::begin(DeferringTurn& turn, Place place, const msrp::MessageBegun& message) {
  auto& taking = *place;
  if (taking.incoming) {
    turn.media.with_endpoint(turn.now, turn.told, [&](auto& endpoint, auto& out) {
      endpoint.refuse(message.message, turn.now, out);
    });
    return false;
  }
  taking.incoming = message.message;
  taking.total = message.total;
  if (taking.dialog) taking.until.reset();
  if (const auto begun = taking.spool.begin(message); !begun)
    give_up(turn, place, another_file, begun.error().detail);
  return true;
}

// All but the last octets are answered at once.
void DeferredSessions::grew(DeferringTurn& turn, Place place, const msrp::MessageGrew& message) {
  auto& taking = *place;
  if (message.message != taking.incoming) return;
  if (const auto grown = taking.spool.grow(message.ready, bodies_); !grown)
    return give_up(turn, place, grown.error().fault == Fault::too_large ? too_much : another_file,
                   grown.error().detail);
  const auto before = std::exchange(taking.arrived, message.ready);
  const bool may_be_last = !taking.total || message.ready >= *taking.total;
  turn.media.with_endpoint(turn.now, turn.told, [&](auto& endpoint, auto& out) {
    endpoint.confirm(message.message, may_be_last ? before : message.ready, turn.now, out);
  });
}

void DeferredSessions::received(DeferringTurn& turn, Place place,
                                const msrp::MessageReceived& message) {
  auto& taking = *place;
  if (message.message != taking.incoming) {  // RFC 6135 4.2.2: the first SEND, which is empty
    turn.media.with_endpoint(turn.now, turn.told, [&](auto& endpoint, auto& out) {
      endpoint.answer(message.message, taken_whole, turn.now, out);
    });
    return;
  }
  taking.is_whole = true;
  if (const auto finished = taking.spool.finish(message.total, bodies_); !finished)  // G-31
    return give_up(turn, place, another_file, finished.error().detail);
  store(turn, place);
}

// ---- What becomes of it. ----

// Durable before acknowledged.
void DeferredSessions::store(DeferringTurn& turn, Place place) {
  auto& taking = *place;
  const auto wall = world_.calendar.at(turn.now);
  const bool is_file = taking.offer.kind == DeferredKind::file;
  DeferredContent content;
  content.type = taking.spool.content_type();
  content.body = *taking.spool.body();
  content.octets = taking.spool.size();
  DeferredMessage message;
  message.user = taking.served.address;
  message.account =
      store::account_of(settings_.account, taking.served.address).value_or(message.user);
  message.message_id = taking.offer.message_id;
  if (!is_file && taking.spool.wrapper()) {
    content.wrapper = cpim::to_text(*taking.spool.wrapper());
    message.message_id = cpim::imdn_message_id(*taking.spool.wrapper());
  }
  message.stored = wall;
  message.expires = wall + lifetime_of(taking.invite, wall, settings_.deferral.ttl);
  message.request = to_text(taking.invite);
  message.kind = taking.offer.kind;
  message.sender = sender_of(taking.invite);
  message.content = std::move(content);

  using Reach = DeferredDelivery::Reach;
  const auto reach = taking.is_here                ? Reach::here
                     : taking.served.is_registered ? Reach::not_now
                                                   : Reach::away;
  const auto id = turn.delivery.keep(turn.messages, std::move(message), reach);
  if (id) {
    taking.id = *id;
    return;
  }
  if (id.error().fault != Fault::out_of_order)
    return give_up(turn, place, too_much, id.error().detail);
  answer(turn, place, taken_whole);  // it came again
}

bool DeferredSessions::kept(DeferringTurn& turn, const SessionKept& what) {
  const auto place =
      std::ranges::find_if(taking_, [&](const auto& taking) { return taking.id == what.id; });
  if (place == taking_.end()) {  // who sent it has heard of a failure
    if (what.is_stored) turn.delivery.take_back(turn.messages, what.id);
    return false;
  }
  place->id.reset();
  if (what.is_stored)
    answer(turn, place, taken_whole);
  else
    give_up(turn, place, too_much, "it cannot be stored");
  return true;
}

// RFC 4975 7.1.3: the report follows the answer. Then its sender says BYE.
void DeferredSessions::answer(DeferringTurn& turn, Place place, int status) {
  auto& taking = *place;
  taking.is_kept = true;
  turn.media.with_endpoint(turn.now, turn.told, [&](auto& endpoint, auto& out) {
    if (!taking.incoming) return;
    endpoint.answer(*taking.incoming, status, turn.now, out);
    endpoint.report_success(*taking.incoming, turn.now, out);
  });
  taking.spool.drop(bodies_);
  taking.until = turn.now + settings_.deferral.end_patience;
  if (!taking.dialog) taking.until = turn.now + bye_overtakes;
}

void DeferredSessions::give_up(DeferringTurn& turn, Place place, int status, std::string_view why) {
  auto& taking = *place;
  world_.log.warning("participating", "not deferred: " + std::string{why},
                     {{"user", masked(taking.served.address)},
                      {"call_id", taking.invite.header(Name::call_id)},
                      {"status", std::to_string(status)}});
  turn.media.with_endpoint(turn.now, turn.told, [&](auto& endpoint, auto& out) {
    if (!taking.incoming) return;
    if (taking.is_whole) return endpoint.answer(*taking.incoming, status, turn.now, out);
    endpoint.report_failure(*taking.incoming, status, turn.now, out);
    endpoint.refuse(*taking.incoming, turn.now, out);
  });
  end(turn, place);
}

void DeferredSessions::end(DeferringTurn& turn, Place place) {
  auto& taking = *place;
  taking.spool.drop(bodies_);
  if (taking.dialog) turn.agent.bye(*taking.dialog, {}, turn.now, turn.sip);
  const auto session = taking.session;
  taking_.erase(place);
  if (session) turn.media.close_own(*session, turn.now, turn.told);
}

void DeferredSessions::registered(std::string_view user) {
  for (auto& taking : taking_)
    if (taking.served.address == user) taking.is_here = true;
}

bool DeferredSessions::owns(const msrp::Uri& uri) const {
  return std::ranges::any_of(taking_, [&](const auto& taking) {
    return msrp::are_equivalent(taking.answer.media.path.front(), uri);
  });
}

void DeferredSessions::wake(DeferringTurn& turn) {
  for (auto it = taking_.begin(); it != taking_.end();) {
    const auto place = it++;
    if (!is_due(place->until, turn.now)) continue;
    if (place->is_kept)
      end(turn, place);
    else if (!place->id)
      give_up(turn, place, no_session, "nothing came, or not all of it");
  }
}

Deadline DeferredSessions::deadline() const {
  Deadline first;
  for (const auto& taking : taking_)
    if (!taking.id) first = earliest(first, taking.until);
  return first;
}

}  // namespace convene::participating
