#include "apps/store_export.h"

#include <cstdio>
#include <fstream>
#include <system_error>

#include "io/safe_name.h"

namespace convene::apps {

Result<> make_directory(const std::filesystem::path& place) {
  std::error_code error;
  std::filesystem::create_directories(place, error);
  if (error) return fail(Fault::closed, place.string() + ": " + error.message());
  return {};
}

Result<> export_objects(OpenStore& opened, const StoreOptions& options,
                        const std::string& directory) {
  const auto& user = options.user;
  const auto folders = TRY(opened.answer<store::Folders>(
      store::ListFolders{.account = user, .root = options.store.root}));
  std::size_t count = 0;
  for (const auto& state : folders) {
    std::filesystem::path place{directory};
    for (const auto& name : state.folder.path) place /= io::safe_name(name);
    TRY(make_directory(place));
    const auto objects = TRY(opened.answer<store::ObjectStates>(
        store::ListObjects{.account = user, .folder = state.folder}));
    std::ofstream flags{place / "flags.txt", std::ios::binary};
    for (const auto& object : objects) {
      const auto path = place / (std::to_string(object.uid) + ".eml");
      std::ofstream file{path, std::ios::binary};
      TRY(opened.read_whole(user, state.folder, object.uid, [&file](std::string_view octets) {
        file.write(octets.data(), static_cast<std::streamsize>(octets.size()));
      }));
      file.close();
      if (!file) return fail(Fault::closed, path.string() + ": cannot be written");
      flags << object.uid;
      for (const auto& flag : object.flags) flags << ' ' << flag;
      flags << '\n';
      ++count;
    }
  }
  std::printf("%zu objects in %zu folders\n", count, folders.size());
  return {};
}

}  // namespace convene::apps
