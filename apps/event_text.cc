#include "apps/event_text.h"

#include <variant>

#include "apps/screen.h"
#include "base/text.h"
#include "imdn/notification.h"

namespace convene::apps {

namespace {

using namespace client;

std::string quoted(std::string_view words) { return '"' + printable(words) + '"'; }
std::string in_brackets(int status, std::string_view text) {
  if (status == 0 && text.empty()) return {};
  auto inside = status == 0 ? std::string{} : std::to_string(status);
  if (!text.empty()) inside += (inside.empty() ? "" : " ") + printable(text);
  return " (" + inside + ")";
}
std::string number_of(GroupId group) { return "[" + std::to_string(group.value) + "]"; }
std::string number_of(TransferId transfer) { return "[" + std::to_string(transfer.value) + "]"; }

std::string line_of(const Registered& event) {
  return "registered for " + std::to_string(event.expires.count()) + " s";
}
std::string line_of(const RegistrationFailed& event) {
  return "not registered" + in_brackets(event.status, event.reason);
}
std::string line_of(const RelayLost& event) {
  return "no MSRP relay" + in_brackets(event.status, event.reason);
}
std::string line_of(const Unregistered&) { return "no longer registered"; }
std::string line_of(const Invited& event) {
  const auto to = event.subject.empty() ? std::string{"a session"} : quoted(event.subject);
  return number_of(event.group) + " " + name_of(event.inviter) + " invites to " + to;
}
std::string line_of(const Joined& event) {
  return number_of(event.group) + " joined " + printable(event.focus);
}
std::string line_of(const Ended& event) {
  return number_of(event.group) + " ended: " + std::string{name_of(event.reason)} +
         in_brackets(event.status, event.text);
}
std::string line_of(const RosterChanged& event) {
  std::string line = number_of(event.group) + " in the group:";
  for (const auto& one : event.participants) {
    if (one.is_me) continue;
    line += ' ' + name_of(Person{.address = one.address, .display_name = one.display_name});
    if (one.state != Participant::State::joined)
      line += " (" + (one.how.empty() ? std::string{name_of(one.state)} : printable(one.how)) + ")";
    line += ',';
  }
  if (line.back() == ',') line.pop_back();
  return line;
}
std::string line_of(const ChatReceived& event) {
  const auto who = name_of(event.from) + (event.is_private ? " (only to you)" : "");
  if (!event.content_type.starts_with("text/plain") && !event.content_type.empty())
    return who + " sends " + std::to_string(event.octets.size()) + " octets of " +
           printable(event.content_type);
  return who + ": " + printable(event.octets);
}
std::string line_of(const Referred& event) {
  const bool is_granted = event.status < 300;
  const bool adds = event.how == Referred::How::added;
  std::string names;
  for (const auto& address : event.addresses) {
    names += (names.empty() ? "" : ", ") + name_of(Person{.address = address, .display_name = {}});
  }
  if (is_granted) return names + (adds ? " will be invited" : " will be removed");
  return names + (adds ? " cannot be invited" : " cannot be removed") +
         in_brackets(event.status, event.reason);
}
std::string line_of(const ChatSent&) { return {}; }
std::string line_of(const ChatFailed& event) {
  return "a message was not sent" + in_brackets(event.status, {});
}
std::string line_of(const Composing& event) {
  return event.is_active ? name_of(event.from) + " is writing" : std::string{};
}
std::string line_of(const NicknameSet& event) {
  return "you are called " + quoted(event.nickname) + " now";
}
std::string line_of(const NicknameRefused& event) {
  return quoted(event.nickname) + " is not for you" + in_brackets(event.status, {});
}
std::string line_of(const DeliveryReport& event) {
  return name_of(Person{.address = event.recipient, .display_name = {}}) + ": " +
         std::string{imdn::name_of(event.status)};
}
std::string line_of(const FileOffered& event) {
  return number_of(event.transfer) + " " + name_of(event.from) + " sends " + quoted(event.name) +
         ", " + megabytes(event.size) + (event.thumbnail ? ", with a thumbnail" : "");
}
std::string line_of(const FileWanted& event) {
  auto line = number_of(event.transfer) + " " + name_of(event.from) + " asks for " +
              (event.name.empty() ? std::string{"a file"} : quoted(event.name));
  if (event.begun > 0) line += ", from octet " + std::to_string(event.begun + 1) + " on";
  return line;
}
std::string line_of(const FileAccepted& event) {
  return number_of(event.transfer) + " accepted, sending";
}
std::string line_of(const FileProgress&) { return {}; }
std::string line_of(const FileReceived& event) {
  return number_of(event.transfer) + " received, " + megabytes(event.size) +
         (event.hash_was_checked ? ", hash is right" : "");
}
std::string line_of(const FileSent& event) { return number_of(event.transfer) + " sent"; }
std::string line_of(const FileFailed& event) {
  return number_of(event.transfer) + " failed" + in_brackets(event.status, event.reason) +
         (event.may_resume ? ", may go on after " + megabytes(event.octets) : "");
}

}  // namespace

std::string text_of(const client::Event& event) {
  return std::visit([](const auto& what) { return line_of(what); }, event);
}

}  // namespace convene::apps
