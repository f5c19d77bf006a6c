#include "base/text.h"
#include "conference/conference_info.h"
#include "cpim/imdn_headers.h"
#include "cpim/message.h"
#include "groups/resource_list.h"
#include "imdn/notification.h"
#include "mime/multipart.h"
#include "sdp/file_transfer.h"
#include "sdp/session_description.h"
#include "tests/flow_facts.h"

namespace convene::tests {

namespace {

std::string date(std::string_view text) { return text.empty() ? "" : id("date", text); }

// ---- SDP. RFC 4566, 4975, 5547 ----

std::string words_of(std::string_view value) {
  std::vector<std::string> words;
  for (const auto word : split(value, ' ')) words.emplace_back(word);
  return joined(std::move(words));
}

std::string attribute_text(const std::string& name, const std::string& value) {
  if (name == "path") return path_text(value);
  if (name == "accept-types" || name == "accept-wrapped-types") return words_of(value);
  if (name == "file-transfer-id") return id("file-transfer-id", value);
  if (name == "file-icon") return "cid:" + id("Content-ID", mime::id_of_cid_url(value));
  if (name == "file-selector") {
    if (const auto selector = sdp::parse_file_selector(value)) return to_text(*selector);
  }
  return value;
}

void add_attributes(const std::string& where, const sdp::Attributes& attributes, Facts& facts) {
  for (const auto& [name, value] : attributes.all())
    add(facts, where + " a=" + name, attribute_text(name, value.value_or("")));
}

void add_sdp(const std::string& where, std::string_view body, Facts& facts) {
  const auto description = sdp::parse_session_description(body);
  if (!description) return add(facts, where + "unreadable", description.error().detail);
  const auto& origin = description->origin;
  const auto connection_text = [](const sdp::Connection& c) {
    return c.network_type + " " + c.address_type + " " + host_text(c.address);
  };
  add(facts, where + "o=",
      origin.username + " N N " + origin.network_type + " " + origin.address_type + " " +
          host_text(origin.address));
  add(facts, where + "s=", description->name);
  if (description->connection) add(facts, where + "c=", connection_text(*description->connection));
  add(facts, where + "t=", description->time);
  for (const auto& line : description->others) add(facts, where + line.type + "=", line.value);
  add_attributes(where + "session", description->attributes, facts);
  int number = 0;
  for (const auto& media : description->media) {
    const auto name = where + "m" + std::to_string(++number);
    const bool is_told = media.port == 0 || media.port == 9;
    std::string line =
        media.kind + " " + (is_told ? std::to_string(media.port) : "PORT") + " " + media.protocol;
    for (const auto& format : media.formats) line += " " + format;
    add(facts, name, line);
    if (media.connection) add(facts, name + " c=", connection_text(*media.connection));
    for (const auto& other : media.others) add(facts, name + " " + other.type + "=", other.value);
    add_attributes(name, media.attributes, facts);
  }
}

// ---- Multiparts. RFC 2046 ----

void add_multipart(const std::string& where, std::string_view content_type, std::string_view body,
                   Facts& facts) {
  const auto type = mime::parse_content_type(content_type);
  if (!type) return add(facts, where + "unreadable", type.error().detail);
  const auto multipart = mime::parse_multipart(*type, body);
  if (!multipart) return add(facts, where + "unreadable", multipart.error().detail);
  int number = 0;
  for (const auto& part : multipart->parts) {
    const auto inside = where + "part " + std::to_string(++number) + " ";
    for (const auto& [name, value] : part.headers.all()) {
      if (iequals(name, "Content-ID"))
        add(facts, inside + name, id("Content-ID", mime::content_id_of(part)));
      else
        add(facts, inside + name, iequals(name, "Content-Type") ? content_type_text(value) : value);
    }
    const auto decoded = mime::decoded_body(part);
    add_body_facts(inside, part.headers.value("Content-Type").value_or("text/plain"),
                   decoded ? *decoded : part.body, facts);
  }
}

// ---- CPIM and IMDN. RFC 3862, 5438 ----

std::string cpim_header_text(const cpim::Header& header) {
  const auto address_text = [](const cpim::Address& address) {
    return (address.display.empty() ? "" : "\"" + address.display + "\" ") + "<" +
           uri_text(address.uri) + ">";
  };
  if (header.name == "imdn.Message-ID") return id("imdn.Message-ID", header.value);
  if (header.name == "DateTime") return date(header.value);
  if (header.name == "imdn.Disposition-Notification") {
    std::vector<std::string> words;
    for (const auto word : split(header.value, ',')) words.emplace_back(trim(word));
    return joined(std::move(words));
  }
  if (header.name == "From" || header.name == "To" || header.name.ends_with("Route")) {
    if (const auto address = cpim::parse_address(header.value)) return address_text(*address);
  }
  return header.value + header.params;
}

void add_cpim(const std::string& where, std::string_view body, Facts& facts) {
  const auto message = cpim::parse_message(body);
  if (!message) return add(facts, where + "unreadable", message.error().detail);
  for (const auto& header : message->headers)
    add(facts, where + header.name, cpim_header_text(header));
  const auto inside = where + "content ";
  std::string type = "text/plain";
  for (const auto& [name, value] : message->content_headers.all()) {
    if (iequals(name, "Content-Length")) {
      add(facts, inside + name, value == "0" ? value : "LENGTH");
    } else if (iequals(name, "Content-Type")) {
      type = value;
      add(facts, inside + name, content_type_text(value));
    } else {
      add(facts, inside + name, value);
    }
  }
  add_body_facts(inside, type, message->body, facts);
}

void add_imdn(const std::string& where, std::string_view body, Facts& facts) {
  const auto report = imdn::parse_notification(body);
  if (!report) return add(facts, where + "unreadable", report.error().detail);
  add(facts, where + "message-id", id("imdn.Message-ID", report->message_id));
  add(facts, where + "datetime", date(report->datetime));
  add(facts, where + "recipient-uri", uri_text(report->recipient_uri));
  if (!report->original_recipient_uri.empty())
    add(facts, where + "original-recipient-uri", uri_text(report->original_recipient_uri));
  if (!report->subject.empty()) add(facts, where + "subject", report->subject);
  add(facts, where + "status",
      std::string{name_of(report->disposition)} + " " + std::string{name_of(report->status)});
  for (const auto& extension : report->extensions) add(facts, where + extension.name, "");
}

// ---- Recipient lists and participant information. RFC 4826, 4575 ----

void add_list(const std::string& where, std::string_view body, Facts& facts) {
  const auto list = groups::parse_resource_list(body);
  if (!list) return add(facts, where + "unreadable", list.error().detail);
  for (const auto& entry : list->entries) {
    auto how = std::string{name_of(entry.copy_control)};
    if (entry.anonymize) how += " anonymize";
    if (!entry.display_name.empty()) how += " \"" + entry.display_name + "\"";
    add(facts, where + "entry " + uri_text(entry.uri), how);
  }
}

void add_info(const std::string& where, const std::optional<conference::ExecutionInfo>& info,
              Facts& facts) {
  if (!info) return;
  if (!info->when.empty()) add(facts, where + " when", date(info->when));
  if (!info->reason.empty()) add(facts, where + " reason", info->reason);
  if (!info->by.empty()) add(facts, where + " by", uri_text(info->by));
}

void add_endpoint(const std::string& where, const conference::Endpoint& endpoint, Facts& facts) {
  const auto name = where + " endpoint " + uri_text(endpoint.entity);
  add(facts, name, endpoint.state ? name_of(*endpoint.state) : "");
  if (endpoint.status) add(facts, name + " status", name_of(*endpoint.status));
  if (!endpoint.display_text.empty()) add(facts, name + " display-text", endpoint.display_text);
  if (endpoint.joining_method)
    add(facts, name + " joining-method", name_of(*endpoint.joining_method));
  add_info(name + " joining", endpoint.joining_info, facts);
  if (endpoint.disconnection_method)
    add(facts, name + " disconnection-method", name_of(*endpoint.disconnection_method));
  add_info(name + " disconnection", endpoint.disconnection_info, facts);
  for (const auto& extension : endpoint.extensions) add(facts, name + " " + extension.name, "");
}

void add_conference(const std::string& where, std::string_view body, Facts& facts) {
  const auto info = conference::parse_conference_info(body);
  if (!info) return add(facts, where + "unreadable", info.error().detail);
  add(facts, where + "entity", uri_text(info->entity));
  add(facts, where + "state", info->state ? name_of(*info->state) : "");
  if (info->description) {
    add(facts, where + "subject", info->description->subject);
    if (!info->description->display_text.empty())
      add(facts, where + "display-text", info->description->display_text);
    if (const auto most = info->description->maximum_user_count)
      add(facts, where + "maximum-user-count", std::to_string(*most));
  }
  if (info->conference_state && info->conference_state->user_count)
    add(facts, where + "user-count", std::to_string(*info->conference_state->user_count));
  if (!info->users) return;
  add(facts, where + "users", info->users->state ? name_of(*info->users->state) : "");
  for (const auto& user : info->users->list) {
    const auto name = where + "user " + uri_text(user.entity);
    add(facts, name,
        std::string{user.state ? name_of(*user.state) : ""} + (user.yourown ? " yourown" : ""));
    if (!user.display_text.empty()) add(facts, name + " display-text", user.display_text);
    if (!user.nickname.empty()) add(facts, name + " nickname", user.nickname);
    for (const auto& endpoint : user.endpoints) add_endpoint(name, endpoint, facts);
    for (const auto& extension : user.extensions) add(facts, name + " " + extension.name, "");
  }
}

}  // namespace

void add_body_facts(const std::string& where, std::string_view content_type, std::string_view body,
                    Facts& facts) {
  const auto parsed = mime::parse_content_type(content_type);
  const auto type = parsed ? parsed->type : std::string{};
  if (type == "application/sdp") return add_sdp(where + "sdp ", body, facts);
  if (type.starts_with("multipart/")) return add_multipart(where, content_type, body, facts);
  if (type == "message/cpim") return add_cpim(where + "cpim ", body, facts);
  if (type == imdn::content_type) return add_imdn(where + "imdn ", body, facts);
  if (type == groups::content_type) return add_list(where + "list ", body, facts);
  if (type == conference::content_type) return add_conference(where + "conference ", body, facts);
  add(facts, where + "body", printable(body));  // no marks of ids in it
}

}  // namespace convene::tests
