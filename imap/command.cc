#include "imap/command.h"

#include <algorithm>
#include <utility>

#include "imap/mailbox_name.h"

namespace convene::imap {

namespace {

constexpr std::size_t longest_quoted = 1'024;  // longer strings go as literals

std::string flag_list(std::span<const std::string> flags) {
  std::string text = "(";
  for (const auto& flag : flags) {
    if (!is_flag(flag)) continue;
    if (text.size() > 1) text += ' ';
    text += flag;
  }
  return text + ")";
}

}  // namespace

std::uint64_t size_of(const Literal& literal) {
  std::uint64_t octets = 0;
  for (const auto& piece : literal.pieces) {
    const auto* source = std::get_if<Source>(&piece);
    octets += source ? source->octets : std::get<std::string>(piece).size();
  }
  return octets;
}

Command& Command::text(std::string_view words) {
  if (parts.empty() || !std::holds_alternative<std::string>(parts.back())) parts.emplace_back("");
  std::get<std::string>(parts.back()) += words;
  return *this;
}

Command& Command::mailbox(std::string_view utf8) { return string(to_mailbox_name(utf8)); }

Command& Command::string(std::string_view octets) {
  if (octets.size() <= longest_quoted && can_be_quoted(octets)) return text(quoted(octets));
  return literal({{std::string{octets}}});
}

Command& Command::literal(Literal octets) {
  parts.emplace_back(std::move(octets));
  return *this;
}

// flag = "\Answered" / ... / flag-keyword / flag-extension. RFC 3501 9
bool is_flag(std::string_view text) {
  if (text.starts_with('\\')) text.remove_prefix(1);
  constexpr std::string_view not_in_atoms = "(){ %*\"\\]";
  return !text.empty() && std::ranges::none_of(text, [=](unsigned char c) {
    return c <= ' ' || c >= 0x7F || not_in_atoms.contains(static_cast<char>(c));
  });
}

// RFC 3501 6.3.11, RFC 3502 6.3.11
Command append(std::string_view mailbox, std::span<const Message> messages) {
  Command command{.shares_connection = true};
  command.text("APPEND ").mailbox(mailbox);
  for (const auto& message : messages) {
    command.text(" ");
    if (!message.flags.empty()) command.text(flag_list(message.flags) + " ");
    command.literal(message.octets);
  }
  return command;
}

Command create(std::string_view mailbox) {
  Command command{.shares_connection = true};
  command.text("CREATE ").mailbox(mailbox);
  return command;
}

Command remove(std::string_view mailbox) {
  Command command;
  command.text("DELETE ").mailbox(mailbox);
  return command;
}

Command open(std::string_view mailbox, Opening opening, bool with_modseq) {
  Command command;
  command.text(opening == Opening::select ? "SELECT " : "EXAMINE ").mailbox(mailbox);
  if (with_modseq) command.text(" (CONDSTORE)");
  return command;
}

// RFC 5819 2
Command list_with_status(std::string_view reference, std::string_view pattern) {
  auto command = list(reference, pattern);
  command.text(" RETURN (STATUS (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ))");
  return command;
}

Command list(std::string_view reference, std::string_view pattern) {
  Command command;
  command.text("LIST ").mailbox(reference).text(" ").mailbox(pattern);
  return command;
}

Command uid_fetch(std::string_view uids, std::string_view items, std::uint64_t changed_since) {
  Command command;
  command.text("UID FETCH ").text(uids).text(" ").text(items);
  if (changed_since > 0) command.text(" (CHANGEDSINCE " + std::to_string(changed_since) + ")");
  return command;
}

Command uid_search_header(std::string_view header, std::string_view value) {
  Command command;
  command.text("UID SEARCH HEADER ").string(header).text(" ").string(value);
  return command;
}

Command uid_store(std::string_view uids, FlagChange change, std::span<const std::string> flags) {
  Command command;
  command.text("UID STORE ").text(uids);
  command.text(change == FlagChange::add ? " +FLAGS.SILENT " : " -FLAGS.SILENT ");
  command.text(flag_list(flags));
  return command;
}

Command noop() { return Command{}.text("NOOP"); }
Command capability() { return Command{}.text("CAPABILITY"); }
Command logout() { return Command{}.text("LOGOUT"); }

}  // namespace convene::imap
