#pragma once

// What can be asked of a message store, whichever it is: the embedded one or an IMAP server.
//
// A role appends Ask to its effects, the node carries it to the store of `io`, and the answer comes
// back as an input with the same id: answered(id, answer, now, effects). Nothing is answered within
// the call that asked. A store answers every request once, within its time limit.
//
// A Write is told to be kept as soon as it is durable on this machine: kept(id, now, effects). From
// then on it reaches the store, however long that is away and whoever is killed; an answer of
// failure then only says that the UIDs are not known yet. A Write that failed without having been
// kept may have been done all the same, so it is repeated with `may_be_there`.
//
// The end of a file transfer in a session (R5.1b, R5.1b2, R5.1c) is one Write with the session's
// folder, its Session Info Object and the File Transfer History Object: Written::session_info is
// the Message-UID. Outside a session (R5.1a) there is no session_info, and Written::objects[0] is
// it (A12). `account` is account_of(rule, user); the folder comes from conversation_folder() or
// session_folder(). File bodies that an Object names must stay until it is kept or answered.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "store/folder.h"
#include "store/object.h"

namespace convene::store {

struct RequestId {
  std::uint64_t value = 0;
  auto operator<=>(const RequestId&) const = default;
};

using Uid = std::uint32_t;  // of an object in its folder; grows, and is never used again

// Makes the folder if need be, then stores the objects in their order, all or none.
struct Write {
  std::string account = {};
  Folder folder = {};
  std::optional<Object> session_info = {};  // stored first, unless the folder has one already
  std::vector<Object> objects = {};
  bool may_be_there = false;  // objects whose IMDN-Message-ID is there are not stored again
};
struct Written {
  std::uint32_t uid_validity = 0;  // UIDs of another one mean nothing any more (G-10)
  std::optional<Uid> session_info = {};
  std::vector<Uid> objects = {};  // empty where the store does not tell
  bool operator==(const Written&) const = default;
};

struct ListFolders {
  std::string account = {};
  std::string root = "Default";
};
struct FolderState {
  Folder folder = {};
  std::uint32_t objects = 0;
  std::uint32_t uid_next = 0;
  std::uint32_t uid_validity = 0;
  std::uint64_t modseq = 0;  // of the latest change
  bool operator==(const FolderState&) const = default;
};
using Folders = std::vector<FolderState>;

struct ListObjects {
  std::string account = {};
  Folder folder = {};
  std::uint64_t changed_since = 0;  // a modseq; 0: all
  bool with_headers = false;
};
struct ObjectState {
  Uid uid = 0;
  std::vector<std::string> flags = {};
  std::uint64_t modseq = 0;
  std::uint64_t octets = 0;
  std::string headers = {};  // when asked for
  bool operator==(const ObjectState&) const = default;
};
using ObjectStates = std::vector<ObjectState>;  // by UID

// Objects with a header that contains the value, in any case.
struct Search {
  std::string account = {};
  Folder folder = {};
  std::string header = {};
  std::string value = {};
};
using Uids = std::vector<Uid>;

// Octets of an object's text from `offset` on, at most `most`. Empty: that was its end.
struct Read {
  std::string account = {};
  Folder folder = {};
  Uid uid = 0;
  std::uint64_t offset = 0;
  std::uint64_t most = 1U << 20;
};
struct Octets {
  std::string octets = {};
  bool operator==(const Octets&) const = default;
};

enum class FlagChange { add, take };
struct ChangeFlags {
  std::string account = {};
  Folder folder = {};
  Uids uids = {};
  FlagChange change = FlagChange::add;
  std::vector<std::string> flags = {};
};

// Everything below `root`: a user's whole history.
struct Erase {
  std::string account = {};
  std::string root = "Default";
};

struct Done {
  bool operator==(const Done&) const = default;
};

using Request = std::variant<Write, ListFolders, ListObjects, Search, Read, ChangeFlags, Erase>;

// Fault::not_found: no such folder or object. Fault::closed, timed_out: the store cannot be had;
// later, perhaps. Fault::too_large: it is full, or too much waits. Fault::unsupported: it refuses.
using Answer = Result<std::variant<Written, Folders, ObjectStates, Uids, Octets, Done>>;

// The effect.
struct Ask {
  RequestId id = {};
  Request request = {};
};

const std::string& account_of(const Request& request);

}  // namespace convene::store
