#include "imap/mailbox_data.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "imap/mailbox_name.h"
#include "imap/sequence_set.h"

namespace convene::imap {

namespace {

std::vector<std::string> texts_of(const Value& list) {
  std::vector<std::string> texts;
  for (const auto& item : list.items) texts.push_back(item.text);
  return texts;
}

std::uint32_t number32(const Value& value) {
  const auto number = to_number(value.text).value_or(0);
  return number > std::numeric_limits<std::uint32_t>::max() ? 0
                                                            : static_cast<std::uint32_t>(number);
}

std::uint64_t number64(const Value& value) { return to_number(value.text).value_or(0); }

// Calls visit(name, value) for the pairs of a list.
template <class Visit>
void each_pair(const std::vector<Value>& items, Visit visit) {
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) visit(items[i], items[i + 1]);
}

}  // namespace

bool ListedMailbox::can_be_selected() const {
  return std::ranges::none_of(attributes, [](const std::string& attribute) {
    return iequals(attribute, "\\Noselect") || iequals(attribute, "\\NonExistent");
  });
}

std::optional<ListedMailbox> listed_mailbox(const Data& data) {
  if (data.name != "LIST" || data.values.size() < 3 || !data.values[0].is_list())
    return std::nullopt;
  return ListedMailbox{.attributes = texts_of(data.values[0]),
                       .name = from_mailbox_name(data.values[2].text)};
}

std::optional<MailboxStatus> mailbox_status(const Data& data) {
  if (data.name != "STATUS" || data.values.size() != 2 || !data.values[1].is_list())
    return std::nullopt;
  MailboxStatus status{.name = from_mailbox_name(data.values[0].text)};
  each_pair(data.values[1].items, [&](const Value& name, const Value& value) {
    if (is_atom(name, "MESSAGES")) status.messages = number32(value);
    if (is_atom(name, "UIDNEXT")) status.uid_next = number32(value);
    if (is_atom(name, "UIDVALIDITY")) status.uid_validity = number32(value);
    if (is_atom(name, "HIGHESTMODSEQ")) status.highest_modseq = number64(value);
  });
  return status;
}

std::optional<Fetched> fetched(const Data& data) {
  if (data.name != "FETCH" || data.values.size() != 1 || !data.values[0].is_list())
    return std::nullopt;
  Fetched message;
  each_pair(data.values[0].items, [&](const Value& name, const Value& value) {
    if (is_atom(name, "UID")) message.uid = number32(value);
    if (is_atom(name, "FLAGS")) message.flags = texts_of(value);
    if (is_atom(name, "MODSEQ") && !value.items.empty()) message.modseq = number64(value.items[0]);
    if (is_atom(name, "RFC822.SIZE")) message.size = number64(value);
    if (iequals(name.text.substr(0, 5), "BODY[")) message.octets = value.text;
  });
  return message;
}

std::optional<std::vector<std::uint32_t>> found_numbers(const Data& data) {
  std::vector<std::uint32_t> numbers;
  if (data.name == "SEARCH") {
    for (const auto& value : data.values) {
      if (value.is_list()) break;  // (MODSEQ n)
      numbers.push_back(number32(value));
    }
    std::erase(numbers, 0U);
    return numbers;
  }
  if (data.name != "ESEARCH") return std::nullopt;
  for (std::size_t i = 0; i + 1 < data.values.size(); ++i) {
    if (!is_atom(data.values[i], "ALL")) continue;
    auto set = parse_sequence_set(data.values[i + 1].text);
    if (!set) return std::nullopt;
    return std::move(*set);
  }
  return numbers;
}

// RFC 4315 3
std::optional<AppendedUids> appended_uids(const std::optional<ResponseCode>& code) {
  if (!code || code->name != "APPENDUID" || code->arguments.size() != 2) return std::nullopt;
  auto uids = parse_sequence_set(code->arguments[1].text);
  if (!uids) return std::nullopt;
  return AppendedUids{.uid_validity = number32(code->arguments[0]), .uids = std::move(*uids)};
}

std::optional<std::uint32_t> number_in(const ResponseCode& code) {
  if (code.arguments.size() != 1) return std::nullopt;
  const auto number = number32(code.arguments[0]);
  return number == 0 ? std::nullopt : std::optional{number};
}

}  // namespace convene::imap
