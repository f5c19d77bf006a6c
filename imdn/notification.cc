#include "imdn/notification.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace convene::imdn {

namespace {

constexpr std::string_view xml_namespace = "urn:ietf:params:xml:ns:imdn";

constexpr std::array dispositions{Disposition::delivery, Disposition::display,
                                  Disposition::processing};
constexpr std::array statuses{Status::delivered, Status::failed, Status::displayed,
                              Status::processed, Status::stored, Status::forbidden,
                              Status::error};

std::string element_name(Disposition disposition) {
  return std::string{name_of(disposition)} + "-notification";
}

std::optional<Disposition> disposition_of(std::string_view element) {
  for (const auto disposition : dispositions)
    if (element == element_name(disposition)) return disposition;
  return std::nullopt;
}

// <status><delivered/></status>
Result<Status> status_in(const xml::Element& notification, Disposition disposition) {
  const auto* status = notification.child("status");
  if (!status || status->children.empty()) return fail(Fault::malformed, "IMDN without a status");
  const auto name = xml::local_name(status->children.front().name);
  for (const auto known : statuses)
    if (name == name_of(known) && allows(disposition, known)) return known;
  return fail(Fault::unsupported, "IMDN status " + std::string{name});
}

xml::Element nested(std::string_view name, xml::Element child) {
  xml::Element element;
  element.name = name;
  element.children.push_back(std::move(child));
  element.one_line = true;
  return element;
}

}  // namespace

std::string_view name_of(Disposition disposition) {
  switch (disposition) {
    case Disposition::delivery: return "delivery";
    case Disposition::display: return "display";
    case Disposition::processing: return "processing";
  }
  return {};
}

std::string_view name_of(Status status) {
  switch (status) {
    case Status::delivered: return "delivered";
    case Status::failed: return "failed";
    case Status::displayed: return "displayed";
    case Status::processed: return "processed";
    case Status::stored: return "stored";
    case Status::forbidden: return "forbidden";
    case Status::error: return "error";
  }
  return {};
}

// RFC 5438 11.1.9
bool allows(Disposition disposition, Status status) {
  switch (status) {
    case Status::delivered:
    case Status::failed: return disposition == Disposition::delivery;
    case Status::displayed: return disposition == Disposition::display;
    case Status::processed:
    case Status::stored: return disposition == Disposition::processing;
    case Status::forbidden:
    case Status::error: return true;
  }
  return false;
}

// RFC 5438 11
Result<Notification> parse_notification(std::string_view text) {
  const auto root = TRY(xml::parse_document(text));
  if (xml::local_name(root.name) != "imdn") return fail(Fault::malformed, "no IMDN");

  Notification notification;
  bool has_disposition = false;
  const auto take = [](std::string& field, const xml::Element& element) {
    if (!field.empty()) return false;
    field = trim(element.text);
    return true;
  };
  for (const auto& element : root.children) {
    const auto name = xml::local_name(element.name);
    const auto disposition = disposition_of(name);
    if (disposition && !has_disposition) {
      notification.disposition = *disposition;
      notification.status = TRY(status_in(element, *disposition));
      has_disposition = true;
    } else if ((name == "message-id" && take(notification.message_id, element)) ||
               (name == "datetime" && take(notification.datetime, element)) ||
               (name == "recipient-uri" && take(notification.recipient_uri, element)) ||
               (name == "original-recipient-uri" &&
                take(notification.original_recipient_uri, element)) ||
               (name == "subject" && take(notification.subject, element))) {
      continue;
    } else {
      notification.extensions.push_back(element);
    }
  }
  for (const auto& [name, value] : root.attributes)
    if (name != "xmlns") notification.attributes.push_back({name, value});

  if (!has_disposition) return fail(Fault::malformed, "IMDN without a notification");
  if (notification.message_id.empty()) return fail(Fault::malformed, "IMDN without a message-id");
  return notification;
}

std::string to_text(const Notification& notification) {
  xml::Element root;
  root.name = "imdn";
  root.attributes.push_back({"xmlns", std::string{xml_namespace}});
  root.attributes.insert(root.attributes.end(), notification.attributes.begin(),
                         notification.attributes.end());

  const auto add = [&root](std::string_view name, const std::string& text) {
    if (!text.empty()) root.children.push_back(xml::leaf(name, text));
  };
  add("message-id", notification.message_id);
  add("datetime", notification.datetime);
  add("recipient-uri", notification.recipient_uri);
  add("original-recipient-uri", notification.original_recipient_uri);
  add("subject", notification.subject);
  root.children.push_back(nested(element_name(notification.disposition),
                                 nested("status", xml::leaf(name_of(notification.status), ""))));
  root.children.insert(root.children.end(), notification.extensions.begin(),
                       notification.extensions.end());
  return xml::to_text(root);
}

}  // namespace convene::imdn
