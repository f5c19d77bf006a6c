#include "cpm/capabilities.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "cpm/service.h"

namespace convene::cpm {

namespace {

bool holds(const std::vector<std::string>& urns, std::string_view urn) {
  return std::ranges::any_of(urns, [urn](const auto& one) { return iequals(one, urn); });
}

// A3: "rcse" where "rcs" is right is met in the field, and read.
bool holds_in_either_branch(const std::vector<std::string>& urns, std::string_view urn) {
  std::string other{urn};
  other.replace(other.find(".rcs."), 5, ".rcse.");
  return holds(urns, urn) || holds(urns, other);
}

}  // namespace

std::string_view name_of(FileTransferSupport support) {
  switch (support) {
    case FileTransferSupport::indicated: return "indicated";
    case FileTransferSupport::chat_only: return "chat only";
    case FileTransferSupport::not_indicated: return "not indicated";
  }
  return {};
}

// CPM 9.2.10, RFC 3840 9. R1.20, R1.22
Capabilities capabilities_of(const sip::NameAddr& contact) {
  const auto urns = urns_of(contact.params, iari_tag);

  Capabilities capabilities{
      .is_focus = contact.params.has("isfocus"),
      .instance = std::string{contact.params.value("+sip.instance").value_or("")},
  };
  if (holds(urns, iari::file_transfer)) {
    capabilities.file_transfer = FileTransferSupport::indicated;
    capabilities.thumbnail = holds_in_either_branch(urns, iari::thumbnail);
    capabilities.store_and_forward = holds_in_either_branch(urns, iari::store_and_forward);
  } else if (holds(urns, iari::chat)) {
    capabilities.file_transfer = FileTransferSupport::chat_only;
  }
  return capabilities;
}

Capabilities capabilities_of(const sip::Message& message) {
  const auto contacts = message.values(sip::Name::contact);
  if (contacts.empty()) return {};
  const auto contact = sip::parse_name_addr(contacts.front());
  return contact ? capabilities_of(*contact) : Capabilities{};
}

std::string contact_with_tags(std::string_view uri, const ContactTags& tags) {
  std::string urns;
  const auto add = [&urns](bool is_wanted, std::string_view urn) {
    if (!is_wanted) return;
    if (!urns.empty()) urns += ',';
    urns += encoded_urn(urn);
  };
  const auto& services = tags.services;
  add(services.file_transfer, iari::file_transfer);
  add(services.file_transfer && services.thumbnail, iari::thumbnail);
  add(services.file_transfer && services.store_and_forward, iari::store_and_forward);
  add(tags.chat_only && !services.file_transfer, iari::chat);

  auto contact = "<" + std::string{uri} + ">";
  const auto add_tag = [&contact](std::string_view tag, std::string_view quoted) {
    contact.append(";").append(tag).append("=").append(quoted);
  };
  if (tags.is_focus) contact += ";isfocus";
  if (!tags.instance.empty()) add_tag("+sip.instance", sip::quote(tags.instance));
  if (!tags.icsi.empty()) add_tag(icsi_tag, sip::quote(encoded_urn(tags.icsi)));
  if (!urns.empty()) add_tag(iari_tag, sip::quote(urns));
  return contact;
}

}  // namespace convene::cpm
