#include "sim/history.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "mime/base64_lines.h"
#include "mime/headers.h"

namespace convene::sim {

namespace {

Result<std::string> whole_text(const store::Object& object, const MemoryBodyStore& bodies) {
  std::string text;
  for (const auto& piece : object.pieces) {
    if (const auto* part = std::get_if<std::string>(&piece)) {
      text += *part;
      continue;
    }
    const auto& file = std::get<store::FileContent>(piece);
    const auto octets = bodies.octets(file.body);
    if (octets.size() != file.octets) return fail(Fault::closed, "a file that is not whole");
    text += mime::to_base64_lines(octets);
  }
  return text;
}

std::string headers_in(std::string_view text) {
  const auto end = text.find("\r\n\r\n");
  return std::string{text.substr(0, end == text.npos ? end : end + 4)};
}

bool has_header(const History::Kept& object, const store::Search& what) {
  const auto block = mime::parse_header_block(headers_in(object.text));
  return block && std::ranges::any_of(block->headers.all(), [&](const auto& header) {
           const auto& [name, value] = header;
           return iequals(name, what.header) && to_lower(value).contains(to_lower(what.value));
         });
}

std::unexpected<Error> not_there() { return fail(Fault::not_found, "no such folder or object"); }

}  // namespace

Result<std::shared_ptr<History::Entry>> History::keep(store::Write write,
                                                      const MemoryBodyStore& bodies) {
  auto entry = std::make_shared<Entry>();
  if (write.session_info) entry->texts.push_back(TRY(whole_text(*write.session_info, bodies)));
  for (const auto& object : write.objects) entry->texts.push_back(TRY(whole_text(object, bodies)));
  entry->write = std::move(write);
  outbox_.push_back(entry);
  return entry;
}

// In the order kept, as the outbox does.
void History::drain() {
  if (fault != Fault::none) return;
  for (; !outbox_.empty(); outbox_.pop_front())
    outbox_.front()->written = perform(*outbox_.front());
}

store::Answer History::answer(const Entry& entry) {
  drain();
  if (!entry.written) return fail(convene::Fault::closed, "the store is down");
  return *entry.written;
}

store::Answer History::answer(const store::Request& request) {
  drain();
  if (fault != Fault::none) return fail(convene::Fault::closed, "the store is down");
  return std::visit(
      [this](const auto& what) -> store::Answer {
        if constexpr (std::is_same_v<std::decay_t<decltype(what)>, store::Write>)
          return fail(convene::Fault::unsupported, "a Write is kept first");
        else
          return perform(what);
      },
      request);
}

store::Uid History::add(FolderContent& folder, const store::Object& object, std::string text) {
  const auto uid = folder.uid_next++;
  folder.objects.push_back({.uid = uid,
                            .text = std::move(text),
                            .flags = object.flags,
                            .imdn_message_id = object.imdn_message_id,
                            .modseq = folder.modseq});
  return uid;
}

// R5.1b, R5.1b2, R5.1c, as the embedded store does it.
store::Written History::perform(const Entry& entry) {
  const auto& write = entry.write;
  auto& account = accounts[write.account];
  const auto [found, is_new] = account.try_emplace(write.folder);
  auto& folder = found->second;
  if (is_new) folder.uid_validity = ++validity_;
  ++folder.modseq;
  store::Written written{.uid_validity = folder.uid_validity};
  std::size_t next = 0;
  if (write.session_info) {
    if (folder.session_info == 0)
      folder.session_info = add(folder, *write.session_info, entry.texts.front());
    written.session_info = folder.session_info;
    next = 1;
  }
  for (const auto& object : write.objects) {
    const auto& text = entry.texts.at(next++);
    const auto known = std::ranges::find_if(folder.objects, [&](const Kept& kept) {
      return write.may_be_there && !object.imdn_message_id.empty() &&
             kept.imdn_message_id == object.imdn_message_id;
    });
    written.objects.push_back(known != folder.objects.end() ? known->uid
                                                            : add(folder, object, text));
  }
  return written;
}

const History::FolderContent* History::find(const std::string& account,
                                            const store::Folder& folder) const {
  const auto user = accounts.find(account);
  if (user == accounts.end()) return nullptr;
  const auto found = user->second.find(folder);
  return found == user->second.end() ? nullptr : &found->second;
}

store::Answer History::perform(const store::ListFolders& what) const {
  store::Folders folders;
  const auto user = accounts.find(what.account);
  if (user == accounts.end()) return folders;
  for (const auto& [name, folder] : user->second) {
    if (name.path.empty() || name.path.front() != what.root) continue;
    folders.push_back({.folder = name,
                       .objects = static_cast<std::uint32_t>(folder.objects.size()),
                       .uid_next = folder.uid_next,
                       .uid_validity = folder.uid_validity,
                       .modseq = folder.modseq});
  }
  return folders;
}

store::Answer History::perform(const store::ListObjects& what) const {
  const auto* const folder = find(what.account, what.folder);
  if (folder == nullptr) return not_there();
  store::ObjectStates states;
  for (const auto& object : folder->objects) {
    if (object.modseq <= what.changed_since) continue;
    states.push_back({.uid = object.uid,
                      .flags = object.flags,
                      .modseq = object.modseq,
                      .octets = object.text.size(),
                      .headers = what.with_headers ? headers_in(object.text) : std::string{}});
  }
  return states;
}

store::Answer History::perform(const store::Search& what) const {
  const auto* const folder = find(what.account, what.folder);
  if (folder == nullptr) return not_there();
  store::Uids uids;
  for (const auto& object : folder->objects)
    if (has_header(object, what)) uids.push_back(object.uid);
  return uids;
}

store::Answer History::perform(const store::Read& what) const {
  const auto* const folder = find(what.account, what.folder);
  if (folder == nullptr) return not_there();
  const auto object = std::ranges::find(folder->objects, what.uid, &Kept::uid);
  if (object == folder->objects.end()) return not_there();
  if (what.offset >= object->text.size()) return store::Octets{};
  return store::Octets{object->text.substr(what.offset, what.most)};
}

store::Answer History::perform(const store::ChangeFlags& what) {
  const auto user = accounts.find(what.account);
  if (user == accounts.end() || !user->second.contains(what.folder)) return not_there();
  auto& folder = user->second.find(what.folder)->second;
  ++folder.modseq;
  for (auto& object : folder.objects) {
    if (std::ranges::find(what.uids, object.uid) == what.uids.end()) continue;
    object.modseq = folder.modseq;
    for (const auto& flag : what.flags) {
      std::erase_if(object.flags, [&](const auto& known) { return iequals(known, flag); });
      if (what.change == store::FlagChange::add) object.flags.push_back(flag);
    }
  }
  return store::Done{};
}

store::Answer History::perform(const store::Erase& what) {
  const auto user = accounts.find(what.account);
  if (user != accounts.end())
    std::erase_if(user->second, [&](const auto& entry) {
      return !entry.first.path.empty() && entry.first.path.front() == what.root;
    });
  return store::Done{};
}

}  // namespace convene::sim
