#include <array>
#include <cstdio>

#include "base/text.h"
#include "conference/conference_info.h"
#include "cpim/imdn_headers.h"
#include "cpim/message.h"
#include "groups/resource_list.h"
#include "imdn/notification.h"
#include "mime/content_type.h"
#include "mime/multipart.h"
#include "sdp/file_transfer.h"
#include "sdp/msrp_attributes.h"
#include "sip/name_addr.h"
#include "trace/wire_summary.h"

namespace convene::trace {
namespace {

using Notes = std::vector<std::string>;

constexpr std::size_t longest_quotation = 60;  // octets of what somebody wrote

// The beginning of a user's text, not cut within a character.
std::string quotation(std::string_view text) {
  const auto line = trim(text);
  auto size = std::min(line.size(), longest_quotation);
  while (size < line.size() && size > 0 && (static_cast<unsigned char>(line[size]) & 0xC0) == 0x80)
    --size;
  return "“" + printable(line.substr(0, size)) + (size < line.size() ? "…”" : "”");
}

std::string file_text(const sdp::FileDescription& file) {
  std::string text = printable(file.selector.name.value_or("a file"));
  if (file.selector.type) text += ", " + printable(*file.selector.type);
  if (file.selector.size) text += ", " + size_text(*file.selector.size);
  if (file.range && file.range->first > 1)
    text += " from octet " + std::to_string(file.range->first);
  if (!file.icon.empty()) text += ", with thumbnail";
  return text;
}

Notes notes_of_sdp(std::string_view body) {
  const auto session = sdp::parse_session_description(body);
  if (!session) return {"SDP that cannot be read"};
  Notes notes;
  for (const auto& media : session->media) {
    const auto direction = std::string{to_text(direction_of(*session, media))};
    const auto file = sdp::file_of(media);
    std::string note = "SDP: ";
    if (file && *file) {
      note += file_text(**file) + ", " + direction;
    } else {
      note += (media.kind == "message" ? "chat" : printable(media.kind)) + ", " + direction;
    }
    notes.push_back(media.port == 0 ? note + ": refused" : note);
  }
  return notes;
}

Notes notes_of_cpim(std::string_view body) {
  const auto message = cpim::parse_message(body);
  if (!message) return {"CPIM that cannot be read"};
  const auto from = cpim::from_of(*message);
  const auto to = cpim::to_of(*message);
  const auto type = cpim::content_type_of(*message);
  Notes notes{"CPIM " + (from ? user_of(from->uri) : "?") + " → " + (to ? user_of(to->uri) : "?")};

  const auto wanted = cpim::disposition_notification(*message);
  if (wanted.any()) notes.push_back("wants " + to_text(wanted));
  if (type.starts_with("text/") && !message->body.empty()) {
    notes.push_back(quotation(message->body));
  } else if (!message->body.empty()) {
    const auto inner = body_notes(type, message->body);
    if (inner.empty()) notes.push_back(printable(type));
    notes.insert(notes.end(), inner.begin(), inner.end());
  }
  return notes;
}

Notes notes_of_imdn(std::string_view body) {
  const auto report = imdn::parse_notification(body);
  if (!report) return {"IMDN that cannot be read"};
  return {"IMDN: " + std::string{name_of(report->status)} + " to " +
          user_of(report->recipient_uri) + ", message " + printable(report->message_id)};
}

// "bob connected", "carol disconnected (booted)".
std::string member_text(const conference::User& user) {
  std::string text = user_of(user.entity);
  if (user.state == conference::State::deleted) return text + " is gone";
  for (const auto& endpoint : user.endpoints) {
    if (endpoint.status) text += " " + std::string{name_of(*endpoint.status)};
    if (endpoint.disconnection_method) {
      text += " (" + std::string{name_of(*endpoint.disconnection_method)} + ")";
    }
  }
  return text;
}

Notes notes_of_conference(std::string_view body) {
  const auto info = conference::parse_conference_info(body);
  if (!info) return {"conference information that cannot be read"};
  std::string text = info->state == conference::State::partial ? "changes: " : "members: ";
  if (info->users) {
    for (const auto& user : info->users->list) {
      if (!text.ends_with(": ")) text += ", ";
      text += member_text(user);
    }
  }
  Notes notes{text};
  if (info->description && !info->description->subject.empty()) {
    notes.push_back("subject " + quotation(info->description->subject));
  }
  return notes;
}

Notes notes_of_recipients(std::string_view body) {
  const auto list = groups::parse_resource_list(body);
  if (!list) return {"recipient list that cannot be read"};
  std::string text = "recipients: ";
  for (const auto& entry : list->entries) {
    if (!text.ends_with(": ")) text += ", ";
    text += user_of(std::string_view{entry.uri}.substr(0, entry.uri.find('?')));
  }
  return {text};
}

Notes notes_of_part(const mime::Part& part) {
  const auto type = mime::type_of(part);
  const auto body = mime::decoded_body(part);
  if (!body) return {printable(type) + " that cannot be read"};
  if (mime::disposition_of(part) == "icon" || type.starts_with("image/")) {
    return {"thumbnail " + printable(type) + ", " + size_text(body->size())};
  }
  const auto notes = body_notes(type, *body);
  if (notes.empty()) return {printable(type)};
  return notes;
}

Notes notes_of_multipart(std::string_view content_type, std::string_view body) {
  const auto parts = mime::leaves_of(content_type, body);
  if (!parts) return {"multipart that cannot be read"};
  Notes notes;
  for (const auto& part : *parts) {
    for (auto& note : notes_of_part(part)) notes.push_back(std::move(note));
  }
  return notes;
}

}  // namespace

std::vector<std::string> body_notes(std::string_view content_type, std::string_view body) {
  const auto type = to_lower(trim(content_type.substr(0, content_type.find(';'))));
  if (type.starts_with("multipart/")) return notes_of_multipart(content_type, body);
  if (body.empty()) return {};
  if (type == "application/sdp") return notes_of_sdp(body);
  if (type == "message/cpim") return notes_of_cpim(body);
  if (type == imdn::content_type) return notes_of_imdn(body);
  if (type == conference::content_type) return notes_of_conference(body);
  if (type == groups::content_type) return notes_of_recipients(body);
  if (type == "application/im-iscomposing+xml") return {"is composing"};
  if (type == "text/plain") return {quotation(body)};
  if (type == "message/sipfrag") return {"of the other call: " + printable(take_line(body))};
  return {};
}

std::string user_of(std::string_view text) {
  const auto uri = sip::parse_uri(text);
  if (!uri) return printable(text);
  if (!uri->user.empty()) return printable(uri->user);
  return printable(uri->host.empty() ? text : uri->host);
}

std::string size_text(std::uint64_t octets) {
  if (octets < 1'000) return std::to_string(octets) + " B";
  double size = static_cast<double>(octets);
  std::string_view unit = "kB";
  for (const std::string_view next : {"kB", "MB", "GB", "TB"}) {
    unit = next;
    size /= 1'000;
    if (size < 999.5) break;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), size < 9.95 ? "%.1f " : "%.0f ", size);
  return text.data() + std::string{unit};
}

}  // namespace convene::trace
