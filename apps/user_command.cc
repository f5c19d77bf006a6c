// convene user: all that a server keeps of one user, given out or erased.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "apps/commands.h"
#include "apps/exit_status.h"
#include "apps/store_export.h"
#include "apps/store_options.h"
#include "base/text.h"
#include "io/content_files.h"
#include "io/database.h"
#include "io/deferral_repository.h"
#include "io/erasure.h"
#include "io/outbox_repository.h"

namespace convene::apps {

namespace {

constexpr std::chrono::milliseconds between_looks{100};

struct UserCommand {
  StoreOptions where;
  std::string directory;
  std::uint64_t patience = 60;  // seconds
};

Result<> write_file(const std::filesystem::path& path, std::string_view octets) {
  std::ofstream file{path, std::ios::binary};
  file.write(octets.data(), static_cast<std::streamsize>(octets.size()));
  file.close();
  if (!file) return fail(Fault::closed, path.string() + ": cannot be written");
  return {};
}

// What waits for an IMAP server, as the objects it will be: <directory>/outbox/<n>-<object>.eml.
Result<> export_outbox(const UserCommand& c, io::Sqlite& database) {
  const auto files = io::ContentFiles::reading(io::embedded_files_in(c.where.state));
  const auto waiting = TRY(io::find_in_outbox(database, c.where.user));
  const std::filesystem::path place = std::filesystem::path{c.directory} / "outbox";
  if (!waiting.empty()) TRY(make_directory(place));
  for (const auto id : waiting) {
    const auto write = TRY(io::load_from_outbox(database, id));
    std::size_t number = 0;
    for (const auto* object : write.all()) {
      const auto name = std::to_string(id.value) + "-" + std::to_string(++number) + ".eml";
      const auto text = TRY(io::text_of(*object, files, 0, object->octets));
      TRY(write_file(place / name, text));
    }
  }
  if (!waiting.empty()) std::printf("%zu writes that wait for the store\n", waiting.size());
  return {};
}

// What came through a session: the CPIM headers of a large message, and its content or the file.
Result<> export_content(const UserCommand& c, const io::KeptDeferred& kept,
                        const std::filesystem::path& path) {
  const auto& content = *kept.message.content;
  const auto files = io::ContentFiles::reading(io::embedded_files_in(c.where.state));
  std::error_code error;
  std::filesystem::copy_file(files.path_of(kept.hash), path,
                             std::filesystem::copy_options::overwrite_existing, error);
  if (error) return fail(Fault::closed, path.string() + ": " + error.message());
  if (content.wrapper.empty()) return {};
  return write_file(path.string() + ".cpim", content.wrapper);
}

// What waits for the user, as it came: <directory>/deferred/<id>.sip, and <id>.content.
Result<> export_deferred(const UserCommand& c, io::Sqlite& database) {
  const auto waiting = TRY(io::find_deferred(database, c.where.user));
  const std::filesystem::path place = std::filesystem::path{c.directory} / "deferred";
  if (!waiting.empty()) TRY(make_directory(place));
  for (const auto id : waiting) {
    const auto kept = io::fetch_deferred(database, id);
    if (!kept && kept.error().fault == Fault::not_found) continue;  // delivered meanwhile
    if (!kept) return std::unexpected(kept.error());
    const auto name = std::to_string(id.value);
    TRY(write_file(place / (name + ".sip"), kept->message.request));
    if (kept->message.content) TRY(export_content(c, *kept, place / (name + ".content")));
  }
  if (!waiting.empty()) std::printf("%zu messages that wait for the user\n", waiting.size());
  return {};
}

Result<> export_user(const UserCommand& c) {
  OpenStore opened;
  if (c.where.store.imap.empty())
    TRY(opened.open_embedded(c.where));
  else
    TRY(opened.open_imap(c.where, nullptr));
  TRY(export_objects(opened, c.where, c.directory));
  auto database = TRY(io::Sqlite::open(io::database_in(c.where.state), io::Sqlite::Access::read));
  TRY(export_outbox(c, database));
  return export_deferred(c, database);
}

// The server does it; we wait.
Result<> have_erased(const UserCommand& c) {
  auto database =
      TRY(io::Sqlite::open(io::database_in(c.where.state), io::Sqlite::Access::read_write));
  TRY(io::ask_for_erasure(database, c.where.user, c.where.store.root));
  const auto end = io::monotonic_now() + std::chrono::seconds{c.patience};
  while (io::monotonic_now() < end) {
    const auto is_done = TRY(io::is_erasure_done(database, c.where.user));
    if (is_done) return {};
    std::this_thread::sleep_for(between_looks);
  }
  return fail(Fault::timed_out, "it is asked for, and the server has not done it yet: see its log");
}

// No server runs: we have the directory for ourselves.
Result<> erase_here(const UserCommand& c, io::Database& database, io::Loop& loop) {
  const auto files = io::ContentFiles::reading(io::embedded_files_in(c.where.state));
  Result<> outcome;
  std::vector<std::string> hashes;
  const auto write = [&](io::Database::Work work) {
    database.write(std::move(work), [&](const Result<>& done) {
      outcome = done;
      loop.stop();
    });
    loop.run();
  };
  write([&](io::Sqlite& sqlite) -> Result<> {
    hashes = TRY(io::erase_account(sqlite, c.where.user, c.where.store.root));
    return {};
  });
  if (!outcome) return outcome;
  write([&](io::Sqlite& sqlite) { return io::remove_unused_files(sqlite, files, hashes); });
  return outcome;
}

Result<> erase_user(const UserCommand& c) {
  if (!std::filesystem::exists(io::database_in(c.where.state)))
    return fail(Fault::not_found, c.where.state + ": no state of a server");
  io::Loop loop;
  SilentLog log;
  auto database = io::Database::open({.directory = c.where.state}, loop, log);
  if (!database) return have_erased(c);
  if (!c.where.store.imap.empty()) {
    OpenStore opened;
    TRY(opened.open_imap(c.where, nullptr));
    TRY(opened.answer<store::Done>(
        store::Erase{.account = c.where.user, .root = c.where.store.root}));
  }
  return erase_here(c, **database, loop);
}

}  // namespace

RunCommand add_user_command(CLI::App& app) {
  auto options = std::make_shared<UserCommand>();
  auto chosen = std::make_shared<RunCommand>();
  const auto add = [&](const char* name, const char* what, Result<> (*run)(const UserCommand&)) {
    auto* const sub = app.add_subcommand(name, what);
    sub->add_option("user", options->where.user, "the account, as the store calls it")->required();
    sub->add_option("--state", options->where.state, "the directory of the server's state")
        ->required();
    sub->add_option("--root", options->where.store.root, "the folder above all others")
        ->capture_default_str();
    add_imap_options(*sub, options->where);
    sub->callback([options, chosen, run] {
      *chosen = [options, run] {
        const auto outcome = run(*options);
        return exit_status_of(outcome);
      };
    });
    return sub;
  };
  app.require_subcommand(1);
  add("export", "everything that is kept of a user, one file for each object", export_user)
      ->add_option("directory", options->directory, "where to")
      ->required();
  add("erase", "everything that is kept of a user, with its files; also while the server runs",
      erase_user)
      ->add_option("--patience", options->patience, "seconds that the server may take")
      ->capture_default_str();
  return [chosen] { return (*chosen)(); };
}

}  // namespace convene::apps
