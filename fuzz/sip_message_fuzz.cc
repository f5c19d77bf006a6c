// What parses, prints, and parses again to the same: the message, every typed field in it, and the
// message after it was changed in any way. Nothing that a peer sent can end a header line or begin
// another.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sip/digest.h"
#include "sip/feature_tags.h"
#include "sip/fields.h"
#include "sip/hop.h"
#include "sip/message.h"
#include "sip/name_addr.h"
#include "sip/uri.h"

namespace {

using namespace convene;
using namespace convene::sip;

constexpr std::size_t max_octets = 8'192;

void check(bool holds) {
  if (!holds) std::abort();
}

template <class T, class Parse>
void check_round_trip(const Result<T>& value, Parse parse) {
  if (value) check(parse(to_text(*value)) == *value);
}

void check_uri(const Uri& uri) {
  check(parse_uri(to_text(uri)) == uri);
  check(are_equivalent(uri, uri));
  const auto address = address_of_record(uri);
  check(address_of_record(address) == address);
  (void)destination_of(uri);
}

void check_address(std::string_view text) {
  const auto address = parse_name_addr(text);
  if (!address) return;
  check(parse_name_addr(to_text(*address)) == *address);
  check_uri(address->uri);

  const auto tags = feature_tags(address->params);
  auto params = address->params;
  set_feature_tags(params, tags);
  check(parse_params(to_text(params)) == params);
}

void check_value(std::string_view value) {
  check_address(value);
  check_round_trip(parse_via(value), parse_via);
  check_round_trip(parse_cseq(value), parse_cseq);
  check_round_trip(parse_session_expires(value), parse_session_expires);
  check_round_trip(parse_event(value), parse_event);
  check_round_trip(parse_subscription_state(value), parse_subscription_state);
  check_round_trip(parse_reason(value), parse_reason);
  check_round_trip(parse_warning(value), parse_warning);
  check_round_trip(parse_challenge(value), parse_challenge);
  check_round_trip(parse_authorization(value), parse_authorization);
  check_round_trip(parse_host_port(value), parse_host_port);
  check_round_trip(parse_params(value), parse_params);
  if (const auto uri = parse_uri(value)) check_uri(*uri);
}

void check_message(const Message& message) {
  const auto again = parse_message(to_text(message));
  check(again.has_value());
  check(*again == message);
  check(to_text(*again) == to_text(message));
  (void)defect(message);
  (void)message.method();
}

// What proxies and user agents do to a message. The octets of the message choose.
void change(Message& message, std::uint8_t choice) {
  const auto fields = message.fields();
  if (fields.empty()) return;
  const auto& field = fields[choice % fields.size()];
  const auto name = field.name;
  const std::string value{field.value};
  message.add(field.text, field.value);
  if (name == Name::other) {
    message.remove(message.fields().back().text);
    message.add("X-Text", value);
    return;
  }
  switch (choice / 32) {
    case 0: message.set(name, message.header(name)); break;
    case 1: message.add_first(name, value); break;
    case 2: message.remove_first_value(name); break;
    case 3: message.remove(name); break;
    case 4: message.set_body("text/plain", message.header(name)); break;
    case 5: message.remove_body(); break;
    case 6: {
      auto response = Message::response(200, value);
      response.copy(name, message);
      message = std::move(response);
      break;
    }
    default: message.add(Name::subject, message.body()); break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string octets{reinterpret_cast<const char*>(data), size};
  if (size > max_octets) return 0;
  if (octets.find_first_of("\r\n") == octets.npos)
    check_value(octets);                                   // no header value has line ends
  auto message = parse_message(octets, {.headers = 128});  // leaves room for what change() adds
  if (!message) return 0;
  check_message(*message);
  if (const auto uri = parse_uri(message->uri())) check_uri(*uri);
  for (const auto& field : message->fields()) {
    check_value(field.value);
    for (const auto value : message->values(field.name)) check_value(value);
  }
  for (std::size_t i = 0; i < 8 && i < size; ++i) {
    change(*message, data[size - 1 - i]);
    check_message(*message);
  }
  return 0;
}
