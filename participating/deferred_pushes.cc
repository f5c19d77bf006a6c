#include "participating/deferred_pushes.h"

#include <algorithm>
#include <utility>

#include "cpim/imdn_headers.h"
#include "cpm/capabilities.h"
#include "cpm/content_types.h"
#include "cpm/ids.h"
#include "cpm/large_message_offer.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"
#include "participating/deferral_reports.h"
#include "participating/rewriting.h"
#include "sip/tag.h"

namespace convene::participating {

using sip::Name;

namespace {

constexpr int all_acknowledged = 200;
constexpr int cannot_be_reached = 480;
constexpr int not_as_offered = 488;

// Conversation 15: who pushes what was stored and forwarded.
std::string pusher_for(std::string_view user) {
  const auto uri = sip::parse_uri(user);
  return "<sip:rcse-standfw@" + (uri && !uri->host.empty() ? uri->host : "localhost") + ">";
}

std::string_view icsi_of(DeferredKind kind) {
  return kind == DeferredKind::file ? cpm::icsi::file_transfer : cpm::icsi::large_message;
}

}  // namespace

// Flow F4.2; RFC 5547 8.1
std::optional<sip::Message> DeferredPushes::make_invite(Push& push) {
  const auto& message = push.message;
  const auto taken = sip::parse_message(message.request);
  if (!taken || !message.content) return std::nullopt;
  auto read = read_deferrable_offer(*taken, message.content->octets);
  const bool is_secure = read && read->line().media.is_secure;  // RFC 4975 14.4: stays so
  if (!read || (is_secure && !settings_.secure_media_listener)) return std::nullopt;
  const bool is_file = message.kind == DeferredKind::file;
  const auto uri = new_deferral_uri(*sip::parse_uri(settings_.uri), world_.random);
  auto media = own_media(settings_, is_secure, world_.random);
  if (is_file) {
    push.ours = read->line();  // with its icon
    push.ours.file.transfer_id = cpm::new_transfer_id(world_.random);
    push.ours.media = cpm::sending_file(std::move(media), push.ours.file.selector);
    push.ours.wrapper = deferred_original(message);
    cpim::set_to(*push.ours.wrapper, {.uri = message.user});
    cpim::add_imdn_record_route(*push.ours.wrapper, {.uri = sip::address_of_record(uri)});
  } else {
    push.ours = cpm::large_message_line(std::move(media), sdp::Direction::sendonly,
                                        read->line().media.accept_wrapped_types);
    push.ours.wrapper = read->line().wrapper;
  }
  const cpm::FileTransferOffer offer{.description = {}, .files = {push.ours}};
  push.description.session_id = std::to_string(random_below(world_.random, 1'000'000'000) + 1);
  push.contact = cpm::contact_with_tags(uri, {.icsi = icsi_of(message.kind)});

  auto made = sip::Message::request("INVITE", message.user);
  made.add(Name::max_forwards, "70");
  made.add(Name::from, sip::without_params(taken->header(Name::from)));
  made.add(Name::to, "<" + message.user + ">");
  made.add(Name::call_id, std::string{push_mark} + random_token(world_.random, 24));
  if (settings_.deferral.push_route.empty())
    for (const auto& route : values_of(*taken, Name::route)) made.add(Name::route, route);
  else
    made.add(Name::route, settings_.deferral.push_route);
  made.add(Name::contact, push.contact);
  made.add(Name::accept_contact, cpm::accept_contact(icsi_of(message.kind)));
  made.add(Name::p_asserted_identity, pusher_for(message.user));
  if (!message.sender.empty()) made.add(Name::referred_by, "<" + message.sender + ">");
  made.copy(Name::privacy, *taken);
  made.add(Name::date, to_sip_date(message.stored));
  if (const auto ids = cpm::read_ids(*taken)) cpm::write_ids(made, *ids);
  made.add(Name::supported, "timer");
  made.add(Name::allow, deferral_methods);
  cpm::write_file_transfer_offer(made, offer, push.description, world_.random);
  return made;
}

void DeferredPushes::push(DeferringTurn& turn, SessionDue due) {
  auto& push = pushes_.emplace_back();
  push.id = due.id;
  push.message = std::move(due.message);
  const auto place = std::prev(pushes_.end());
  if (pushes_.size() > settings_.deferral.max_sessions) return end(turn, place, cannot_be_reached);
  auto invite = make_invite(push);
  if (!invite) return end(turn, place, not_as_offered);
  world_.log.info("participating", "pushing what was deferred",
                  {{"user", masked(push.message.user)},
                   {"kind", name_of(push.message.kind)},
                   {"message", push.message.message_id}});
  push.invite = turn.agent.request(*std::move(invite), turn.now, turn.sip);
  push.until = turn.now + settings_.deferral.push_patience;
}

bool DeferredPushes::answered(DeferringTurn& turn, const sip::ResponseReceived& response) {
  const auto place = std::ranges::find(pushes_, response.request, &Push::invite);
  if (place == pushes_.end()) return false;
  const int status = response.response.status();
  if (status < 200) return true;
  place->until.reset();
  if (status >= 300 || !response.dialog) {
    end(turn, place, place->is_late || status < 300 ? cannot_be_reached : status);
    return true;
  }
  place->dialog = response.dialog;
  begin(turn, place, response.response);
  return true;
}

// RFC 5547 8.3.1: port 0 refuses it.
void DeferredPushes::begin(DeferringTurn& turn, Place place, const sip::Message& response) {
  auto& push = *place;
  const auto answers =
      cpm::read_file_transfer_answer(response, {push.ours}, cpm::AddressRule::may_differ);
  const auto setup =
      answers ? cpm::setup_after_answer(*push.ours.media.setup, answers->front()->media.setup)
              : std::optional<msrp::Setup>{};
  if (!setup || answers->front()->media.is_secure != push.ours.media.is_secure)
    return end(turn, place, not_as_offered);
  const auto& theirs = answers->front()->media;
  auto settings = session_settings(
      LineEnd{.local = push.ours.media.path.front(), .peer = theirs, .setup = setup});
  push.session = turn.media.open_own(std::move(settings), turn.now, turn.told);
  send(turn, push, theirs);
}

// Conversation 14.3: raw if he lists the file's type, else in CPIM.
void DeferredPushes::send(DeferringTurn& turn, Push& push, const cpm::MsrpMedia& theirs) {
  const auto& content = *push.message.content;
  msrp::OutgoingMessage message;
  message.content_type = content.type;
  message.body = content.body;
  if (push.message.kind == DeferredKind::large_message) {
    message.prefix = content.wrapper;
  } else if (cpm::file_form(theirs.accept_types, content.type) == cpm::FileForm::cpim) {
    auto selector = push.ours.file.selector;
    selector.type = content.type;
    message.prefix =
        cpm::file_prefix({.uri = push.message.sender}, {.uri = push.message.user}, selector);
  }
  if (!message.prefix.empty()) message.content_type = cpm::cpim_type;
  message.total = message.prefix.size() + content.octets;
  message.lane = msrp::OutgoingMessage::Lane::file;
  turn.media.with_endpoint(turn.now, turn.told, [&](auto& endpoint, auto& out) {
    endpoint.send(*push.session, std::move(message), turn.now, out);
    endpoint.body_grew(content.body, content.octets, turn.now, out);
  });
}

bool DeferredPushes::told(DeferringTurn& turn, const msrp::Event& event) {
  const auto session = std::visit([](const auto& what) { return what.session; }, event);
  const auto place = std::ranges::find_if(
      pushes_, [session](const auto& push) { return push.session == session; });
  if (place == pushes_.end()) return false;
  if (std::holds_alternative<msrp::MessageSent>(event))
    end(turn, place, all_acknowledged);
  else if (const auto* failed = std::get_if<msrp::MessageFailed>(&event))
    // RFC 4975 10.5: 413 is said by who does not want it; anything else may go well later.
    end(turn, place,
        failed->status == 413 || failed->status == 415 ? failed->status : cannot_be_reached);
  else if (std::holds_alternative<msrp::SessionFailed>(event))
    end(turn, place, cannot_be_reached);
  return true;
}

bool DeferredPushes::requested(DeferringTurn& turn, const sip::RequestReceived& request) {
  const auto place = std::ranges::find(pushes_, request.dialog, &Push::dialog);
  if (place == pushes_.end()) return false;
  auto response =
      turn.agent.respond_to(request.request, request.request.method() == "INVITE" ? 488 : 405);
  response.add(Name::allow, deferral_methods);
  turn.agent.respond(request.transaction, std::move(response), turn.now, turn.sip);
  return true;
}

bool DeferredPushes::ended(DeferringTurn& turn, const sip::DialogEnded& dialog) {
  const auto place = std::ranges::find(pushes_, std::optional{dialog.dialog}, &Push::dialog);
  if (place == pushes_.end()) return false;
  place->dialog.reset();
  end(turn, place, cannot_be_reached);
  return true;
}

void DeferredPushes::end(DeferringTurn& turn, Place place, int status) {
  const auto push = std::move(*place);
  pushes_.erase(place);
  if (push.session) turn.media.close_own(*push.session, turn.now, turn.told);
  if (push.dialog) turn.agent.bye(*push.dialog, {}, turn.now, turn.sip);
  if (push.message.content) bodies_.drop(push.message.content->body);
  turn.delivery.pushed(turn.messages, push.id, status);
}

void DeferredPushes::wake(DeferringTurn& turn) {
  for (auto& push : pushes_) {
    if (!is_due(push.until, turn.now)) continue;
    push.until.reset();
    push.is_late = true;
    turn.agent.cancel(push.invite, turn.now, turn.sip);
  }
}

Deadline DeferredPushes::deadline() const {
  Deadline first;
  for (const auto& push : pushes_) first = earliest(first, push.until);
  return first;
}

}  // namespace convene::participating
