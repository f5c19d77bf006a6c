#include "cpim/imdn_headers.h"

#include "base/text.h"
#include "cpim/lookup.h"
#include "cpim/namespaces.h"

namespace convene::cpim {

namespace {

// In the place of the first, and further ones go.
void set(Message& message, std::string_view name, std::string_view value) {
  auto positions = positions_of(message, imdn_namespace, name);
  if (positions.empty()) return add_header(message, imdn_namespace, "imdn", name, value);
  message.headers[positions.front()].value = value;
  for (; positions.size() > 1; positions.pop_back())
    message.headers.erase(message.headers.begin() + static_cast<std::ptrdiff_t>(positions.back()));
}

// Unreadable ones are left out: nothing can be sent there.
std::vector<Address> addresses(const Message& message, std::string_view name) {
  std::vector<Address> found;
  for (const auto& value : values_of(message, imdn_namespace, name))
    if (auto address = parse_address(value)) found.push_back(*std::move(address));
  return found;
}

}  // namespace

// notify-req *("," notify-req), each with parameters of its own. RFC 5438 6.2
DispositionNotification parse_disposition_notification(std::string_view text) {
  DispositionNotification wanted;
  for (const auto piece : split(text, ',')) {
    const auto word = trim(piece.substr(0, piece.find(';')));
    if (iequals(word, "positive-delivery")) wanted.positive_delivery = true;
    if (iequals(word, "negative-delivery")) wanted.negative_delivery = true;
    if (iequals(word, "processing")) wanted.processing = true;
    if (iequals(word, "display")) wanted.display = true;
  }
  return wanted;
}

std::string to_text(const DispositionNotification& wanted) {
  std::string text;
  const auto add = [&text](bool is_wanted, std::string_view word) {
    if (!is_wanted) return;
    if (!text.empty()) text += ", ";
    text += word;
  };
  add(wanted.positive_delivery, "positive-delivery");
  add(wanted.negative_delivery, "negative-delivery");
  add(wanted.processing, "processing");
  add(wanted.display, "display");
  return text;
}

// RFC 5438 6.1
std::string imdn_message_id(const Message& message) {
  return value_of(message, imdn_namespace, "Message-ID").value_or("");
}

void set_imdn_message_id(Message& message, std::string_view id) { set(message, "Message-ID", id); }

DispositionNotification disposition_notification(const Message& message) {
  DispositionNotification wanted;
  for (const auto& value : values_of(message, imdn_namespace, "Disposition-Notification")) {
    const auto more = parse_disposition_notification(value);
    wanted.positive_delivery |= more.positive_delivery;
    wanted.negative_delivery |= more.negative_delivery;
    wanted.processing |= more.processing;
    wanted.display |= more.display;
  }
  return wanted;
}

void set_disposition_notification(Message& message, const DispositionNotification& wanted) {
  if (wanted.any()) {
    set(message, "Disposition-Notification", to_text(wanted));
  } else {
    remove_all(message, imdn_namespace, "Disposition-Notification");
  }
}

// RFC 5438 6.4
std::vector<Address> imdn_record_route(const Message& message) {
  return addresses(message, "IMDN-Record-Route");
}

// RFC 5438 8.1: an intermediary adds itself above those that are there.
void add_imdn_record_route(Message& message, const Address& address) {
  add_header(message, imdn_namespace, "imdn", "IMDN-Record-Route", to_text(address),
             Place::above_its_like);
}

// RFC 5438 6.5
std::vector<Address> imdn_route(const Message& message) { return addresses(message, "IMDN-Route"); }

void add_imdn_route(Message& message, const Address& address) {
  add_header(message, imdn_namespace, "imdn", "IMDN-Route", to_text(address));
}

void remove_top_imdn_route(Message& message) {
  remove_first(message, imdn_namespace, "IMDN-Route");
}

// RFC 5438 6.3
std::optional<Address> original_to(const Message& message) {
  const auto all = addresses(message, "Original-To");
  if (all.empty()) return std::nullopt;
  return all.front();
}

void set_original_to(Message& message, const Address& address) {
  set(message, "Original-To", to_text(address));
}

}  // namespace convene::cpim
