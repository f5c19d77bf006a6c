#include "participating/rewriting.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "participating/served_user.h"
#include "sip/fields.h"
#include "sip/name_addr.h"
#include "sip/tag.h"

namespace convene::participating {

namespace {

// Of the hop or of the dialog, and so never passed on.
constexpr std::array of_hop_or_dialog{
    sip::Name::via,         sip::Name::max_forwards, sip::Name::from,
    sip::Name::to,          sip::Name::call_id,      sip::Name::cseq,
    sip::Name::route,       sip::Name::record_route, sip::Name::content_length,
    sip::Name::content_type};

bool is_of_hop_or_dialog(const sip::Message::Field& field) {
  return std::ranges::find(of_hop_or_dialog, field.name) != of_hop_or_dialog.end() ||
         iequals(field.text, p_served_user);
}

void copy_rest(sip::Message& to, const sip::Message& from) {
  for (const auto& field : from.fields()) {
    if (is_of_hop_or_dialog(field)) continue;
    if (field.name == sip::Name::other)
      to.add(field.text, field.value);
    else
      to.add(field.name, field.value);
  }
  if (from.has(sip::Name::content_type) || !from.body().empty())
    to.set_body(from.header(sip::Name::content_type), from.body());
}

std::string tagged(std::string_view address, std::string_view tag) {
  return tag.empty() ? sip::without_params(address) : sip::with_tag(address, tag);
}

}  // namespace

sip::Message onward(const sip::Message& request, const Addressing& addressing) {
  auto made = sip::Message::request(request.method(), request.uri());
  const auto hops = sip::parse_delta_seconds(request.header(sip::Name::max_forwards));
  made.add(sip::Name::max_forwards, std::to_string(hops ? std::max(*hops, 1U) - 1 : 70));
  made.add(sip::Name::from, tagged(request.header(sip::Name::from), addressing.from_tag));
  made.add(sip::Name::to, tagged(request.header(sip::Name::to), addressing.to_tag));
  made.add(sip::Name::call_id, addressing.call_id);
  made.copy(sip::Name::cseq, request);
  for (const auto& route : addressing.routes) made.add(sip::Name::route, route);
  for (const auto& route : addressing.record_routes) made.add(sip::Name::record_route, route);
  copy_rest(made, request);
  return made;
}

sip::Message backward(const sip::Message& request, const sip::Message& response,
                      std::string_view to_tag, const std::vector<std::string>& record_routes) {
  auto made = sip::Message::response(response.status(), response.reason());
  made.copy(sip::Name::via, request);
  made.copy(sip::Name::from, request);
  made.add(sip::Name::to, tagged(request.header(sip::Name::to), to_tag));
  made.copy(sip::Name::call_id, request);
  made.copy(sip::Name::cseq, request);
  for (const auto& route : record_routes) made.add(sip::Name::record_route, route);
  copy_rest(made, response);
  return made;
}

std::vector<std::string> values_of(const sip::Message& message, sip::Name name) {
  const auto values = message.values(name);
  return {values.begin(), values.end()};
}

std::string contact_of(const sip::Message& message) {
  const auto contact = sip::parse_name_addr(message.header(sip::Name::contact));
  return contact ? to_text(contact->uri) : std::string{};
}

bool has_feature_tags(const sip::Message& message) {
  const auto contact = sip::parse_name_addr(message.header(sip::Name::contact));
  return contact &&
         (contact->params.has("+g.3gpp.icsi-ref") || contact->params.has("+g.oma.sip-im"));
}

}  // namespace convene::participating
