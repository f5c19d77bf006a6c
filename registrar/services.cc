#include "base/text.h"
#include "registrar/registrar.h"
#include "sip/name_addr.h"
#include "sip/tag.h"

// Which of a user's services see a request before it goes its way: the Participating Function, once
// for who begins and once for whom it is. 3GPP TS 24.229 5.4.3.2, 5.4.3.3; RFC 5502
namespace convene::registrar {

namespace {

// The user parts of the Route by which a request comes back to us from there: what has been done.
constexpr std::string_view originating_done = "orig";
constexpr std::string_view terminating_done = "term";

bool begins_something(const sip::Message& request) {
  return request.method() != "ACK" && request.method() != "REGISTER" &&
         sip::tag_of(request.header(sip::Name::to)).empty();
}

std::string route_back(std::string_view mark, const sip::LocalAddresses& addresses,
                       const std::string& otherwise) {
  const auto& back = addresses.tcp ? addresses.tcp : addresses.udp;
  return "<sip:" + std::string{mark} + "@" + (back ? to_text(*back) : otherwise) +
         (addresses.tcp ? ";transport=tcp" : "") + ";lr>";
}

}  // namespace

std::string to_client_route(const sip::LocalAddresses& addresses) {
  return route_back(terminating_done, addresses, {});
}
std::string to_user_route(const sip::LocalAddresses& addresses) {
  return route_back(originating_done, addresses, {});
}

bool Registrar::is_participating(const sip::Uri& uri) const {
  return participating_ && uri.user == participating_->user &&
         iequals(uri.host, participating_->host) && uri.port == participating_->port;
}

// What it has itself accepted, or sent: conversation 15.
bool Registrar::is_of_participating(const sip::Uri& uri) const {
  if (!settings_.participating || settings_.participating->user_mark.empty() ||
      !uri.user.starts_with(settings_.participating->user_mark))
    return false;
  const auto port = [](const sip::Uri& one) { return one.port ? one.port : std::uint16_t{5060}; };
  return participating_ && iequals(uri.host, participating_->host) &&
         port(uri) == port(*participating_);
}

Registrar::Target Registrar::by_participating(std::string_view user, std::string_view session_case,
                                              bool is_registered) const {
  const bool is_originating = session_case == "orig";
  Target target{.destination = settings_.participating->at, .uri = {}, .asserted = {}};
  target.routes = {"<" + settings_.participating->uri + ";lr" + (is_originating ? ";orig>" : ">"),
                   route_back(is_originating ? originating_done : terminating_done,
                              settings_.layer.addresses, settings_.domain)};
  target.served_user = "<" + std::string{user} + ">;sescase=" + std::string{session_case} +
                       ";regstate=" + (is_registered ? "reg" : "unreg");
  return target;
}

std::optional<Registrar::Target> Registrar::originating(const sip::Message& request,
                                                        std::string_view asserted,
                                                        std::string_view mark) const {
  if (!settings_.participating || asserted.empty() || !mark.empty() || !begins_something(request))
    return std::nullopt;
  return by_participating(asserted, "orig", true);
}

std::optional<Registrar::Target> Registrar::terminating(const sip::Message& request,
                                                        std::string_view mark,
                                                        TimePoint now) const {
  if (!settings_.participating || mark == terminating_done || !begins_something(request))
    return std::nullopt;
  const auto uri = sip::parse_uri(request.uri());
  if (!uri) return std::nullopt;
  if (const auto owner = location_.owner_of(*uri, now))
    return by_participating(owner->address_of_record, "term", true);
  if (!uri->is_tel() && !iequals(uri->host, settings_.domain)) return std::nullopt;
  const auto address = sip::address_of_record(*uri);
  const bool is_registered = !location_.bindings(address, now).empty();
  if (!is_registered && !authentication_.is_known(address)) return std::nullopt;
  return by_participating(address, "term", is_registered);
}

}  // namespace convene::registrar
