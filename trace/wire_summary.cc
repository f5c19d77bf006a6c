#include "trace/wire_summary.h"

#include "base/text.h"
#include "cpm/capabilities.h"
#include "sip/fields.h"

namespace convene::trace {
namespace {

using sip::Name;

std::string shown(std::string_view text) { return printable(text); }

void add_capabilities(const sip::Message& message, std::vector<std::string>& notes) {
  if (!message.has(Name::contact) || message.method() != "INVITE") return;
  const auto capabilities = cpm::capabilities_of(message);
  std::string text = capabilities.is_focus ? "focus" : "";
  const auto add = [&](bool has, std::string_view word) {
    if (has) text.append(text.empty() ? "" : " ").append(word);
  };
  add(capabilities.file_transfer == cpm::FileTransferSupport::indicated, "ft");
  add(capabilities.thumbnail, "ftthumb");
  add(capabilities.store_and_forward, "ftstandfw");
  add(capabilities.file_transfer == cpm::FileTransferSupport::chat_only, "chat only");
  if (!text.empty()) notes.push_back("Contact: " + text);
}

// A header that matters whenever it is there: its name and value.
void add_header(const sip::Message& message, Name name, std::vector<std::string>& notes) {
  if (const auto value = message.header(name); !value.empty()) {
    notes.push_back(std::string{text_of(name)} + ": " + shown(value));
  }
}

bool begins_dialog(const sip::Message& message) {
  return message.is_request() && message.method() == "INVITE" &&
         !message.header(Name::to).contains(";tag=");
}

}  // namespace

Summary summary_of(const sip::Message& message) {
  Summary summary;
  if (message.is_request()) {
    summary.title = shown(message.method()) + " " + user_of(message.uri());
  } else {
    summary.title = std::to_string(message.status()) + " " + shown(message.reason()) + " (" +
                    shown(message.method()) + ")";
  }

  auto& notes = summary.notes;
  if (begins_dialog(message)) {
    add_header(message, Name::subject, notes);
    add_header(message, Name::session_replaces, notes);
    add_header(message, Name::privacy, notes);
    if (const auto by = sip::parse_name_addr(message.header(Name::referred_by))) {
      notes.push_back("Referred-By: " + user_of(to_text(by->uri)));
    }
  }
  add_capabilities(message, notes);
  for (const auto name : {Name::event, Name::subscription_state, Name::refer_to, Name::reason,
                          Name::warning, Name::message_uid, Name::retry_after, Name::unsupported}) {
    add_header(message, name, notes);
  }
  if (message.method() == "REGISTER" && message.is_request())
    add_header(message, Name::expires, notes);
  for (auto& note : body_notes(message.header(Name::content_type), message.body())) {
    notes.push_back(std::move(note));
  }
  return summary;
}

Summary summary_of(const FrameHead& frame) {
  Summary summary;
  if (frame.method.empty()) {
    summary.title = std::to_string(frame.status) + " " + shown(frame.comment);
    return summary;
  }

  summary.title = shown(frame.method);
  if (frame.method == "REPORT") summary.title += " " + shown(frame.report_status);
  if (frame.method == "NICKNAME") summary.title += " " + shown(frame.nickname);
  if (frame.method == "SEND" && !frame.has_body) {
    summary.notes.emplace_back("empty: it binds the connection");
    return summary;
  }
  if (frame.has_body)
    summary.title += " " + shown(frame.content_type.substr(0, frame.content_type.find(';')));
  if (frame.method == "REPORT" && frame.range) summary.notes.push_back(to_text(*frame.range));
  for (auto& note : body_notes(frame.content_type, frame.body))
    summary.notes.push_back(std::move(note));
  return summary;
}

}  // namespace convene::trace
