#include "apps/store_migration.h"

#include <cstdio>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "io/kept_write.h"

namespace convene::apps {

namespace {

constexpr std::size_t objects_at_once = 100;
constexpr std::size_t octets_at_once = 1U << 20;  // of text, of one command

class Migration {
 public:
  explicit Migration(const StoreOptions& options)
      : options_{options},
        spool_{(std::filesystem::temp_directory_path() / "convene-migration").string()},
        bodies_{spool_} {}

  Result<> run() {
    if (options_.store.imap.empty()) return fail(Fault::malformed, "--imap is needed");
    TRY(source_.open_embedded(options_));
    TRY(target_.open_imap(options_, &bodies_));
    auto accounts = std::vector{options_.user};
    if (options_.user.empty()) accounts = TRY(source_.embedded()->accounts());
    for (const auto& account : accounts) TRY(copy_account(account));
    std::printf("%zu objects\n", count_);
    return {};
  }

 private:
  Result<> copy_account(const std::string& account) {
    const store::ListFolders all{.account = account, .root = options_.store.root};
    const auto there = TRY(target_.answer<store::Folders>(all));
    std::set<store::Folder> known;
    for (const auto& state : there) known.insert(state.folder);
    const auto folders = TRY(source_.answer<store::Folders>(all));
    for (const auto& state : folders)
      TRY(copy_folder(account, state.folder, known.contains(state.folder)));
    return {};
  }

  Result<> copy_folder(const std::string& account, const store::Folder& folder, bool is_there) {
    const auto states = TRY(source_.answer<store::ObjectStates>(
        store::ListObjects{.account = account, .folder = folder}));
    store::Write write{.account = account, .folder = folder, .may_be_there = is_there};
    std::vector<store::Uid> uids;
    std::size_t octets = 0;
    for (const auto& state : states) {
      auto object = TRY(object_of(account, folder, state));
      octets += text_of(object).size();
      write.objects.push_back(std::move(object));
      uids.push_back(state.uid);
      const bool is_full = uids.size() == objects_at_once || octets >= octets_at_once;
      if (!is_full && state.uid != states.back().uid) continue;
      TRY(send(write, uids));
      octets = 0;
    }
    return {};
  }

  // Its text, with its files where they lie: none is in memory.
  Result<store::Object> object_of(const std::string& account, const store::Folder& folder,
                                  const store::ObjectState& state) {
    auto kept = TRY(source_.embedded()->object(account, folder, state.uid));
    if (!kept) return fail(Fault::not_found, "an object that has gone meanwhile");
    return io::object_of(*kept, source_.embedded()->files(), &bodies_);
  }

  Result<> send(store::Write& write, std::vector<store::Uid>& uids) {
    const auto written = TRY(target_.answer<store::Written>(write));
    const auto folder = printable(to_text(write.folder));
    for (std::size_t i = 0; i < uids.size(); ++i)
      std::printf("%s  %s  %u -> %u %u\n", printable(write.account).c_str(), folder.c_str(),
                  uids[i], written.uid_validity, written.objects.empty() ? 0 : written.objects[i]);
    for (const auto& object : write.objects) io::drop_files(object, bodies_);
    bodies_.sweep();
    count_ += uids.size();
    uids.clear();
    write.objects.clear();
    return {};
  }

  const StoreOptions& options_;
  std::string spool_;
  io::FileBodyStore bodies_;
  OpenStore source_;
  OpenStore target_;
  std::size_t count_ = 0;
};

}  // namespace

Result<> migrate_store(const StoreOptions& options) { return Migration{options}.run(); }

}  // namespace convene::apps
