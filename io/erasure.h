#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "io/alive.h"
#include "io/content_files.h"
#include "io/database.h"
#include "io/loop.h"
#include "io/message_store.h"
#include "io/sqlite.h"

// The right to be forgotten: everything that is kept of a user, with its files. Who asks writes
// into table erasures, from whichever process; a server looks there, and does it.
namespace convene::io {

// To be erased: by the server, or with erase_account() while there is none.
Result<> ask_for_erasure(Sqlite& database, const std::string& account, const std::string& root);
Result<bool> is_erasure_done(Sqlite& database, const std::string& account);

// All rows of an account, at once; it is not to be erased any more then. The hashes of the files
// that were in them: remove_unused_files(), once it is committed.
Result<std::vector<std::string>> erase_account(Sqlite& database, const std::string& account,
                                               const std::string& root);

// Does what is asked for while the server runs.
class Erasures {
 public:
  // `history` may be none. All outlive it.
  Erasures(ContentFiles files, Database& database, MessageStore* history, Loop& loop, Log& log,
           Duration every = Duration{1'000});

  // Fault::closed: the database cannot be read.
  Result<> start();

 private:
  struct Asked {
    std::string account;
    std::string root;
  };
  void look();
  void look_later();
  void erase(Asked what);
  void erase_rows(Asked what);

  ContentFiles files_;
  Database& database_;
  MessageStore* history_;
  Loop& loop_;
  Log& log_;
  Duration every_;
  std::unique_ptr<Sqlite> reader_;
  Timer timer_;
  Alive alive_;
};

}  // namespace convene::io
