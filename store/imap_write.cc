#include <algorithm>
#include <utility>

#include "imap/mailbox_data.h"
#include "store/imap_job.h"
#include "store/session_info.h"

namespace convene::store {

namespace {

// CREATE, then the Session Info Object unless there is one, then what is not there yet of the
// objects. Two writers may meet: whoever finds the folder made looks before it stores.
class ImapWrite final : public ImapJob {
 public:
  ImapWrite(Write write, std::string mailbox)
      : write_{std::move(write)}, mailbox_{std::move(mailbox)} {}

  bool opens() const override { return write_.session_info.has_value() || write_.may_be_there; }
  std::string writes_to() const override { return mailbox_; }

  std::size_t objects() const override { return write_.objects.size(); }
  bool join(ImapJob& job) override {
    auto* other = dynamic_cast<ImapWrite*>(&job);
    if (other == nullptr || !is_plain() || !other->is_plain() || mailbox_ != other->mailbox_)
      return false;
    auto& more = other->write_.objects;
    if (write_.objects.size() + more.size() > most_joined) return false;
    for (auto& object : more) write_.objects.push_back(std::move(object));
    return true;
  }

  Step begin(const ImapAbilities& abilities) override {
    abilities_ = abilities;
    written_.objects.resize(write_.objects.size());
    if (write_.session_info) return ask(State::creating, imap::create(mailbox_));
    if (write_.may_be_there) return open();
    return append_next();
  }

  Step next(const imap::Outcome& outcome) override {
    switch (state_) {
      case State::creating: return created(outcome);
      case State::opening: return opened(outcome);
      case State::finding_info: return found_info(outcome);
      case State::appending_info: return appended_info(outcome);
      case State::finding_object: return found_object(outcome);
      case State::appending: return appended(outcome);
      case State::creating_for_append: return created_for_append(outcome);
    }
    return failed(outcome);
  }

 private:
  static constexpr std::size_t most_joined = 100;             // objects of one command
  static constexpr std::uint64_t largest_joined = 64 * 1024;  // a large one goes alone

  bool is_plain() const {
    return !write_.session_info && !write_.may_be_there &&
           std::ranges::all_of(write_.objects, [](const Object& object) {
             return size_of(object) <= largest_joined;
           });
  }

  enum class State {
    creating,
    opening,
    finding_info,
    appending_info,
    finding_object,
    appending,
    creating_for_append,
  };

  Step ask(State state, imap::Command command) {
    state_ = state;
    return command;
  }
  static Step failed(const imap::Outcome& outcome) {
    return Answer{std::unexpected(error_of(outcome.status))};
  }
  Step open() { return ask(State::opening, imap::open(mailbox_, imap::Opening::examine, false)); }

  // R5.1b2: no such folder yet, so its first object is the Session Info Object.
  Step created(const imap::Outcome& outcome) {
    if (outcome.is_ok()) return append_info();
    return open();  // [ALREADYEXISTS], or words to that effect: what counts is whether it opens
  }

  Step opened(const imap::Outcome& outcome) {
    if (!outcome.is_ok()) {
      if (write_.session_info) return failed(outcome);
      looks_ = false;  // no folder: nothing can be there
      return append_next();
    }
    for (const auto& data : outcome.data)
      if (data.name == "UIDVALIDITY" && !data.values.empty())
        written_.uid_validity = imap::number_in({.name = {}, .arguments = data.values}).value_or(0);
    if (write_.session_info)
      return ask(State::finding_info, imap::uid_search_header("Content-Type", session_info_type));
    return find_next();
  }

  Step found_info(const imap::Outcome& outcome) {
    if (!outcome.is_ok()) return failed(outcome);
    for (const auto& data : outcome.data) {
      const auto uids = imap::found_numbers(data);
      if (uids && !uids->empty()) written_.session_info = std::ranges::min(*uids);
    }
    if (!written_.session_info) return append_info();
    return find_next();
  }

  Step append_info() {
    return ask(State::appending_info,
               imap::append(mailbox_, std::vector{message_of(*write_.session_info)}));
  }

  // R5.1c
  Step appended_info(const imap::Outcome& outcome) {
    if (!outcome.is_ok()) return failed(outcome);
    if (const auto uids = imap::appended_uids(outcome.status.code); uids && !uids->uids.empty()) {
      written_.uid_validity = uids->uid_validity;
      written_.session_info = uids->uids.front();
    }
    return find_next();
  }

  // A repetition: those that are there are left out.
  Step find_next() {
    if (!write_.may_be_there || !looks_) return append_next();
    while (at_ < write_.objects.size() && write_.objects[at_].imdn_message_id.empty()) ++at_;
    if (at_ == write_.objects.size()) {
      at_ = 0;
      return append_next();
    }
    return ask(State::finding_object,
               imap::uid_search_header("IMDN-Message-ID", write_.objects[at_].imdn_message_id));
  }

  Step found_object(const imap::Outcome& outcome) {
    if (!outcome.is_ok()) return failed(outcome);
    for (const auto& data : outcome.data) {
      const auto uids = imap::found_numbers(data);
      if (uids && !uids->empty()) written_.objects[at_] = std::ranges::min(*uids);
    }
    ++at_;
    return find_next();
  }

  // Those that have no UID yet: all in one command where the server takes that.
  Step append_next() {
    under_way_.clear();
    std::vector<imap::Message> messages;
    for (std::size_t i = 0; i < write_.objects.size(); ++i) {
      if (written_.objects[i] != 0 || i < appended_) continue;
      if (!abilities_.multiappend && !messages.empty()) break;
      under_way_.push_back(i);
      messages.push_back(message_of(write_.objects[i]));
    }
    if (messages.empty()) return finish();
    return ask(State::appending, imap::append(mailbox_, messages));
  }

  Step appended(const imap::Outcome& outcome) {
    if (outcome.status.has_code("TRYCREATE") && !std::exchange(has_created_, true))
      return ask(State::creating_for_append, imap::create(mailbox_));
    if (!outcome.is_ok()) return failed(outcome);
    appended_ = under_way_.back() + 1;
    const auto uids = imap::appended_uids(outcome.status.code);
    if (uids && uids->uids.size() == under_way_.size()) {
      written_.uid_validity = uids->uid_validity;
      for (std::size_t i = 0; i < under_way_.size(); ++i)
        written_.objects[under_way_[i]] = uids->uids[i];
    }
    return append_next();
  }

  Step created_for_append(const imap::Outcome& outcome) {
    if (!outcome.is_ok() && !outcome.status.has_code("ALREADYEXISTS")) return failed(outcome);
    return append_next();
  }

  Step finish() {
    if (std::ranges::find(written_.objects, 0U) != written_.objects.end()) written_.objects.clear();
    return Answer{std::move(written_)};
  }

  Write write_;
  std::string mailbox_;
  ImapAbilities abilities_;
  State state_ = State::creating;
  Written written_;           // 0: not there, as far as we know
  std::size_t at_ = 0;        // the object that is looked for
  std::size_t appended_ = 0;  // those before it are stored
  std::vector<std::size_t> under_way_;
  bool looks_ = true;
  bool has_created_ = false;
};

}  // namespace

imap::Message message_of(const Object& object) {
  imap::Message message{.flags = object.flags};
  for (const auto& piece : object.pieces) {
    if (const auto* file = std::get_if<FileContent>(&piece)) {
      message.octets.pieces.emplace_back(
          imap::Source{.id = file->body.value, .octets = size_of(piece), .decoded = file->octets});
    } else {
      message.octets.pieces.emplace_back(std::get<std::string>(piece));
    }
  }
  return message;
}

// RFC 5530 3
Error error_of(const imap::Status& status) {
  const auto fault_of = [&status] {
    if (status.has_code("NONEXISTENT") || status.has_code("TRYCREATE")) return Fault::not_found;
    if (status.has_code("OVERQUOTA") || status.has_code("LIMIT")) return Fault::too_large;
    if (status.has_code("UNAVAILABLE") || status.has_code("INUSE") || status.has_code("SERVERBUG"))
      return Fault::closed;
    return Fault::unsupported;
  };
  return {fault_of(), "the store says: " + status.text};
}

std::unique_ptr<ImapJob> make_imap_write(Write write, const ImapPaths& paths) {
  auto mailbox = paths.mailbox(write.account, write.folder);
  return std::make_unique<ImapWrite>(std::move(write), std::move(mailbox));
}

}  // namespace convene::store
