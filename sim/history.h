#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "sim/memory_body_store.h"
#include "store/requests.h"

namespace convene::sim {

// The message store that a simulated machine uses, with an outbox on the machine's own disk before
// it: a Write is kept after the disk's delay, and answered after the store's. Both survive a crash.
class History {
 public:
  enum class Fault {
    none,
    refuses,   // down: kept, and answered with a failure; what is kept is written later
    hangs,     // kept, and never answered; what is kept is written later
    disowned,  // no store at all: nothing is kept, everything is refused
  };
  Fault fault = Fault::none;
  Duration delay{5};  // from kept to answered

  // What was kept is written when the store is back: with the next request, or by this.
  void drain();

  struct Kept {
    store::Uid uid = 0;
    std::string text;  // its whole text, files in base64
    std::vector<std::string> flags;
    std::string imdn_message_id;
    std::uint64_t modseq = 0;
  };
  struct FolderContent {
    std::uint32_t uid_validity = 0;
    store::Uid uid_next = 1;
    std::uint64_t modseq = 1;
    store::Uid session_info = 0;  // 0: there is none
    std::vector<Kept> objects;
  };
  using Account = std::map<store::Folder, FolderContent>;
  std::map<std::string, Account, std::less<>> accounts;

  std::size_t waiting() const { return outbox_.size(); }

  // For the world: what a Write is once it is kept. Fault::closed for files that are not whole.
  struct Entry {
    store::Write write;
    std::vector<std::string> texts;  // of session_info, if any, and the objects
    std::optional<store::Written> written;
  };
  Result<std::shared_ptr<Entry>> keep(store::Write write, const MemoryBodyStore& bodies);
  store::Answer answer(const Entry& entry);  // now that the store was asked
  store::Answer answer(const store::Request& request);

 private:
  store::Answer perform(const store::ListFolders& what) const;
  store::Answer perform(const store::ListObjects& what) const;
  store::Answer perform(const store::Search& what) const;
  store::Answer perform(const store::Read& what) const;
  store::Answer perform(const store::ChangeFlags& what);
  store::Answer perform(const store::Erase& what);
  store::Written perform(const Entry& entry);
  store::Uid add(FolderContent& folder, const store::Object& object, std::string text);
  const FolderContent* find(const std::string& account, const store::Folder& folder) const;

  std::deque<std::shared_ptr<Entry>> outbox_;
  std::uint32_t validity_ = 0;
};

}  // namespace convene::sim
