#include "io/outbox_repository.h"

#include <utility>

namespace convene::io {

namespace {

constexpr std::int64_t session_info_at = 0;  // the position of the Session Info Object

Result<> add_object(Sqlite& database, std::int64_t write, std::int64_t position,
                    const KeptObject& object) {
  TRY(database.run(
      "INSERT INTO outbox_objects (write, position, flags, imdn_message_id, octets, text)"
      " VALUES (?, ?, ?, ?, ?, ?)",
      write, position, joined(object.flags), object.imdn_message_id, object.octets,
      Blob{object.text}));
  for (const auto& file : object.files)
    TRY(
        database.run("INSERT INTO outbox_files (write, position, at, hash, octets)"
                     " VALUES (?, ?, ?, ?, ?)",
                     write, position, file.at, file.hash, file.octets));
  return {};
}

}  // namespace

std::uint64_t octets_of(const KeptWrite& write) {
  std::uint64_t octets = 0;
  for (const auto* object : write.all()) octets += object->octets;
  return octets;
}

Result<store::OutboxId> add_to_outbox(Sqlite& database, const KeptWrite& write) {
  TRY(
      database.run("INSERT INTO outbox (account, folder, octets, may_be_there, kept_at)"
                   " VALUES (?, ?, ?, ?, unixepoch())",
                   write.account, write.folder, octets_of(write), write.may_be_there));
  const auto id = database.last_row_id();
  if (write.session_info) TRY(add_object(database, id, session_info_at, *write.session_info));
  auto position = session_info_at;
  for (const auto& object : write.objects) TRY(add_object(database, id, ++position, object));
  return store::OutboxId{id};
}

Result<std::vector<store::Outbox::Kept>> list_outbox(Sqlite& database) {
  std::vector<store::Outbox::Kept> found;
  TRY(database.each("SELECT id, account, folder, octets FROM outbox ORDER BY id",
                    [&](const Row& row) {
                      found.push_back({.id = {row.integer(0)},
                                       .account = row.text(1),
                                       .folder = store::parse_folder(row.octets(2)),
                                       .octets = static_cast<std::uint64_t>(row.integer(3)),
                                       .was_tried = true});
                    }));
  return found;
}

Result<std::vector<store::OutboxId>> find_in_outbox(Sqlite& database, const std::string& account) {
  std::vector<store::OutboxId> found;
  TRY(database.each(
      "SELECT id FROM outbox WHERE account = ? ORDER BY id",
      [&](const Row& row) { found.push_back({row.integer(0)}); }, account));
  return found;
}

Result<KeptWrite> load_from_outbox(Sqlite& database, store::OutboxId id) {
  KeptWrite write;
  bool is_there = false;
  TRY(database.each(
      "SELECT account, folder, may_be_there FROM outbox WHERE id = ?",
      [&](const Row& row) {
        is_there = true;
        write.account = row.text(0);
        write.folder = row.text(1);
        write.may_be_there = row.integer(2) != 0;
      },
      id.value));
  if (!is_there) return fail(Fault::not_found, "no such write in the outbox");
  TRY(database.each(
      "SELECT position, flags, imdn_message_id, octets, text FROM outbox_objects"
      " WHERE write = ? ORDER BY position",
      [&](const Row& row) {
        KeptObject object{.text = row.text(4),
                          .flags = words_of(row.octets(1)),
                          .imdn_message_id = row.text(2),
                          .octets = static_cast<std::uint64_t>(row.integer(3))};
        if (row.integer(0) == session_info_at)
          write.session_info = std::move(object);
        else
          write.objects.push_back(std::move(object));
      },
      id.value));
  TRY(database.each(
      "SELECT position, at, hash, octets FROM outbox_files WHERE write = ? ORDER BY position, at",
      [&](const Row& row) {
        const auto position = row.integer(0);
        auto& object = position == session_info_at
                           ? *write.session_info
                           : write.objects.at(static_cast<std::size_t>(position - 1));
        object.files.push_back({.at = static_cast<std::uint64_t>(row.integer(1)),
                                .hash = row.text(2),
                                .octets = static_cast<std::uint64_t>(row.integer(3))});
      },
      id.value));
  return write;
}

Result<std::vector<std::string>> remove_from_outbox(Sqlite& database, store::OutboxId id) {
  std::vector<std::string> hashes;
  TRY(database.each(
      "SELECT DISTINCT hash FROM outbox_files WHERE write = ?",
      [&](const Row& row) { hashes.push_back(row.text(0)); }, id.value));
  TRY(database.run("DELETE FROM outbox_files WHERE write = ?", id.value));
  TRY(database.run("DELETE FROM outbox_objects WHERE write = ?", id.value));
  TRY(database.run("DELETE FROM outbox WHERE id = ?", id.value));
  return hashes;
}

}  // namespace convene::io
