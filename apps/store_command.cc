// convene store: a user's history, from a server's own store or from an IMAP server.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "apps/commands.h"
#include "apps/exit_status.h"
#include "apps/store_export.h"
#include "apps/store_migration.h"
#include "apps/store_options.h"
#include "base/text.h"
#include "mime/headers.h"
#include "store/object_headers.h"
#include "store/stored_object.h"

namespace convene::apps {

namespace {

struct StoreCommand {
  StoreOptions where;
  std::string folder;
  store::Uid uid = 0;
  std::string directory;
  StoreOptions target;  // of a migration
};

Result<> open_store(OpenStore& opened, const StoreCommand& options) {
  if (options.where.state.empty() == options.where.store.imap.empty())
    return fail(Fault::malformed, "one of --state and --imap is needed");
  if (options.where.state.empty()) return opened.open_imap(options.where, nullptr);
  return opened.open_embedded(options.where);
}

Result<> need_user(const StoreCommand& options) {
  if (options.where.user.empty()) return fail(Fault::malformed, "--user is needed");
  return {};
}

// What a list says of an object: its kind, who, when.
std::string line_of(const store::ObjectState& state) {
  const auto block = mime::parse_header_block(state.headers);
  const auto headers = block ? block->headers : mime::Headers{};
  const auto object = store::read_object_headers(headers);
  std::string flags;
  for (const auto& flag : state.flags) flags += (flags.empty() ? "" : ",") + flag;
  const std::string type{headers.value("Content-Type").value_or("")};
  return std::to_string(state.uid) + "  " + object.date + "  " + object.from + "  " +
         type.substr(0, type.find(';')) + "  " + std::to_string(state.octets) + " octets  [" +
         flags + "]" + (object.subject.empty() ? "" : "  " + object.subject);
}

Result<> list_folders(OpenStore& opened, const StoreCommand& options) {
  const auto folders = TRY(opened.answer<store::Folders>(
      store::ListFolders{.account = options.where.user, .root = options.where.store.root}));
  for (const auto& state : folders)
    std::printf("%s  %u objects  uidvalidity %u  modseq %llu\n",
                printable(to_text(state.folder)).c_str(), state.objects, state.uid_validity,
                static_cast<unsigned long long>(state.modseq));
  return {};
}

Result<> list_objects(OpenStore& opened, const StoreCommand& options) {
  if (options.where.user.empty()) {
    if (!opened.embedded()) return need_user(options);
    const auto accounts = TRY(opened.embedded()->accounts());
    for (const auto& account : accounts) std::printf("%s\n", printable(account).c_str());
    return {};
  }
  if (options.folder.empty()) return list_folders(opened, options);
  const auto states = TRY(opened.answer<store::ObjectStates>(
      store::ListObjects{.account = options.where.user,
                         .folder = store::parse_folder(options.folder),
                         .with_headers = true}));
  for (const auto& state : states) std::printf("%s\n", printable(line_of(state)).c_str());
  return {};
}

// As it is stored, to the terminal: what could steer it is made visible.
Result<> show(OpenStore& opened, const StoreCommand& options) {
  TRY(need_user(options));
  std::string line;
  return opened.read_whole(options.where.user, store::parse_folder(options.folder), options.uid,
                           [&line](std::string_view octets) {
                             line += octets;
                             for (auto end = line.find('\n'); end != line.npos;
                                  end = line.find('\n')) {
                               const auto text = trim(std::string_view{line}.substr(0, end));
                               std::printf("%s\n", printable(text).c_str());
                               line.erase(0, end + 1);
                             }
                           });
}

Result<> export_all(OpenStore& opened, const StoreCommand& options) {
  TRY(need_user(options));
  return export_objects(opened, options.where, options.directory);
}

template <class Command>
void add_one(CLI::App& app, const char* name, const char* what,
             std::shared_ptr<StoreCommand> options, std::shared_ptr<RunCommand> chosen,
             Command command, const std::function<void(CLI::App&)>& add_more) {
  auto* const sub = app.add_subcommand(name, what);
  add_options(*sub, options->where);
  add_more(*sub);
  sub->callback([options, chosen, command] {
    *chosen = [options, command] {
      OpenStore opened;
      auto outcome = open_store(opened, *options);
      if (outcome) outcome = command(opened, *options);
      return exit_status_of(outcome);
    };
  });
}

void add_migrate(CLI::App& app, std::shared_ptr<StoreCommand> options,
                 std::shared_ptr<RunCommand> chosen) {
  auto* const sub = app.add_subcommand("migrate", "copy a server's own store to an IMAP server");
  sub->add_option("--state", options->target.state, "from: the directory of the server's state")
      ->required();
  add_imap_options(*sub, options->target);
  sub->add_option("--root", options->target.store.root, "the folder above all others")
      ->capture_default_str();
  sub->add_option("--user", options->target.user, "only this account");
  sub->callback([options, chosen] {
    *chosen = [options] {
      const auto outcome = migrate_store(options->target);
      return exit_status_of(outcome);
    };
  });
}

}  // namespace

RunCommand add_store_command(CLI::App& app) {
  auto options = std::make_shared<StoreCommand>();
  auto chosen = std::make_shared<RunCommand>();
  app.require_subcommand(1);
  add_one(app, "list", "accounts, a user's folders, or what is in one", options, chosen,
          list_objects,
          [options](CLI::App& sub) { sub.add_option("folder", options->folder, "one folder"); });
  add_one(app, "show", "one object as it is stored", options, chosen, show,
          [options](CLI::App& sub) {
            sub.add_option("folder", options->folder, "its folder")->required();
            sub.add_option("uid", options->uid, "its UID")->required();
          });
  add_one(app, "export", "everything of a user, one file for each object", options, chosen,
          export_all, [options](CLI::App& sub) {
            sub.add_option("directory", options->directory, "where to")->required();
          });
  add_migrate(app, options, chosen);
  return [chosen] { return (*chosen)(); };
}

}  // namespace convene::apps
