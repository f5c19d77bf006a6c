#include <algorithm>

#include "base/text.h"
#include "registrar/device_choice.h"
#include "registrar/registrar.h"

// Where a request goes next. RFC 3261 16.4-16.6.
namespace convene::registrar {

namespace {

bool has_tag(const sip::Message& request, sip::Name name) {
  const auto address = sip::parse_name_addr(request.header(name));
  return address && address->params.has("tag");
}

bool is_numeric(std::string_view host) {
  return host.contains(':') || host.find_first_not_of("0123456789.") == host.npos;
}

}  // namespace

// One of our own addresses, as our Record-Route and Via give them.
bool Registrar::is_own(const sip::Uri& uri) const {
  if (!uri.is_sip() || is_participating(uri)) return false;
  const auto& addresses = settings_.layer.addresses;
  for (const auto* address : {&addresses.udp, &addresses.tcp, &addresses.tls}) {
    if (*address && iequals((*address)->host, uri.host) &&
        (*address)->port == (uri.port ? uri.port : 5060))
      return true;
  }
  return false;
}

bool Registrar::is_service(const sip::Uri& uri) const {
  if (!uri.is_sip()) return false;
  const auto address = sip::address_of_record(uri);
  const auto is_it = [&](const std::string& service) {
    return sip::address_of_record(service) == address;
  };
  if (std::ranges::any_of(settings_.service_uris, is_it)) return true;
  return !uri.user.empty() &&
         std::ranges::any_of(settings_.service_hosts, [&](const std::string& text) {
           const auto host = sip::parse_host_port(text);
           return host && iequals(host->host, uri.host) && host->port == uri.port;
         });
}

// RFC 3261 16.4
std::string Registrar::remove_own_routes(sip::Message& request) const {
  // A strict router before us has put our Record-Route into the Request-URI.
  if (const auto uri = sip::parse_uri(request.uri());
      uri && uri->params.has("lr") && is_own(*uri)) {
    const auto routes = request.values(sip::Name::route);
    if (!routes.empty()) {
      const std::vector<std::string> kept(routes.begin(), routes.end() - 1);
      if (const auto last = sip::parse_name_addr(routes.back()))
        request.set_uri(to_text(last->uri));
      request.remove(sip::Name::route);
      for (const auto& route : kept) request.add(sip::Name::route, route);
    }
  }
  std::string mark;
  for (;;) {
    const auto routes = request.values(sip::Name::route);
    if (routes.empty()) return mark;
    const auto top = sip::parse_name_addr(routes.front());
    if (!top || !is_own(top->uri)) return mark;
    mark = top->uri.user;
    request.remove_first_value(sip::Name::route);
  }
}

// RFC 3261 16.5. Fault::not_found: 404, Fault::closed: 480, Fault::unsupported: 403.
Result<std::vector<Registrar::Target>> Registrar::targets_of(const sip::Message& request,
                                                             std::string_view mark,
                                                             TimePoint now) const {
  const auto uri = TRY(sip::parse_uri(request.uri()));
  if (const auto routes = request.values(sip::Name::route); !routes.empty()) {
    const auto top = TRY(sip::parse_name_addr(routes.front()));
    if (is_participating(top.uri))
      return std::vector{
          Target{.destination = settings_.participating->at, .uri = {}, .asserted = {}}};
    return std::vector{
        Target{.destination = TRY(sip::destination_of(top.uri)), .uri = {}, .asserted = {}}};
  }
  if (is_of_participating(uri))
    return std::vector{
        Target{.destination = settings_.participating->at, .uri = {}, .asserted = {}}};
  if (is_service(uri))
    return std::vector{Target{.destination = settings_.services_at, .uri = {}, .asserted = {}}};

  if (auto served = terminating(request, mark, now)) return std::vector{std::move(*served)};

  // Inside a dialog, or to a device: its Contact URI.
  if (auto owner = location_.owner_of(uri, now)) {
    return std::vector{Target{.destination = owner->binding.destination(),
                              .uri = {},
                              .asserted = std::move(owner->address_of_record)}};
  }
  const bool is_ours = uri.is_tel() || iequals(uri.host, settings_.domain);
  if (!is_ours) {
    if (is_own(uri)) return fail(Fault::not_found, "no such service here");
    // Nobody uses us as a relay to elsewhere, except inside a dialog that was set up through us.
    if (!has_tag(request, sip::Name::to) || !is_numeric(uri.host))
      return fail(Fault::unsupported, "not a domain we route to");
    return std::vector{
        Target{.destination = TRY(sip::destination_of(uri)), .uri = {}, .asserted = {}}};
  }

  const auto address = sip::address_of_record(uri);
  std::vector<Target> targets;
  for (const auto& binding : devices_for(request, uri, location_.bindings(address, now)))
    targets.push_back(
        {.destination = binding.destination(), .uri = binding.contact.uri, .asserted = address});
  if (targets.empty() && !authentication_.is_known(address))
    return fail(Fault::not_found, "no such user");
  if (targets.empty()) return fail(Fault::closed, "user is not registered");
  return targets;
}

// RFC 3261 16.6 (4). When the request leaves another way than it came, both ways are recorded (RFC
// 5658).
void Registrar::add_record_route(sip::Message& request, const sip::Source& source,
                                 const sip::Destination& next) const {
  const auto method = request.method();
  if (has_tag(request, sip::Name::to) ||
      (method != "INVITE" && method != "SUBSCRIBE" && method != "REFER"))
    return;

  const auto record = [&](sip::Transport transport) {
    const auto& address = settings_.layer.addresses.of(transport);
    if (!address) return;
    const auto scheme = transport == sip::Transport::tls ? "<sips:" : "<sip:";
    const auto parameter = transport == sip::Transport::tcp ? ";transport=tcp;lr>" : ";lr>";
    request.add_first(sip::Name::record_route, scheme + to_text(*address) + parameter);
  };
  record(source.transport);
  if (next.transport != source.transport) record(next.transport);
}

}  // namespace convene::registrar
