#include "cpm/service.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "cpm/session_offer.h"
#include "sdp/file_transfer.h"
#include "sip/feature_tags.h"
#include "sip/name_addr.h"

namespace convene::cpm {

namespace {

constexpr std::string_view group_suffix = ".group";

// The parameters of an Accept-Contact value: what follows "*". RFC 3841 9.2
Result<sip::Params> params_of_accept_contact(std::string_view value) {
  const auto at = value.find(';');
  return sip::parse_params(at == std::string_view::npos ? std::string_view{} : value.substr(at));
}

// The first CPM service among the ICSIs of a feature tag.
Service service_in(const sip::Params& params) {
  for (const auto& urn : urns_of(params, icsi_tag)) {
    if (const auto service = service_of_icsi(urn); service != Service::unknown) return service;
  }
  return Service::unknown;
}

Service service_of_accept_contact(const sip::Message& request) {
  for (const auto value : request.values(sip::Name::accept_contact)) {
    const auto params = params_of_accept_contact(value);
    if (!params) continue;
    if (const auto service = service_in(*params); service != Service::unknown) return service;
  }
  return Service::unknown;
}

Service service_of_contact(const sip::Message& request) {
  const auto contacts = request.values(sip::Name::contact);
  if (contacts.empty()) return Service::unknown;
  const auto contact = sip::parse_name_addr(contacts.front());
  return contact ? service_in(contact->params) : Service::unknown;
}

Service service_of_description(const sip::Message& request) {
  const auto description = description_of(request);
  if (!description) return Service::unknown;
  const bool selects_a_file = std::ranges::any_of(description->media, [](const sdp::Media& media) {
    return media.attributes.has("file-selector");
  });
  return selects_a_file ? Service::file_transfer : Service::unknown;
}

}  // namespace

Service service_of_icsi(std::string_view urn) {
  using enum Service;
  constexpr auto services = std::to_array<std::pair<std::string_view, Service>>({
      {icsi::message, message},
      {icsi::large_message, large_message},
      {icsi::session, session},
      {icsi::file_transfer, file_transfer},
      {icsi::deferred, deferred},
  });

  const auto lower = to_lower(urn);
  std::string_view name = lower;
  if (name.ends_with(group_suffix)) name.remove_suffix(group_suffix.size());
  for (const auto& [icsi, service] : services) {
    if (icsi == name) return service;
  }
  return unknown;
}

Service service_of(const sip::Message& request) {
  if (const auto service = service_of_accept_contact(request); service != Service::unknown) {
    return service;
  }
  if (const auto service = service_of_contact(request); service != Service::unknown) {
    return service;
  }
  return service_of_description(request);
}

std::vector<std::string> urns_of(const sip::Params& params, std::string_view tag) {
  const auto tags = sip::feature_tags(params);
  const auto values = tags.values(tag);
  return {values.begin(), values.end()};
}

std::string encoded_urn(std::string_view urn) { return percent_encode(urn, ".-_"); }

std::string accept_contact(std::string_view icsi) {
  return "*;" + std::string{icsi_tag} + "=\"" + encoded_urn(icsi) + '"';
}

std::string accept_contact_of_instance(std::string_view instance) {
  return "*;+sip.instance=" + sip::quote(instance) + ";require;explicit";
}

bool accepts_contact_of(const sip::Message& request, std::string_view icsi) {
  return std::ranges::any_of(
      request.values(sip::Name::accept_contact), [icsi](std::string_view value) {
        const auto params = params_of_accept_contact(value);
        return params && std::ranges::any_of(urns_of(*params, icsi_tag), [icsi](const auto& urn) {
                 return iequals(urn, icsi);
               });
      });
}

}  // namespace convene::cpm
