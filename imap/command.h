#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace convene::imap {

// Octets that whoever runs the machine supplies while they are written: a file in base64.
struct Source {
  std::uint64_t id = 0;
  std::uint64_t octets = 0;   // exactly so many
  std::uint64_t decoded = 0;  // of the file itself: for whoever supplies it
  bool operator==(const Source&) const = default;
};

using Octets = std::variant<std::string, Source>;

// What is sent after "{n}". RFC 3501 4.3.
struct Literal {
  std::vector<Octets> pieces = {};
  bool operator==(const Literal&) const = default;
};
std::uint64_t size_of(const Literal& literal);

// One command without its tag: text and literals in order.
struct Command {
  std::vector<std::variant<std::string, Literal>> parts = {};
  // Others may be under way together with it, for what it is told stands in its own tagged
  // response. Else it has the connection for itself (RFC 3501 5.5).
  bool shares_connection = false;
  bool operator==(const Command&) const = default;

  Command& text(std::string_view words);     // as it stands
  Command& mailbox(std::string_view utf8);   // quoted, in modified UTF-7
  Command& string(std::string_view octets);  // quoted, or a literal where it must be one
  Command& literal(Literal octets);
};

// One message for APPEND.
struct Message {
  std::vector<std::string> flags = {};  // \Seen, keywords: atoms
  Literal octets = {};
};

// The dozen commands that we need; mailbox names in UTF-8.
Command append(std::string_view mailbox, std::span<const Message> messages);  // RFC 3502 if several
Command create(std::string_view mailbox);
Command remove(std::string_view mailbox);  // DELETE
enum class Opening { select, examine };    // examine: flags stay as they are
Command open(std::string_view mailbox, Opening opening, bool with_modseq);
Command list_with_status(std::string_view reference, std::string_view pattern);  // RFC 5819
Command list(std::string_view reference, std::string_view pattern);
// `items`: "(UID FLAGS)"; changed_since 0: all of them (RFC 7162 3.1.4).
Command uid_fetch(std::string_view uids, std::string_view items, std::uint64_t changed_since = 0);
Command uid_search_header(std::string_view header, std::string_view value);  // contains it
enum class FlagChange { add, take };
Command uid_store(std::string_view uids, FlagChange change, std::span<const std::string> flags);
Command noop();
Command capability();
Command logout();

// A flag or keyword of RFC 3501 9: \ and an atom, or an atom. Nothing else may go into a command.
bool is_flag(std::string_view text);

}  // namespace convene::imap
