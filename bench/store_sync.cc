#include "bench/store_sync.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <set>
#include <utility>
#include <variant>

namespace convene::bench {

namespace {

constexpr std::size_t reads_under_way = 64;

}  // namespace

class Copy::Impl {
 public:
  Impl(io::MessageStore& store, io::Loop& loop, std::string account)
      : store_{store}, loop_{loop}, account_{std::move(account)} {}

  Synced sync() {
    synced_ = {};
    const auto begin = io::monotonic_now();
    ask<store::Folders>(store::ListFolders{.account = account_}, [this](store::Folders folders) {
      synced_.folders = folders.size();
      for (auto& state : folders) look_into(std::move(state));
    });
    loop_.run();
    synced_.seconds = std::chrono::duration<double>(io::monotonic_now() - begin).count();
    return synced_;
  }

 private:
  template <class Wanted, class Then>
  void ask(store::Request request, Then then) {
    ++waiting_;
    store_.ask(std::move(request), [this, then = std::move(then)](store::Answer answer) mutable {
      if (!answer || !std::holds_alternative<Wanted>(*answer)) {
        std::fprintf(stderr, "sync: %s\n",
                     answer ? "another answer" : answer.error().detail.c_str());
        std::exit(1);
      }
      then(std::get<Wanted>(*std::move(answer)));
      read_some();
      if (--waiting_ == 0) loop_.stop();
    });
  }

  void look_into(store::FolderState state) {
    auto& known = known_[to_text(state.folder)];
    if (state.modseq <= known) return;
    const store::ListObjects what{
        .account = account_, .folder = state.folder, .changed_since = known};
    known = state.modseq;
    ask<store::ObjectStates>(what, [this, folder = state.folder](const store::ObjectStates& all) {
      for (const auto& one : all)
        if (have_[to_text(folder)].insert(one.uid).second) to_read_.emplace_back(folder, one.uid);
    });
  }

  void read_some() {
    while (reading_ < reads_under_way && !to_read_.empty()) {
      auto [folder, uid] = std::move(to_read_.front());
      to_read_.pop_front();
      ++reading_;
      ask<store::Octets>(store::Read{.account = account_, .folder = std::move(folder), .uid = uid},
                         [this](const store::Octets& text) {
                           --reading_;
                           ++synced_.objects;
                           synced_.octets += text.octets.size();
                         });
    }
  }

  io::MessageStore& store_;
  io::Loop& loop_;
  std::string account_;
  std::map<std::string, std::uint64_t> known_;        // modseq, by folder
  std::map<std::string, std::set<store::Uid>> have_;  // by folder
  std::deque<std::pair<store::Folder, store::Uid>> to_read_;
  std::size_t waiting_ = 0;
  std::size_t reading_ = 0;
  Synced synced_;
};

Copy::Copy(io::MessageStore& store, io::Loop& loop, std::string account)
    : impl_{std::make_unique<Impl>(store, loop, std::move(account))} {}
Copy::~Copy() = default;

Synced Copy::sync() { return impl_->sync(); }

}  // namespace convene::bench
