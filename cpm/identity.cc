#include "cpm/identity.h"

#include "base/text.h"

namespace convene::cpm {

using sip::Name;

namespace {

constexpr std::string_view pseudonym_user = "anonymous-";  // and a number

}  // namespace

std::optional<sip::NameAddr> authenticated_originator(const sip::Message& request) {
  for (const auto value : request.values(Name::p_asserted_identity)) {
    if (auto address = sip::parse_name_addr(value)) return *std::move(address);
  }
  return std::nullopt;
}

void assert_identity(sip::Message& request, const sip::NameAddr& identity) {
  sip::NameAddr asserted{.display = identity.display, .uri = identity.uri, .params = {}};
  for (const auto value : request.values(Name::p_preferred_identity)) {
    const auto preferred = sip::parse_name_addr(value);
    const bool is_same =
        preferred && sip::address_of_record(preferred->uri) == sip::address_of_record(identity.uri);
    if (is_same && !preferred->display.empty()) asserted.display = preferred->display;
  }
  request.remove(Name::p_preferred_identity);
  request.set(Name::p_asserted_identity, sip::to_text(asserted));
}

void strip_assertions(sip::Message& message) {
  message.remove(Name::p_asserted_identity);
  message.remove(Name::p_asserted_service);
  message.remove(Name::referred_by);
}

bool asks_for_anonymity(const sip::Message& message) {
  return message.lists(Name::privacy, "id") && !message.lists(Name::privacy, "none");
}

void hide_originator(sip::Message& message) {
  message.remove(Name::p_asserted_identity);
  message.remove(Name::referred_by);
  message.remove(Name::p_preferred_identity);
}

bool is_anonymous(std::string_view uri) {
  const auto parsed = sip::parse_uri(uri);
  return parsed && iequals(parsed->host, "anonymous.invalid");
}

std::string pseudonym(std::uint64_t n, std::string_view host) {
  return "sip:" + std::string{pseudonym_user} + std::to_string(n) + "@" + std::string{host};
}

bool is_pseudonym(std::string_view uri) {
  const auto parsed = sip::parse_uri(uri);
  return parsed && parsed->user.starts_with(pseudonym_user) &&
         to_number(std::string_view{parsed->user}.substr(pseudonym_user.size()));
}

}  // namespace convene::cpm
