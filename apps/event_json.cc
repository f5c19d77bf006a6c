#include <variant>

#include "apps/event_text.h"
#include "apps/json_line.h"
#include "base/base64.h"
#include "base/hash.h"
#include "base/text.h"
#include "imdn/notification.h"

namespace convene::apps {

namespace {

using namespace client;

JsonLine& add_person(JsonLine& line, const Person& person) {
  line.add_unless_empty("from", person.address);
  return line.add_unless_empty("from_name", person.display_name);
}

std::string join(const std::vector<std::string>& words) {
  std::string line;
  for (const auto& word : words) line += (line.empty() ? "" : " ") + word;
  return line;
}

JsonLine line_of(const Registered& event) {
  return JsonLine{"registered"}.add("expires", static_cast<std::uint64_t>(event.expires.count()));
}
JsonLine line_of(const RegistrationFailed& event) {
  return JsonLine{"registration_failed"}
      .add("status", static_cast<std::uint64_t>(event.status))
      .add("reason", event.reason);
}
JsonLine line_of(const RelayLost& event) {
  return JsonLine{"relay_lost"}
      .add("status", static_cast<std::uint64_t>(event.status))
      .add("reason", event.reason);
}
JsonLine line_of(const Unregistered&) { return JsonLine{"unregistered"}; }

JsonLine line_of(const Invited& event) {
  JsonLine line{"invited"};
  line.add("group", event.group.value).add("focus", event.focus);
  line.add_flag("is_group", event.is_group).add_unless_empty("subject", event.subject);
  return add_person(line, event.inviter);
}
JsonLine line_of(const Joined& event) {
  return JsonLine{"joined"}.add("group", event.group.value).add("focus", event.focus);
}
JsonLine line_of(const Ended& event) {
  return JsonLine{"ended"}
      .add("group", event.group.value)
      .add("reason", name_of(event.reason))
      .add("status", static_cast<std::uint64_t>(event.status))
      .add_unless_empty("text", event.text);
}

JsonLine line_of(const RosterChanged& event) {
  std::string list = "[";
  for (const auto& one : event.participants) {
    JsonLine participant{"participant"};
    participant.add("address", one.address).add("state", name_of(one.state));
    participant.add_unless_empty("name", one.display_name)
        .add_unless_empty("nickname", one.nickname);
    participant.add_unless_empty("how", one.how).add_flag("is_me", one.is_me);
    if (list.size() > 1) list += ',';
    list += participant.text();
  }
  return JsonLine{"roster"}
      .add("group", event.group.value)
      .add_unless_empty("subject", event.subject)
      .add_raw("participants", list + "]");
}

JsonLine line_of(const Referred& event) {
  return JsonLine{event.how == Referred::How::added ? "add_answered" : "remove_answered"}
      .add("group", event.group.value)
      .add_list("addresses", event.addresses)
      .add("status", static_cast<std::uint64_t>(event.status))
      .add_unless_empty("reason", event.reason);
}

JsonLine line_of(const ChatReceived& event) {
  JsonLine line{"chat_received"};
  line.add("group", event.group.value).add_unless_empty("id", event.id);
  add_person(line, event.from).add_flag("is_private", event.is_private);
  line.add_unless_empty("date_time", event.date_time).add("content_type", event.content_type);
  line.add_unless_empty("conversation", event.conversation);
  line.add_unless_empty("contribution", event.contribution);
  line.add_unless_empty("group_address", event.group_address);
  line.add_unless_empty("also_to", join(event.also_to));
  const bool is_text = event.content_type.starts_with("text/") && is_utf8(event.octets);
  return is_text ? line.add("text", event.octets) : line.add("base64", to_base64(event.octets));
}
JsonLine line_of(const ChatSent& event) {
  return JsonLine{"chat_sent"}.add("group", event.group.value).add("id", event.id);
}
JsonLine line_of(const ChatFailed& event) {
  return JsonLine{"chat_failed"}
      .add("group", event.group.value)
      .add("id", event.id)
      .add("status", static_cast<std::uint64_t>(event.status));
}
JsonLine line_of(const Composing& event) {
  JsonLine line{"composing"};
  line.add("group", event.group.value);
  return add_person(line, event.from).add_flag("is_active", event.is_active);
}
JsonLine line_of(const NicknameSet& event) {
  return JsonLine{"nickname_set"}.add("group", event.group.value).add("nickname", event.nickname);
}
JsonLine line_of(const NicknameRefused& event) {
  return JsonLine{"nickname_refused"}
      .add("group", event.group.value)
      .add("nickname", event.nickname)
      .add("status", static_cast<std::uint64_t>(event.status));
}
JsonLine line_of(const DeliveryReport& event) {
  return JsonLine{"delivery_report"}
      .add("group", event.group.value)
      .add("id", event.id)
      .add("recipient", event.recipient)
      .add("disposition", imdn::name_of(event.disposition))
      .add("status", imdn::name_of(event.status));
}

JsonLine line_of(const FileOffered& event) {
  JsonLine line{"file_offered"};
  line.add("transfer", event.transfer.value).add("group", event.group.value);
  add_person(line, event.from).add("name", event.name).add("type", event.type);
  line.add("size", event.size).add_unless_empty("sha1", to_hex(event.sha1));
  if (event.thumbnail) {
    line.add("thumbnail_type", event.thumbnail->type);
    line.add("thumbnail_base64", to_base64(event.thumbnail->octets));
  }
  return line;
}
JsonLine line_of(const FileWanted& event) {
  JsonLine line{"file_wanted"};
  line.add("transfer", event.transfer.value).add("group", event.group.value);
  add_person(line, event.from).add_unless_empty("name", event.name);
  line.add_unless_empty("type", event.type).add("size", event.size);
  return line.add_unless_empty("sha1", to_hex(event.sha1)).add("begun", event.begun);
}
JsonLine line_of(const FileAccepted& event) {
  return JsonLine{"file_accepted"}.add("transfer", event.transfer.value);
}
JsonLine line_of(const FileProgress& event) {
  return JsonLine{"file_progress"}
      .add("transfer", event.transfer.value)
      .add("octets", event.octets)
      .add("size", event.size);
}
JsonLine line_of(const FileReceived& event) {
  return JsonLine{"file_received"}
      .add("transfer", event.transfer.value)
      .add("size", event.size)
      .add_flag("hash_was_checked", event.hash_was_checked);
}
JsonLine line_of(const FileSent& event) {
  return JsonLine{"file_sent"}
      .add("transfer", event.transfer.value)
      .add_unless_empty("id", event.id);
}
JsonLine line_of(const FileFailed& event) {
  return JsonLine{"file_failed"}
      .add("transfer", event.transfer.value)
      .add("status", static_cast<std::uint64_t>(event.status))
      .add("reason", event.reason)
      .add("octets", event.octets)
      .add_flag("may_resume", event.may_resume);
}

}  // namespace

std::string json_of(const client::Event& event) {
  return std::visit([](const auto& what) { return line_of(what).text(); }, event);
}

}  // namespace convene::apps
