#include "io/object_repository.h"

#include <algorithm>

#include "base/text.h"
#include "mime/base64_lines.h"
#include "mime/headers.h"

namespace convene::io {

namespace {

using store::Uid;

struct FolderRow {
  std::int64_t id = 0;
  std::uint32_t uid_validity = 0;
  std::int64_t uid_next = 1;
  std::int64_t modseq = 0;
  std::optional<Uid> session_info;
};

Result<std::optional<FolderRow>> find_folder(Sqlite& database, const std::string& account,
                                             const std::string& path) {
  std::optional<FolderRow> found;
  TRY(database.each(
      "SELECT id, uid_validity, uid_next, modseq, session_info FROM store_folders"
      " WHERE account = ? AND path = ?",
      [&](const Row& row) {
        found = FolderRow{.id = row.integer(0),
                          .uid_validity = static_cast<std::uint32_t>(row.integer(1)),
                          .uid_next = row.integer(2),
                          .modseq = row.integer(3),
                          .session_info = {}};
        if (!row.is_null(4)) found->session_info = static_cast<Uid>(row.integer(4));
      },
      account, path));
  return found;
}

// A folder that is made again has another UIDVALIDITY than it had before, also in the same second.
Result<FolderRow> make_folder(Sqlite& database, const std::string& account,
                              const std::string& path) {
  TRY(database.run("UPDATE store_uid_validity SET last = max(last + 1, unixepoch())"));
  const auto validity = TRY(database.number("SELECT last FROM store_uid_validity"));
  TRY(
      database.run("INSERT INTO store_folders (account, path, uid_validity, uid_next, modseq)"
                   " VALUES (?, ?, ?, 1, 1)",
                   account, path, validity));
  return FolderRow{.id = database.last_row_id(),
                   .uid_validity = static_cast<std::uint32_t>(validity),
                   .uid_next = 1,
                   .modseq = 1,
                   .session_info = {}};
}

Result<std::optional<Uid>> find_by_imdn(Sqlite& database, std::int64_t folder,
                                        const std::string& imdn_message_id) {
  std::optional<Uid> found;
  if (imdn_message_id.empty()) return found;
  TRY(database.each(
      "SELECT min(uid) FROM store_objects WHERE folder = ? AND imdn_message_id = ?",
      [&](const Row& row) {
        if (!row.is_null(0)) found = static_cast<Uid>(row.integer(0));
      },
      folder, imdn_message_id));
  return found;
}

Result<Uid> insert(Sqlite& database, FolderRow& folder, const KeptObject& object) {
  const auto uid = folder.uid_next++;
  TRY(database.run(
      "INSERT INTO store_objects (folder, uid, modseq, flags, imdn_message_id, octets, text,"
      " stored_at) VALUES (?, ?, ?, ?, ?, ?, ?, unixepoch())",
      folder.id, uid, folder.modseq, joined(object.flags), object.imdn_message_id, object.octets,
      Blob{object.text}));
  for (const auto& file : object.files)
    TRY(
        database.run("INSERT INTO store_object_files (folder, uid, at, hash, octets)"
                     " VALUES (?, ?, ?, ?, ?)",
                     folder.id, uid, file.at, file.hash, file.octets));
  return static_cast<Uid>(uid);
}

std::string headers_in(std::string_view text) {
  const auto end = text.find("\r\n\r\n");
  return std::string{text.substr(0, end == std::string_view::npos ? end : end + 4)};
}

bool contains_in_any_case(std::string_view text, std::string_view part) {
  return to_lower(text).contains(to_lower(part));
}

}  // namespace

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const auto word : split(text, ' '))
    if (!word.empty()) words.emplace_back(word);
  return words;
}

// R5.1b, R5.1b2, R5.1c
Result<store::Written> store_objects(Sqlite& database, const KeptWrite& write) {
  auto found = TRY(find_folder(database, write.account, write.folder));
  if (!found) found = TRY(make_folder(database, write.account, write.folder));
  auto& folder = *found;
  ++folder.modseq;

  store::Written written{.uid_validity = folder.uid_validity, .session_info = {}, .objects = {}};
  if (write.session_info) {
    if (!folder.session_info)
      folder.session_info = TRY(insert(database, folder, *write.session_info));
    written.session_info = folder.session_info;
  }
  for (const auto& object : write.objects) {
    std::optional<Uid> uid;
    if (write.may_be_there) uid = TRY(find_by_imdn(database, folder.id, object.imdn_message_id));
    if (!uid) uid = TRY(insert(database, folder, object));
    written.objects.push_back(*uid);
  }
  std::optional<std::int64_t> session_info;
  if (folder.session_info) session_info = *folder.session_info;
  TRY(database.run(
      "UPDATE store_folders SET uid_next = ?, modseq = ?, session_info = ? WHERE id = ?",
      folder.uid_next, folder.modseq, session_info, folder.id));
  return written;
}

Result<std::vector<std::string>> list_accounts(Sqlite& database) {
  std::vector<std::string> accounts;
  TRY(database.each("SELECT DISTINCT account FROM store_folders ORDER BY account",
                    [&](const Row& row) { accounts.push_back(row.text(0)); }));
  return accounts;
}

Result<store::Folders> list_folders(Sqlite& database, const store::ListFolders& what) {
  store::Folders folders;
  TRY(database.each(
      "SELECT path, (SELECT count(*) FROM store_objects WHERE folder = id), uid_next,"
      " uid_validity, modseq FROM store_folders WHERE account = ? ORDER BY path",
      [&](const Row& row) {
        store::FolderState state;
        state.folder = store::parse_folder(row.octets(0));
        if (state.folder.path.front() != what.root) return;
        state.objects = static_cast<std::uint32_t>(row.integer(1));
        state.uid_next = static_cast<std::uint32_t>(row.integer(2));
        state.uid_validity = static_cast<std::uint32_t>(row.integer(3));
        state.modseq = static_cast<std::uint64_t>(row.integer(4));
        folders.push_back(std::move(state));
      },
      what.account));
  return folders;
}

Result<std::optional<store::ObjectStates>> list_objects(Sqlite& database,
                                                        const store::ListObjects& what) {
  const auto folder = TRY(find_folder(database, what.account, to_text(what.folder)));
  if (!folder) return std::nullopt;
  store::ObjectStates states;
  TRY(database.each(
      "SELECT uid, flags, modseq, octets, CASE WHEN ? THEN substr(text, 1, ?) END"
      " FROM store_objects WHERE folder = ? AND modseq > ? ORDER BY uid",
      [&](const Row& row) {
        states.push_back({.uid = static_cast<Uid>(row.integer(0)),
                          .flags = words_of(row.octets(1)),
                          .modseq = static_cast<std::uint64_t>(row.integer(2)),
                          .octets = static_cast<std::uint64_t>(row.integer(3)),
                          .headers = headers_in(row.octets(4))});
      },
      what.with_headers, mime::max_header_octets, folder->id, what.changed_since));
  return states;
}

// RFC 3501 6.4.4
Result<std::optional<store::Uids>> search_objects(Sqlite& database, const store::Search& what) {
  const auto folder = TRY(find_folder(database, what.account, to_text(what.folder)));
  if (!folder) return std::nullopt;
  store::Uids uids;
  TRY(database.each(
      "SELECT uid, substr(text, 1, ?) FROM store_objects WHERE folder = ? ORDER BY uid",
      [&](const Row& row) {
        const auto block = mime::parse_header_block(headers_in(row.octets(1)));
        if (!block) return;
        for (const auto& [name, value] : block->headers.all()) {
          if (!iequals(name, what.header) || !contains_in_any_case(value, what.value)) continue;
          uids.push_back(static_cast<Uid>(row.integer(0)));
          return;
        }
      },
      mime::max_header_octets, folder->id));
  return uids;
}

Result<std::optional<KeptObject>> load_object(Sqlite& database, const std::string& account,
                                              const std::string& path, store::Uid uid) {
  const auto folder = TRY(find_folder(database, account, path));
  if (!folder) return std::nullopt;
  std::optional<KeptObject> object;
  TRY(database.each(
      "SELECT text, octets, flags, imdn_message_id FROM store_objects WHERE folder = ? AND uid = ?",
      [&](const Row& row) {
        object.emplace();
        object->text = row.octets(0);
        object->octets = static_cast<std::uint64_t>(row.integer(1));
        object->flags = words_of(row.octets(2));
        object->imdn_message_id = row.text(3);
      },
      folder->id, std::int64_t{uid}));
  if (!object) return object;
  TRY(database.each(
      "SELECT at, hash, octets FROM store_object_files WHERE folder = ? AND uid = ? ORDER BY at",
      [&](const Row& row) {
        object->files.push_back({.at = static_cast<std::uint64_t>(row.integer(0)),
                                 .hash = row.text(1),
                                 .octets = static_cast<std::uint64_t>(row.integer(2))});
      },
      folder->id, std::int64_t{uid}));
  return object;
}

// RFC 3501 6.4.6, RFC 7162 3.1
Result<> change_flags(Sqlite& database, const store::ChangeFlags& what) {
  const auto folder = TRY(find_folder(database, what.account, to_text(what.folder)));
  if (!folder) return {};
  const auto modseq = folder->modseq + 1;
  TRY(database.run("UPDATE store_folders SET modseq = ? WHERE id = ?", modseq, folder->id));
  for (const auto uid : what.uids) {
    std::optional<std::vector<std::string>> flags;
    TRY(database.each(
        "SELECT flags FROM store_objects WHERE folder = ? AND uid = ?",
        [&](const Row& row) { flags = words_of(row.octets(0)); }, folder->id, std::int64_t{uid}));
    if (!flags) continue;
    for (const auto& flag : what.flags) {
      std::erase_if(*flags, [&](const std::string& known) { return iequals(known, flag); });
      if (what.change == store::FlagChange::add) flags->push_back(flag);
    }
    TRY(database.run("UPDATE store_objects SET flags = ?, modseq = ? WHERE folder = ? AND uid = ?",
                     joined(*flags), modseq, folder->id, std::int64_t{uid}));
  }
  return {};
}

std::vector<const KeptObject*> KeptWrite::all() const {
  std::vector<const KeptObject*> found;
  if (session_info) found.push_back(&*session_info);
  for (const auto& object : objects) found.push_back(&object);
  return found;
}

Result<Overwriting> Overwriting::begin(Sqlite& database) {
  TRY(database.run("PRAGMA secure_delete = ON"));
  return Overwriting{database};
}

Overwriting::~Overwriting() {
  if (database_ != nullptr) (void)database_->run("PRAGMA secure_delete = OFF");
}

Result<std::vector<std::string>> erase_folders(Sqlite& database, const store::Erase& what) {
  const auto overwriting = TRY(Overwriting::begin(database));
  const auto all = TRY(list_folders(database, {.account = what.account, .root = what.root}));
  std::vector<std::string> hashes;
  for (const auto& state : all) {
    const auto folder = TRY(find_folder(database, what.account, to_text(state.folder)));
    if (!folder) continue;
    TRY(database.each(
        "SELECT DISTINCT hash FROM store_object_files WHERE folder = ?",
        [&](const Row& row) { hashes.push_back(row.text(0)); }, folder->id));
    TRY(database.run("DELETE FROM store_object_files WHERE folder = ?", folder->id));
    TRY(database.run("DELETE FROM store_objects WHERE folder = ?", folder->id));
    TRY(database.run("DELETE FROM store_folders WHERE id = ?", folder->id));
  }
  std::ranges::sort(hashes);
  hashes.erase(std::ranges::unique(hashes).begin(), hashes.end());
  return hashes;
}

// The Session Info Object stays as long as anything of its session does.
Result<Expired> expire_objects(Sqlite& database, std::int64_t before, std::size_t most) {
  struct Place {
    std::int64_t folder = 0;
    std::int64_t uid = 0;
  };
  std::vector<Place> places;
  TRY(database.each(
      "SELECT o.folder, o.uid FROM store_objects AS o JOIN store_folders AS f ON f.id = o.folder"
      " WHERE o.stored_at < ?1 AND (f.session_info IS NOT o.uid OR NOT EXISTS (SELECT 1 FROM"
      " store_objects AS n WHERE n.folder = o.folder AND n.uid <> o.uid AND n.stored_at >= ?1))"
      " ORDER BY o.stored_at, o.folder, o.uid LIMIT ?2",
      [&](const Row& row) { places.push_back({.folder = row.integer(0), .uid = row.integer(1)}); },
      before, most));
  Expired expired;
  expired.objects = places.size();
  for (const auto& [folder, uid] : places) {
    TRY(database.each(
        "SELECT hash FROM store_object_files WHERE folder = ? AND uid = ?",
        [&](const Row& row) { expired.hashes.push_back(row.text(0)); }, folder, uid));
    TRY(database.run("DELETE FROM store_object_files WHERE folder = ? AND uid = ?", folder, uid));
    TRY(database.run("DELETE FROM store_objects WHERE folder = ? AND uid = ?", folder, uid));
    TRY(
        database.run("UPDATE store_folders SET modseq = modseq + 1,"
                     " session_info = nullif(session_info, ?) WHERE id = ?",
                     uid, folder));
    TRY(
        database.run("DELETE FROM store_folders WHERE id = ?1 AND NOT EXISTS"
                     " (SELECT 1 FROM store_objects WHERE folder = ?1)",
                     folder));
  }
  return expired;
}

// By whatever is kept here.
Result<bool> is_file_used(Sqlite& database, std::string_view hash) {
  bool is_used = false;
  TRY(database.each(
      "SELECT 1 WHERE EXISTS (SELECT 1 FROM store_object_files WHERE hash = ?1)"
      " OR EXISTS (SELECT 1 FROM outbox_files WHERE hash = ?1)"
      " OR EXISTS (SELECT 1 FROM deferred WHERE content_hash = ?1 AND content_hash <> '')",
      [&](const Row&) { is_used = true; }, hash));
  return is_used;
}

Result<> remove_unused_files(Sqlite& database, const ContentFiles& files,
                             const std::vector<std::string>& hashes) {
  for (const auto& hash : hashes) {
    const auto is_used = TRY(is_file_used(database, hash));
    if (!is_used) files.remove(hash);
  }
  return {};
}

}  // namespace convene::io
