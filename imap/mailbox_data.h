#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "imap/response.h"

namespace convene::imap {

// "* LIST (\HasNoChildren) "/" Default". RFC 3501 7.2.2. Nothing for any other response, nor for
// one that makes no sense; as all below.
struct ListedMailbox {
  std::vector<std::string> attributes = {};  // as written: \Noselect, \NonExistent
  std::string name = {};                     // UTF-8
  bool can_be_selected() const;
  bool operator==(const ListedMailbox&) const = default;
};
std::optional<ListedMailbox> listed_mailbox(const Data& data);

// "* STATUS Default (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 17 HIGHESTMODSEQ 9)". RFC 3501 7.2.4
struct MailboxStatus {
  std::string name = {};
  std::uint32_t messages = 0;
  std::uint32_t uid_next = 0;
  std::uint32_t uid_validity = 0;
  std::uint64_t highest_modseq = 0;
  bool operator==(const MailboxStatus&) const = default;
};
std::optional<MailboxStatus> mailbox_status(const Data& data);

// "* 12 FETCH (UID 7 FLAGS (\Seen) BODY[]<0> {42}...)". RFC 3501 7.4.2
struct Fetched {
  std::uint32_t uid = 0;
  std::vector<std::string> flags = {};
  std::uint64_t modseq = 0;
  std::uint64_t size = 0;
  std::optional<std::string> octets = {};  // of the one BODY section or header asked for
  bool operator==(const Fetched&) const = default;
};
std::optional<Fetched> fetched(const Data& data);

// Of "* SEARCH 2 84" and "* ESEARCH (TAG "a1") UID ALL 2,84". RFC 3501 7.2.5, RFC 4731 3.1
std::optional<std::vector<std::uint32_t>> found_numbers(const Data& data);

// Of [APPENDUID 38505 3955:3957]. RFC 4315 3
struct AppendedUids {
  std::uint32_t uid_validity = 0;
  std::vector<std::uint32_t> uids = {};
  bool operator==(const AppendedUids&) const = default;
};
std::optional<AppendedUids> appended_uids(const std::optional<ResponseCode>& code);

// The number of [UIDVALIDITY 17] and its kin.
std::optional<std::uint32_t> number_in(const ResponseCode& code);

}  // namespace convene::imap
