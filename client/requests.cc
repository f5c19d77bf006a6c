#include <utility>

#include "base/random.h"
#include "client/core.h"
#include "cpm/capabilities.h"
#include "cpm/service.h"
#include "sip/fields.h"
#include "sip/name_addr.h"

namespace convene::client {

using sip::Name;

std::string Client::Core::own_name_addr() const {
  const auto quoted =
      settings.display_name.empty() ? std::string{} : sip::quote(settings.display_name) + ' ';
  return quoted + '<' + settings.address + '>';  // R2.7b
}

// sip:alice@198.51.100.11:5060;transport=tcp
std::string Client::Core::contact_uri() const {
  const auto& local = addresses.sip.of(settings.transport);
  sip::Uri uri;
  uri.scheme = "sip";
  uri.user = contact_user;
  if (local) uri.host = local->host;
  if (local) uri.port = local->port;
  switch (settings.transport) {
    case sip::Transport::udp: break;
    case sip::Transport::tcp: uri.params.add("transport", "tcp"); break;
    case sip::Transport::tls: uri.params.add("transport", "tls"); break;
  }
  return sip::to_text(uri);
}

// R2.8, R2.9: the tags of exactly the services that we have, or the chat tag. A22: in every Contact
// of a session.
std::string Client::Core::contact(std::string_view icsi) const {
  return cpm::contact_with_tags(contact_uri(), {.icsi = icsi,
                                                .services = settings.services,
                                                .chat_only = settings.chat_only,
                                                .instance = settings.instance});
}

std::string Client::Core::own_host() const {
  const auto& local = addresses.sip.of(settings.transport);
  return local ? local->host : "localhost";
}

// What every request of ours outside a dialog begins with.
sip::Message Client::Core::make_request(std::string_view method, std::string_view uri) {
  auto request = sip::Message::request(method, uri);
  request.add(Name::max_forwards, "70");
  request.add(Name::from, own_name_addr());
  request.add(Name::to, "<" + std::string{uri} + ">");
  request.add(Name::call_id, random_hex(surroundings.random, 16) + "@" + own_host());
  request.add(Name::cseq, sip::to_text(sip::CSeq{.number = 1, .method = std::string{method}}));
  if (!settings.route.empty()) {
    request.add(Name::route, settings.route);
  } else {
    for (const auto& route : registration.service_route) request.add(Name::route, route);
  }
  return request;
}

// CPM 7.3.1.1: what an INVITE of any service says of us and of itself.
sip::Message Client::Core::make_invite(std::string_view uri, std::string_view icsi,
                                       std::string_view preferred_service, const cpm::Ids& ids) {
  auto invite = make_request("INVITE", uri);
  invite.add(Name::contact, contact(icsi));
  invite.add(Name::accept_contact, cpm::accept_contact(icsi));
  invite.add(Name::p_preferred_identity, own_name_addr());
  invite.add(Name::p_preferred_service, preferred_service);
  cpm::write_ids(invite, ids);
  ask_for_anonymity(invite);
  return invite;
}

// R2.7, R2.10: a 200 to an INVITE, with its ids.
sip::Message Client::Core::make_acceptance(const sip::Message& invite, std::string_view icsi,
                                           std::string_view description) {
  auto response = agent->respond_to(invite, 200);
  response.add(Name::contact, contact(icsi));
  response.add(Name::p_preferred_identity, own_name_addr());
  response.copy(Name::conversation_id, invite);  // R2.7c
  response.copy(Name::contribution_id, invite);
  response.copy(Name::in_reply_to_contribution_id, invite);
  ask_for_anonymity(response);
  response.set(Name::allow, allowed_methods);
  response.set_body("application/sdp", description);
  return response;
}

// RFC 3323 4.2, RFC 3325 9.3
void Client::Core::ask_for_anonymity(sip::Message& message) const {
  if (settings.is_anonymous) message.add(Name::privacy, "id");
}

// Its owner knows the request before anything can come of it.
void Client::Core::own(sip::RequestId request, const RequestOwner& owner) {
  requests.emplace(request, owner);
  if (std::holds_alternative<OfRegistration>(owner)) {
    registration.request = request;
  } else if (const auto* group = std::get_if<GroupId>(&owner)) {
    find(*group)->invite = request;
  } else if (const auto* files = std::get_if<FileSessionId>(&owner)) {
    find(*files)->invite = request;
  } else if (const auto* message = std::get_if<MessageId>(&owner)) {
    find(*message)->invite = request;
  }
}

void Client::Core::send(sip::Message request, const RequestOwner& owner, TimePoint now,
                        Output& out) {
  sip::UserAgentOutput agent_output;
  own(agent->request(std::move(request), now, agent_output), owner);
  settle(std::move(agent_output), now, out);
}

bool Client::Core::send_in(sip::DialogId dialog, sip::Message request, const RequestOwner& owner,
                           TimePoint now, Output& out) {
  sip::UserAgentOutput agent_output;
  const auto id = agent->request_in(dialog, std::move(request), now, agent_output);
  if (id) own(*id, owner);
  settle(std::move(agent_output), now, out);
  return id.has_value();
}

std::optional<sip::DialogId> Client::Core::respond(sip::ServerTransactionId transaction,
                                                   sip::Message response, TimePoint now,
                                                   Output& out) {
  if (response.status() >= 200) offers.erase(transaction);
  sip::UserAgentOutput agent_output;
  const auto dialog = agent->respond(transaction, std::move(response), now, agent_output);
  settle(std::move(agent_output), now, out);
  return dialog;
}

void Client::Core::answer(sip::ServerTransactionId transaction, const sip::Message& request,
                          int status, TimePoint now, Output& out) {
  respond(transaction, agent->respond_to(request, status), now, out);
}

void Client::Core::refuse(sip::ServerTransactionId transaction, const sip::Message& request,
                          const cpm::Refusal& refusal, TimePoint now, Output& out) {
  surroundings.log.info(
      "client", refusal.detail.empty() ? "refused" : refusal.detail,
      {{"call_id", request.header(Name::call_id)}, {"status", std::to_string(refusal.status)}});
  auto response = agent->respond_to(request, refusal.status);
  cpm::write_warning(response, refusal, own_host());
  respond(transaction, std::move(response), now, out);
}

void Client::Core::bye(sip::DialogId dialog, std::string_view reason, TimePoint now, Output& out) {
  std::vector<std::pair<Name, std::string>> headers;
  if (!reason.empty()) headers.emplace_back(Name::reason, reason);
  dialogs.erase(dialog);
  sip::UserAgentOutput agent_output;
  agent->bye(dialog, headers, now, agent_output);
  settle(std::move(agent_output), now, out);
}

std::optional<sip::NameAddr> Client::Core::remote_contact(sip::DialogId dialog) const {
  const auto view = agent->dialog(dialog);
  return view ? std::optional{view->remote_contact} : std::nullopt;
}

}  // namespace convene::client
