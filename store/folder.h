#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cpm/ids.h"

namespace convene::store {

// A folder of one user's message store: names from the root down, each fit for any store.
struct Folder {
  std::vector<std::string> path = {};
  auto operator<=>(const Folder&) const = default;
};

// "Default/f1b7c2a4/5e3c7d10": for logs and lists, and the key by which the embedded store finds
// it.
std::string to_text(const Folder& folder);
Folder parse_folder(std::string_view text);  // of what to_text() gave

// After whom the folder of a conversation of two is named (G-35).
enum class FolderNaming { conversation_id, other_party };

struct FolderRules {
  std::string root = "Default";  // some stores: "cpmdefault"
  FolderNaming one_to_one = FolderNaming::conversation_id;
};

// Everything of one conversation. `other_party`: empty for a group.
Folder conversation_folder(const FolderRules& rules, const cpm::Ids& ids,
                           std::string_view other_party);

// The conversation's folder of one session, named after its Contribution-ID.
Folder session_folder(const FolderRules& rules, const cpm::Ids& ids, std::string_view other_party);

// Ids come from the network. What every store takes as a name stays: up to 200 of
// [A-Za-z0-9._@+:;=,-] that begin with a letter, a digit or '+'. Anything else becomes "x=" and
// hex, or "h=" and the SHA-256 in hex where that were too long. Different ids have different names;
// case matters.
std::string folder_name(std::string_view id);

// The id that a name stands for; of "h=" only the name itself is known.
std::string id_of_folder_name(std::string_view name);

// What a user's account is called in the store: `rule` with {user} or {msisdn} (the user part),
// {host} and {address} replaced. A colon would break shared namespaces, and an account must not
// reach into another: Fault::unsupported for what is not [A-Za-z0-9._@+-], or begins with a dot.
Result<std::string> account_of(std::string_view rule, std::string_view user_uri);

}  // namespace convene::store
