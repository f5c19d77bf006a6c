#include "store/folder.h"

#include <algorithm>
#include <charconv>

#include "base/hash.h"
#include "base/text.h"

namespace convene::store {

namespace {

constexpr std::size_t max_name = 200;
constexpr std::string_view in_hex = "x=";
constexpr std::string_view as_hash = "h=";

bool is_name(std::string_view id) {
  const std::string_view others = "._@+:;=,-";
  return !id.empty() && id.size() <= max_name &&
         (is_alphanumeric(id.front()) || id.front() == '+') &&
         std::ranges::all_of(id,
                             [others](char c) { return is_alphanumeric(c) || others.contains(c); });
}

// Names that mean something else: ours for others, and where Dovecot keeps its own.
bool is_taken(std::string_view id) {
  return id.starts_with(in_hex) || id.starts_with(as_hash) || iequals(id, "dbox-Mails") ||
         iequals(id, "INBOX");
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

struct UserUri {
  std::string_view user, host;
};

UserUri parts_of(std::string_view uri) {
  uri = uri.substr(uri.find(':') + 1);
  uri = uri.substr(0, uri.find_first_of(";?"));
  const auto at = uri.find('@');
  if (at == std::string_view::npos) return {.user = uri, .host = {}};
  return {.user = uri.substr(0, at), .host = uri.substr(at + 1)};
}

}  // namespace

std::string to_text(const Folder& folder) {
  std::string text;
  for (const auto& name : folder.path) text += (text.empty() ? "" : "/") + name;
  return text;
}

Folder parse_folder(std::string_view text) {
  Folder folder;
  for (const auto name : split(text, '/')) folder.path.emplace_back(name);
  return folder;
}

std::string folder_name(std::string_view id) {
  if (is_name(id) && !is_taken(id)) return std::string{id};
  auto name = std::string{in_hex} + to_hex(id);
  if (name.size() <= max_name) return name;
  return std::string{as_hash} + digest_hex(Digest::sha256, id);
}

std::string id_of_folder_name(std::string_view name) {
  if (!name.starts_with(in_hex)) return std::string{name};
  std::string id;
  for (name.remove_prefix(in_hex.size()); name.size() >= 2; name.remove_prefix(2)) {
    unsigned char octet = 0;
    std::from_chars(name.data(), name.data() + 2, octet, 16);
    id += static_cast<char>(octet);
  }
  return id;
}

// R5.1a: the conversation history folder
Folder conversation_folder(const FolderRules& rules, const cpm::Ids& ids,
                           std::string_view other_party) {
  const bool by_party = !other_party.empty() && rules.one_to_one == FolderNaming::other_party;
  return {{rules.root, folder_name(by_party ? other_party : ids.conversation)}};
}

// R5.1b: the session history folder
Folder session_folder(const FolderRules& rules, const cpm::Ids& ids, std::string_view other_party) {
  auto folder = conversation_folder(rules, ids, other_party);
  folder.path.push_back(folder_name(ids.contribution));
  return folder;
}

Result<std::string> account_of(std::string_view rule, std::string_view user_uri) {
  const auto [user, host] = parts_of(user_uri);
  const bool is_braced = user.contains('{') || host.contains('{');
  auto account = replaced(std::string{rule}, "{user}", user);
  account = replaced(std::move(account), "{msisdn}", user);
  account = replaced(std::move(account), "{host}", host);
  const auto address = std::string{user} + (host.empty() ? "" : "@") + std::string{host};
  account = replaced(std::move(account), "{address}", address);

  const std::string_view others = "._@+-";
  const bool is_fit = std::ranges::all_of(
      account, [others](char c) { return is_alphanumeric(c) || others.contains(c); });
  if (is_braced || !is_fit || account.empty() || account.front() == '.' || user.empty() ||
      account.size() > max_name)
    return fail(Fault::unsupported, "no account of the message store can be made of this address");
  return account;
}

}  // namespace convene::store
