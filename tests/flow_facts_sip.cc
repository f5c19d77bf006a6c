#include <algorithm>
#include <set>

#include "base/text.h"
#include "sip/feature_tags.h"
#include "sip/fields.h"
#include "sip/message.h"
#include "sip/name_addr.h"
#include "tests/flow_facts.h"

namespace convene::tests {

namespace {

using sip::Name;

std::string name_addr_text(const sip::NameAddr& address) {
  const auto uri = "<" + uri_text(to_text(address.uri)) + ">";
  return address.display.empty() ? uri : sip::quote(address.display) + " " + uri;
}

// ";name=value" of each, sorted: feature tags as the sets they are. RFC 3840 9
std::vector<std::string> params_texts(const sip::Params& params) {
  const auto tags = sip::feature_tags(params);
  std::vector<std::string> texts;
  for (const auto& param : params.all()) {
    auto text = to_lower(param.name);
    const auto values = tags.values(param.name);
    if (!values.empty())
      text += "=" + joined({values.begin(), values.end()});
    else if (param.value)
      text += "=" + *param.value;
    texts.push_back(std::move(text));
  }
  std::ranges::sort(texts);
  return texts;
}

void add_address(const std::string& name, std::string_view value, Facts& facts) {
  const auto address = sip::parse_name_addr(value);
  if (!address) return add(facts, name, value);
  add(facts, name, name_addr_text(*address));
  for (const auto& text : params_texts(address->params)) {
    const auto equals = std::min(text.find('='), text.size());
    const auto param = text.substr(0, equals);
    const auto rest = text.substr(std::min(equals + 1, text.size()));
    add(facts, name + " " + param, param == "tag" ? id("tag", rest) : rest);
  }
}

void add_via(const std::string& value, Facts& facts) {
  const auto via = sip::parse_via(value);
  if (!via) return add(facts, "Via", value);
  auto params = via->params;
  params.remove("branch");
  add(facts, "Via",
      via->transport + " HOST;branch=" + id("branch", via->branch()) + to_text(params));
}

// Each value is a set of feature tags with how they are to be taken. RFC 3841 9.2
std::string accept_contact_text(std::string_view value) {
  const auto semicolon = sip::parse_params(value.substr(std::min(value.find(';'), value.size())));
  if (!semicolon) return std::string{value};
  std::string text = "*";
  for (const auto& param : params_texts(*semicolon)) text += ";" + param;
  return text;
}

// The expiry of a subscription counts down; that it is told is what counts.
std::string subscription_text(sip::SubscriptionState state) {
  const auto expires = state.expires ? ";expires" : "";
  state.expires.reset();
  return to_text(state) + expires;
}

std::string text_of_header(Name name, std::string_view value) {
  if (name == Name::call_id) return id("Call-ID", value);
  if (name == Name::conversation_id) return id("Conversation-ID", value);
  if (name == Name::contribution_id || name == Name::session_replaces)
    return id("Contribution-ID", value);
  if (name == Name::content_type) return content_type_text(value);
  if (name == Name::content_length) return "LENGTH";
  if (name == Name::cseq) {
    if (const auto cseq = sip::parse_cseq(value)) return cseq->method;
  }
  if (name == Name::session_expires) {
    if (const auto expires = sip::parse_session_expires(value)) return to_text(*expires);
  }
  if (name == Name::reason) {
    if (const auto reason = sip::parse_reason(value)) return to_text(*reason);
  }
  if (name == Name::warning) {
    if (const auto warning = sip::parse_warning(value)) return to_text(*warning);
  }
  if (name == Name::subscription_state) {
    if (const auto state = sip::parse_subscription_state(value)) return subscription_text(*state);
  }
  return std::string{value};
}

bool is_address(Name name) {
  static const std::set<Name> addresses{Name::from,
                                        Name::to,
                                        Name::contact,
                                        Name::referred_by,
                                        Name::p_asserted_identity,
                                        Name::p_preferred_identity,
                                        Name::route,
                                        Name::record_route};
  return addresses.contains(name);
}

bool is_token_set(Name name) {
  static const std::set<Name> sets{Name::supported, Name::require, Name::allow, Name::accept};
  return sets.contains(name);
}

void add_header(const sip::Message& message, Name name, std::string_view text,
                std::string_view value, Facts& facts) {
  const std::string shown{name == Name::other ? text : text_of(name)};
  if (is_address(name)) {
    for (const auto one : message.values(name)) add_address(shown, one, facts);
  } else if (name == Name::via) {
    for (const auto one : message.values(name)) add_via(std::string{one}, facts);
  } else if (name == Name::accept_contact) {
    std::vector<std::string> all;
    for (const auto one : message.values(name)) all.push_back(accept_contact_text(one));
    std::ranges::sort(all);
    for (const auto& one : all) add(facts, shown, one);
  } else if (is_token_set(name)) {
    std::vector<std::string> all;
    for (const auto one : message.values(name)) all.emplace_back(one);
    add(facts, shown, joined(std::move(all)));
  } else {
    add(facts, shown, text_of_header(name, value));
  }
}

}  // namespace

void add_sip_facts(std::string_view octets, Facts& facts) {
  const auto message = sip::parse_message(std::string{octets});
  if (!message) return add(facts, "unreadable", message.error().detail);
  add(facts, "start line",
      message->is_request()
          ? std::string{message->method()} + " " + uri_text(message->uri())
          : std::to_string(message->status()) + " " + std::string{message->reason()});

  std::set<Name> done;  // those whose values were taken over all their lines
  for (const auto& field : message->fields()) {
    if (field.name != Name::other && !done.insert(field.name).second) continue;
    add_header(*message, field.name, field.text, field.value, facts);
  }
  add_body_facts("", message->header(Name::content_type), message->body(), facts);
}

}  // namespace convene::tests
