#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/alive.h"
#include "io/content_files.h"
#include "io/database.h"
#include "io/file_body_store.h"
#include "io/loop.h"
#include "io/worker.h"
#include "participating/deferral_queue.h"

namespace convene::io {

// What is kept for users who are away: rows of the database, and what came through sessions as
// files by their content, beside those of the message store. Whatever is deferred for however many
// lies on the disk once. Answers come on the loop's thread, never within the call.
class DeferralStore {
 public:
  // `directory` of the files, whose leftovers the message store has removed, or else this does. All
  // outlive it.
  static Result<std::unique_ptr<DeferralStore>> open(const std::string& directory,
                                                     Database& database, Loop& loop,
                                                     FileBodyStore* bodies);

  using Stored = std::move_only_function<void(const Result<>&)>;
  void store(participating::StoreDeferred what, Stored told);
  using Fetched = std::move_only_function<void(Result<participating::DeferredMessage>)>;
  void fetch(participating::DeferralId id, Fetched told);
  void forget(participating::DeferralId id);

 private:
  DeferralStore(ContentFiles files, Database& database, Loop& loop, FileBodyStore* bodies)
      : files_{std::move(files)}, database_{database}, loop_{loop}, bodies_{bodies} {}
  void commit(participating::StoreDeferred what, std::vector<ContentFiles::Incoming> files,
              Stored told);

  ContentFiles files_;
  Database& database_;
  Loop& loop_;
  FileBodyStore* bodies_;
  Alive alive_;
  Worker worker_;  // last: it uses all of the above
};

}  // namespace convene::io
