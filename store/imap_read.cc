#include <algorithm>
#include <utility>

#include "base/text.h"
#include "imap/mailbox_data.h"
#include "imap/sequence_set.h"
#include "store/imap_job.h"

namespace convene::store {

namespace {

using imap::Outcome;

ImapJob::Step failed(const Outcome& outcome) {
  return Answer{std::unexpected(error_of(outcome.status))};
}

// LIST, with the state of each folder where the server tells it in the same breath (RFC 5819).
class ImapFolders final : public ImapJob {
 public:
  ImapFolders(const ListFolders& what, const ImapPaths& paths)
      : prefix_{paths.before(what.account)}, root_{what.root} {}

  // Dovecot lists a shared namespace only once something in it was asked for; whether that is there
  // does not matter.
  Step begin(const ImapAbilities& abilities) override {
    abilities_ = abilities;
    return imap::open(prefix_ + root_, imap::Opening::examine, false);
  }

  Step next(const Outcome& outcome) override {
    if (!std::exchange(is_known_, true)) {
      const auto pattern = prefix_ + root_ + "/*";
      return abilities_.list_status ? imap::list_with_status("", pattern) : imap::list("", pattern);
    }
    if (!outcome.is_ok()) return failed(outcome);
    Folders folders;
    const auto state_of = [&folders, this](const std::string& name) -> FolderState* {
      if (!name.starts_with(prefix_)) return nullptr;
      auto folder = parse_folder(std::string_view{name}.substr(prefix_.size()));
      const auto found = std::ranges::find(folders, folder, &FolderState::folder);
      if (found != folders.end()) return &*found;
      return &folders.emplace_back(FolderState{.folder = std::move(folder)});
    };
    for (const auto& data : outcome.data) {
      if (const auto listed = imap::listed_mailbox(data); listed && listed->can_be_selected())
        state_of(listed->name);
    }
    for (const auto& data : outcome.data) {
      const auto status = imap::mailbox_status(data);
      auto* state = status ? state_of(status->name) : nullptr;
      if (state == nullptr) continue;
      state->objects = status->messages;
      state->uid_next = status->uid_next;
      state->uid_validity = status->uid_validity;
      state->modseq = status->highest_modseq;
    }
    return Answer{std::move(folders)};
  }

 private:
  std::string prefix_;
  std::string root_;
  ImapAbilities abilities_;
  bool is_known_ = false;
};

// Opens a folder, then asks one thing of it.
class ImapQuestion : public ImapJob {
 public:
  ImapQuestion(std::string mailbox, imap::Opening opening)
      : mailbox_{std::move(mailbox)}, opening_{opening} {}

  Step begin(const ImapAbilities& abilities) override {
    abilities_ = abilities;
    return imap::open(mailbox_, opening_, abilities.condstore);
  }
  Step next(const Outcome& outcome) override {
    if (!outcome.is_ok()) {
      auto error = error_of(outcome.status);
      if (!is_open_ && error.fault == Fault::unsupported) error.fault = Fault::not_found;
      return Answer{std::unexpected(std::move(error))};
    }
    if (!std::exchange(is_open_, true)) return question();
    return Answer{answer(outcome)};
  }

 protected:
  virtual imap::Command question() const = 0;
  virtual Answer answer(const Outcome& outcome) const = 0;
  const ImapAbilities& abilities() const { return abilities_; }

 private:
  std::string mailbox_;
  imap::Opening opening_;
  ImapAbilities abilities_;
  bool is_open_ = false;
};

class ImapObjects final : public ImapQuestion {
 public:
  ImapObjects(const ListObjects& what, std::string mailbox)
      : ImapQuestion{std::move(mailbox), imap::Opening::examine},
        since_{what.changed_since},
        with_headers_{what.with_headers} {}

 private:
  imap::Command question() const override {
    std::string items = "(UID FLAGS RFC822.SIZE";
    if (abilities().condstore) items += " MODSEQ";
    if (with_headers_) items += " BODY.PEEK[HEADER]";
    return imap::uid_fetch("1:*", items + ")", abilities().condstore ? since_ : 0);
  }
  Answer answer(const Outcome& outcome) const override {
    ObjectStates states;
    for (const auto& data : outcome.data) {
      auto message = imap::fetched(data);
      if (!message || message->uid == 0) continue;
      std::erase(message->flags, "\\Recent");
      states.push_back({.uid = message->uid,
                        .flags = std::move(message->flags),
                        .modseq = message->modseq,
                        .octets = message->size,
                        .headers = std::move(message->octets).value_or("")});
    }
    std::ranges::sort(states, {}, &ObjectState::uid);
    return states;
  }
  std::uint64_t since_;
  bool with_headers_;
};

class ImapSearch final : public ImapQuestion {
 public:
  ImapSearch(Search what, std::string mailbox)
      : ImapQuestion{std::move(mailbox), imap::Opening::examine}, what_{std::move(what)} {}

 private:
  imap::Command question() const override {
    return imap::uid_search_header(what_.header, what_.value);
  }
  Answer answer(const Outcome& outcome) const override {
    Uids uids;
    for (const auto& data : outcome.data)
      if (auto found = imap::found_numbers(data)) uids = std::move(*found);
    std::ranges::sort(uids);
    return uids;
  }
  Search what_;
};

class ImapReading final : public ImapQuestion {
 public:
  ImapReading(const Read& what, std::string mailbox)
      : ImapQuestion{std::move(mailbox), imap::Opening::examine}, what_{what} {}

 private:
  imap::Command question() const override {
    return imap::uid_fetch(std::to_string(what_.uid), "(UID BODY.PEEK[]<" +
                                                          std::to_string(what_.offset) + "." +
                                                          std::to_string(what_.most) + ">)");
  }
  Answer answer(const Outcome& outcome) const override {
    for (const auto& data : outcome.data) {
      auto message = imap::fetched(data);
      if (message && message->uid == what_.uid && message->octets)
        return Octets{std::move(*message->octets)};
    }
    return fail(Fault::not_found, "no such object");
  }
  Read what_;
};

class ImapFlags final : public ImapQuestion {
 public:
  ImapFlags(ChangeFlags what, std::string mailbox)
      : ImapQuestion{std::move(mailbox), imap::Opening::select}, what_{std::move(what)} {}

 private:
  imap::Command question() const override {
    const auto change =
        what_.change == FlagChange::add ? imap::FlagChange::add : imap::FlagChange::take;
    return imap::uid_store(imap::to_sequence_set(what_.uids), change, what_.flags);
  }
  Answer answer(const Outcome&) const override { return Done{}; }
  ChangeFlags what_;
};

// All folders below the root, the deepest first, then the root itself.
class ImapErase final : public ImapJob {
 public:
  ImapErase(Erase what, const ImapPaths& paths)
      : root_{paths.mailbox(what.account, Folder{{what.root}})} {}

  Step begin(const ImapAbilities&) override {
    return imap::open(root_, imap::Opening::examine, false);  // as ImapFolders
  }

  Step next(const Outcome& outcome) override {
    if (!std::exchange(is_known_, true)) return imap::list("", root_ + "/*");
    if (!std::exchange(is_listed_, true)) {
      if (!outcome.is_ok()) return failed(outcome);
      left_ = {root_};
      for (const auto& data : outcome.data)
        if (auto listed = imap::listed_mailbox(data)) left_.push_back(std::move(listed->name));
      std::ranges::sort(left_);  // a folder stands before those in it
    } else if (!outcome.is_ok() && !outcome.status.has_code("NONEXISTENT") && last_ != root_) {
      refused_ = error_of(outcome.status);  // a root that holds nothing may be none for the server
    }
    if (left_.empty()) {
      if (refused_) return Answer{std::unexpected(*refused_)};
      return Answer{Done{}};
    }
    last_ = std::move(left_.back());
    left_.pop_back();
    return imap::remove(last_);
  }

 private:
  std::string root_;
  std::vector<std::string> left_;
  std::string last_;
  std::optional<Error> refused_;
  bool is_known_ = false;
  bool is_listed_ = false;
};

struct MakeJob {
  const ImapPaths& paths;

  std::unique_ptr<ImapJob> operator()(Write& what) const {
    return make_imap_write(std::move(what), paths);
  }
  std::unique_ptr<ImapJob> operator()(ListFolders& what) const {
    return std::make_unique<ImapFolders>(what, paths);
  }
  std::unique_ptr<ImapJob> operator()(Erase& what) const {
    return std::make_unique<ImapErase>(std::move(what), paths);
  }
  std::unique_ptr<ImapJob> operator()(ListObjects& what) const { return ask<ImapObjects>(what); }
  std::unique_ptr<ImapJob> operator()(Search& what) const { return ask<ImapSearch>(what); }
  std::unique_ptr<ImapJob> operator()(Read& what) const { return ask<ImapReading>(what); }
  std::unique_ptr<ImapJob> operator()(ChangeFlags& what) const { return ask<ImapFlags>(what); }

 private:
  template <class Job, class What>
  std::unique_ptr<ImapJob> ask(What& what) const {
    auto mailbox = paths.mailbox(what.account, what.folder);
    return std::make_unique<Job>(std::move(what), std::move(mailbox));
  }
};

}  // namespace

std::string ImapPaths::before(const std::string& account) const {
  auto text = prefix;
  const std::string_view what = "{account}";
  if (const auto at = text.find(what); at != std::string::npos)
    text.replace(at, what.size(), account);
  return text;
}

std::string ImapPaths::mailbox(const std::string& account, const Folder& folder) const {
  return before(account) + to_text(folder);
}

std::unique_ptr<ImapJob> make_imap_job(Request request, const ImapPaths& paths) {
  return std::visit(MakeJob{paths}, request);
}

const std::string& account_of(const Request& request) {
  return std::visit([](const auto& what) -> const std::string& { return what.account; }, request);
}

}  // namespace convene::store
