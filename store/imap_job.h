#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "imap/command.h"
#include "imap/session.h"
#include "store/requests.h"

namespace convene::store {

// Where an account's folders are on the IMAP server.
struct ImapPaths {
  std::string prefix = "user/{account}/";  // {account} replaced; empty: who logs in is the account

  std::string mailbox(const std::string& account, const Folder& folder) const;
  std::string before(const std::string& account) const;
};

// What the server can do, of what makes a difference here.
struct ImapAbilities {
  bool multiappend = false;
  bool condstore = false;
  bool list_status = false;
};

// One request as the commands that it takes, one after the other.
class ImapJob {
 public:
  using Step = std::variant<imap::Command, Answer>;

  virtual ~ImapJob() = default;
  virtual Step begin(const ImapAbilities& abilities) = 0;
  virtual Step next(const imap::Outcome& outcome) = 0;

  // Whether it opens a mailbox: only one such at a time. And which folder it writes to: of these,
  // too. Empty: none.
  virtual bool opens() const { return true; }
  virtual std::string writes_to() const { return {}; }

  // Before begin(): takes over what another one was to store in the same folder, so that one
  // command does for both. False: they do not go together.
  virtual bool join(ImapJob&) { return false; }
  virtual std::size_t objects() const { return 0; }  // that are to be stored
};

std::unique_ptr<ImapJob> make_imap_job(Request request, const ImapPaths& paths);
std::unique_ptr<ImapJob> make_imap_write(Write write, const ImapPaths& paths);

// A NO or BAD as an error of ours.
Error error_of(const imap::Status& status);

imap::Message message_of(const Object& object);

}  // namespace convene::store
