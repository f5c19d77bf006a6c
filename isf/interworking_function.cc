#include "isf/interworking_function.h"

#include <utility>

#include "base/random.h"
#include "cpim/message.h"
#include "cpm/capabilities.h"
#include "cpm/ids.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"
#include "cpm/standalone_message.h"

namespace convene::isf {

using sip::Name;

namespace {

constexpr std::string_view allowed_methods = "INVITE, ACK, CANCEL, BYE, UPDATE, MESSAGE, OPTIONS";
constexpr std::size_t session_id_octets = 16;
constexpr std::uint16_t active_port = 9;  // RFC 6135 4.2

}  // namespace

InterworkingFunction::InterworkingFunction(Settings settings, Surroundings surroundings)
    : settings_{std::move(settings)},
      surroundings_{surroundings},
      endpoint_{{}, surroundings, bodies_} {}

void InterworkingFunction::start(const Addresses& addresses) {
  addresses_ = addresses;
  agent_.emplace(sip::UserAgentSettings{.layer = {.branch_mark = "isf",
                                                  .addresses = addresses.sip,
                                                  .timers = {},
                                                  .max_transactions = 10'000},
                                        .product = {},
                                        .allow = std::string{allowed_methods},
                                        .credentials = {},
                                        .outbound = {},
                                        .supported = {},
                                        .max_dialogs = settings_.max_sessions},
                 surroundings_);
}

void InterworkingFunction::settle(sip::UserAgentOutput sip, msrp::Output msrp, TimePoint now,
                                  Output& out) {
  std::ranges::move(sip.sends, std::back_inserter(out.sends));
  std::ranges::move(msrp.effects, std::back_inserter(out.msrp));
  for (const auto& event : msrp.events) {
    if (const auto* message = std::get_if<msrp::MessageReceived>(&event)) said(*message);
  }
  for (auto& event : sip.events) {
    if (auto* request = std::get_if<sip::RequestReceived>(&event)) on(*request, now, out);
    if (const auto* ack = std::get_if<sip::Acknowledged>(&event)) on(*ack, now, out);
    if (const auto* end = std::get_if<sip::DialogEnded>(&event)) on(*end, now, out);
  }
}

std::optional<sip::DialogId> InterworkingFunction::respond(const sip::RequestReceived& event,
                                                           sip::Message response, TimePoint now,
                                                           Output& out) {
  sip::UserAgentOutput sip;
  const auto dialog = agent_->respond(event.transaction, std::move(response), now, sip);
  settle(std::move(sip), {}, now, out);
  return dialog;
}

void InterworkingFunction::refuse(const sip::RequestReceived& event, int status,
                                  std::string_view why, TimePoint now, Output& out) {
  surroundings_.log.info("isf", why,
                         {{"status", std::to_string(status)},
                          {"call_id", event.request.header(Name::call_id)},
                          {"who", masked(event.request.uri())}});
  respond(event, agent_->respond_to(event.request, status), now, out);
}

void InterworkingFunction::on(sip::RequestReceived& event, TimePoint now, Output& out) {
  const auto method = event.request.method();
  if (method == "INVITE" && !event.dialog) return invited(event, now, out);
  if (method == "INVITE" || method == "UPDATE") return offered_again(event, now, out);
  if (method == "MESSAGE" && !event.dialog) return message_received(event, now, out);
  auto response = agent_->respond_to(event.request, method == "OPTIONS" ? 200 : 405);
  response.set(Name::allow, allowed_methods);
  respond(event, std::move(response), now, out);
}

// CPM 6.5, conversation 16: the same content that the participant would have got. R1.16
void InterworkingFunction::invited(const sip::RequestReceived& event, TimePoint now, Output& out) {
  const auto& invite = event.request;
  const auto service = service_for(settings_.routes, invite.uri());
  if (!service) return refuse(event, 404, "6.5 no route to the recipient", now, out);
  if (cpm::service_of(invite) == cpm::Service::file_transfer) {
    return refuse(event, 488, "6.5 no files", now, out);
  }
  if (sessions_.size() >= settings_.max_sessions) {
    return refuse(event, 480, "6.5 too many sessions", now, out);
  }
  const auto chat = cpm::read_chat(invite);
  const auto setup = chat ? cpm::setup_for_answer(chat->media.setup) : std::nullopt;
  if (!setup || chat->media.is_secure) return refuse(event, 488, "6.5 no chat", now, out);

  Session session{.service = *service,
                  .recipient = std::string{invite.uri()},
                  .ours = answering_media(),
                  .theirs = chat->media,
                  .description = {},
                  .media = {}};
  session.ours.accept_wrapped_types = chat->media.accept_wrapped_types;
  session.ours.direction = sdp::reversed(chat->media.direction);  // of a large message: recvonly
  const cpm::DescriptionId id{
      .session_id = std::to_string(random_below(surroundings_.random, 1'000'000'000) + 1)};
  session.description = sdp::to_text(cpm::answer_chat(*chat, id, session.ours));

  // Without IARI tags: nothing is indicated about files. R1.22, conversation 16
  auto response = agent_->respond_to(invite, 200);
  const auto& local = addresses_.sip.tcp ? addresses_.sip.tcp : addresses_.sip.udp;
  const auto contact = "sip:iwf-" + std::string{name_of(*service)} + "@" +
                       (local ? to_text(*local) : std::string{"localhost"}) +
                       (addresses_.sip.tcp ? ";transport=tcp" : "");
  response.add(Name::contact, cpm::contact_with_tags(contact, {.icsi = cpm::icsi::session}));
  for (const auto name :
       {Name::conversation_id, Name::contribution_id, Name::in_reply_to_contribution_id}) {
    response.copy(name, invite);
  }
  response.set_body("application/sdp", session.description);
  surroundings_.log.info("isf", "6.5 invited for a user who is no CPM user",
                         {{"service", name_of(*service)}, {"who", masked(invite.uri())}});
  if (const auto dialog = respond(event, std::move(response), now, out)) {
    sessions_.insert_or_assign(*dialog, std::move(session));
  }
}

// It connects: RFC 6135 4.2.1
cpm::MsrpMedia InterworkingFunction::answering_media() const {
  cpm::MsrpMedia media;
  media.host = addresses_.msrp.host;
  media.port = active_port;
  media.path = {{.user = {},
                 .host = addresses_.msrp.host,
                 .port = active_port,
                 .session_id = random_hex(surroundings_.random, session_id_octets),
                 .parameters = {}}};
  media.setup = sdp::Setup::active;
  media.accept_types = {"message/cpim"};
  return media;
}

void InterworkingFunction::on(const sip::Acknowledged& event, TimePoint now, Output& out) {
  const auto found = sessions_.find(event.dialog);
  if (found == sessions_.end() || found->second.media) return;
  auto& session = found->second;
  msrp::Output msrp;
  msrp::SessionSettings settings{.local = session.ours.path.front(),
                                 .remote = session.theirs.path,
                                 .setup = msrp::Setup::active,
                                 .connect_to = cpm::connect_target(session.theirs, false),
                                 .receive = {.into = msrp::Receive::Into::memory,
                                             .max_octets = settings_.max_octets,
                                             .expected_octets = {}}};
  session.media = endpoint_.open(std::move(settings), now, msrp);
  settle({}, std::move(msrp), now, out);
}

// The same SDP again: nothing of it changes. RFC 4028 7.4
void InterworkingFunction::offered_again(const sip::RequestReceived& event, TimePoint now,
                                         Output& out) {
  const auto found = sessions_.find(*event.dialog);
  if (found == sessions_.end()) return refuse(event, 481, "6.5 no such session", now, out);
  auto response = agent_->respond_to(event.request, 200);
  response.set_body("application/sdp", found->second.description);
  respond(event, std::move(response), now, out);
}

void InterworkingFunction::on(const sip::DialogEnded& event, TimePoint now, Output& out) {
  const auto found = sessions_.find(event.dialog);
  if (found == sessions_.end()) return;
  msrp::Output msrp;
  if (found->second.media) endpoint_.close(*found->second.media, now, msrp);
  sessions_.erase(found);
  settle({}, std::move(msrp), now, out);
}

// A standalone message. Conversation 13, 16
void InterworkingFunction::message_received(const sip::RequestReceived& event, TimePoint now,
                                            Output& out) {
  const auto service = service_for(settings_.routes, event.request.uri());
  if (!service) return refuse(event, 404, "6.5 no route to the recipient", now, out);
  const auto content = cpm::read_pager_content(event.request);
  if (!content) return refuse(event, content.error().status, "6.5 no CPIM", now, out);
  keep(*service, event.request.uri(), content->message);
  respond(event, agent_->respond_to(event.request, 200), now, out);
}

void InterworkingFunction::said(const msrp::MessageReceived& message) {
  if (message.octets.empty()) return;
  const auto content = cpim::parse_message(message.octets);
  if (!content) return;
  for (const auto& [dialog, session] : sessions_) {
    if (session.media == message.session) keep(session.service, session.recipient, *content);
  }
}

void InterworkingFunction::keep(Service service, std::string_view recipient,
                                const cpim::Message& message) {
  const auto from = cpim::from_of(message);
  delivered_.push_back({.service = service,
                        .recipient = std::string{recipient},
                        .from = from ? from->uri : std::string{},
                        .text = message.body});
  if (delivered_.size() > settings_.max_kept) delivered_.pop_front();
  surroundings_.log.info("isf", "6.5 a message would be sent on",
                         {{"service", name_of(service)}, {"who", masked(recipient)}});
}

// ---- Inputs. ----

void InterworkingFunction::receive(sip::Message message, const sip::Source& source, TimePoint now,
                                   Output& out) {
  message.remove(Name::session_expires);  // RFC 4028 9: it knows no session timers
  sip::UserAgentOutput sip;
  agent_->receive(std::move(message), source, now, sip);
  settle(std::move(sip), {}, now, out);
}

void InterworkingFunction::transport_failed(const sip::Destination& destination, TimePoint now,
                                            Output& out) {
  sip::UserAgentOutput sip;
  agent_->transport_failed(destination, now, sip);
  settle(std::move(sip), {}, now, out);
}

void InterworkingFunction::msrp_connected(msrp::ConnectionId connection, const msrp::Remote& remote,
                                          TimePoint now, Output& out) {
  msrp::Output msrp;
  endpoint_.connected(connection, remote, now, msrp);
  settle({}, std::move(msrp), now, out);
}

void InterworkingFunction::msrp_closed(msrp::ConnectionId connection, TimePoint now, Output& out) {
  msrp::Output msrp;
  endpoint_.closed(connection, now, msrp);
  settle({}, std::move(msrp), now, out);
}

std::span<std::byte> InterworkingFunction::msrp_prepare(msrp::ConnectionId connection) {
  return endpoint_.prepare(connection);
}

void InterworkingFunction::msrp_commit(msrp::ConnectionId connection, std::size_t count,
                                       TimePoint now, Output& out) {
  msrp::Output msrp;
  endpoint_.commit(connection, count, now, msrp);
  settle({}, std::move(msrp), now, out);
}

void InterworkingFunction::msrp_writable(msrp::ConnectionId connection, std::size_t budget,
                                         TimePoint now, Output& out) {
  msrp::Output msrp;
  endpoint_.writable(connection, budget, now, msrp);
  settle({}, std::move(msrp), now, out);
}

void InterworkingFunction::msrp_written(msrp::ConnectionId connection, TimePoint now, Output& out) {
  msrp::Output msrp;
  endpoint_.written(connection, now, msrp);
  settle({}, std::move(msrp), now, out);
}

void InterworkingFunction::wake(TimePoint now, Output& out) {
  sip::UserAgentOutput sip;
  msrp::Output msrp;
  agent_->wake(now, sip);
  endpoint_.wake(now, msrp);
  settle(std::move(sip), std::move(msrp), now, out);
}

Deadline InterworkingFunction::deadline() const {
  return earliest(agent_ ? agent_->deadline() : Deadline{}, endpoint_.deadline());
}

}  // namespace convene::isf
