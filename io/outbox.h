#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/log.h"
#include "io/alive.h"
#include "io/content_files.h"
#include "io/database.h"
#include "io/file_body_store.h"
#include "io/loop.h"
#include "io/message_store.h"
#include "io/object_repository.h"
#include "io/worker.h"
#include "store/outbox.h"

namespace convene::io {

struct IoOutboxSettings {
  store::OutboxSettings queue = {};
  std::uint64_t held_octets = 32ULL << 20;  // of texts in memory; others are read when it is time
};

// Stands before a message store elsewhere: a Write is committed in the database, with its files
// beside it, told to be kept, and then brought to the store until that has it, also by a later
// process (G-10, storage outbox). Everything else goes straight to the store.
//
// A Write is refused with Fault::too_large when as much waits as may, or when the disk is full.
class Outbox final : public MessageStore {
 public:
  // `directory` of the files, which the embedded store would have. All but `behind` outlive it;
  // `bodies` may be none, then objects cannot have files.
  static Result<std::unique_ptr<Outbox>> open(IoOutboxSettings settings,
                                              const std::string& directory, Database& database,
                                              Loop& loop, Log& log, FileBodyStore* bodies,
                                              std::unique_ptr<MessageStore> behind);
  ~Outbox() override;

  void ask(store::Request request, Told told) override;
  void keep(store::Write write, Kept kept, Told told) override;

  std::size_t waiting() const { return queue_.waiting(); }  // writes that are not in the store yet

 private:
  struct Entry {
    std::optional<KeptWrite> write;  // while there is memory for it
    Told told;                       // until it was told something
    bool has_files = false;
  };

  Outbox(IoOutboxSettings settings, ContentFiles files, Sqlite reader, Database& database,
         Loop& loop, Log& log, FileBodyStore* bodies, std::unique_ptr<MessageStore> behind);

  void restore(const std::vector<store::Outbox::Kept>& writes);
  void refuse(Error error, Told told);
  void commit(KeptWrite write, std::vector<ContentFiles::Incoming> files, Kept kept, Told told);
  void is_kept(store::OutboxId id, KeptWrite write, Told told);
  void perform(store::OutboxEffects effects);
  void write_out(store::OutboxId id, bool may_be_there);
  void send(store::OutboxId id, const KeptWrite& kept, bool may_be_there);
  void answered(store::OutboxId id, store::Answer answer);
  void tell(store::OutboxId id, store::Answer answer);
  void forget(store::OutboxId id);
  void erase(const std::string& account);
  template <class Input>
  void input(Input what);
  void set_timer();
  void wake();

  IoOutboxSettings settings_;
  Database& database_;
  Loop& loop_;
  Log& log_;
  FileBodyStore* bodies_;
  std::unique_ptr<MessageStore> behind_;
  ContentFiles files_;
  store::Outbox queue_;
  std::map<store::OutboxId, Entry> entries_;
  struct Erasure {
    store::Erase what;
    Told told;
  };
  std::multimap<std::string, Erasure> erasures_;  // by account
  std::uint64_t held_ = 0;                        // octets of texts in memory
  std::size_t coming_ = 0;                        // writes whose files are being taken in
  std::uint64_t coming_octets_ = 0;               // of those that are not kept yet
  bool is_refusing_ = false;                      // was said
  Timer timer_;
  Alive alive_;

  Sqlite reader_;  // of the worker's thread
  Worker worker_;  // last: it uses all of the above
};

}  // namespace convene::io
