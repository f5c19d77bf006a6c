#include "registrar/device_choice.h"

#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "sip/feature_tags.h"
#include "sip/params.h"

namespace convene::registrar {

namespace {

bool is_instance(const Binding& binding, std::string_view instance) {
  return iequals(sip::feature_tags(binding.contact.params).instance(), instance);
}

// *;+sip.instance="<urn:uuid:...>";require;explicit
std::string required_instance(std::string_view accept_contact) {
  const auto semicolon = accept_contact.find(';');
  if (semicolon == accept_contact.npos) return {};
  const auto params = sip::parse_params(accept_contact.substr(semicolon));
  if (!params || !params->has("require")) return {};
  return std::string{sip::feature_tags(*params).instance()};
}

}  // namespace

std::vector<Binding> devices_for(const sip::Message& request, const sip::Uri& uri,
                                 std::vector<Binding> bindings) {
  const auto keep_only = [&](std::string_view instance) {
    std::erase_if(bindings, [&](const Binding& one) { return !is_instance(one, instance); });
  };
  if (const auto gruu = uri.params.value("gr"); gruu && !gruu->empty()) keep_only(*gruu);
  for (const auto value : request.values(sip::Name::accept_contact)) {
    if (const auto instance = required_instance(value); !instance.empty()) keep_only(instance);
  }
  return bindings;
}

}  // namespace convene::registrar
