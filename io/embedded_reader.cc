#include "io/embedded_reader.h"

#include <utility>

#include "io/database.h"

namespace convene::io {

namespace {

std::unexpected<Error> not_there() { return fail(Fault::not_found, "no such folder or object"); }

// Answers that may be nothing, as those of a store.
template <class T>
store::Answer as_answer(Result<std::optional<T>> found) {
  if (!found) return std::unexpected(found.error());
  if (!*found) return not_there();
  return std::move(**found);
}

}  // namespace

store::Answer read_from(Sqlite& database, const ContentFiles& files,
                        const store::Request& request) {
  if (const auto* list = std::get_if<store::ListObjects>(&request))
    return as_answer(list_objects(database, *list));
  if (const auto* search = std::get_if<store::Search>(&request))
    return as_answer(search_objects(database, *search));
  if (const auto* read = std::get_if<store::Read>(&request)) {
    const auto object = TRY(load_object(database, read->account, to_text(read->folder), read->uid));
    if (!object) return not_there();
    auto octets = TRY(text_of(*object, files, read->offset, read->most));
    return store::Octets{std::move(octets)};
  }
  if (const auto* list = std::get_if<store::ListFolders>(&request)) {
    auto folders = TRY(list_folders(database, *list));
    return folders;
  }
  return fail(Fault::unsupported, "a store that is only read");
}

std::string embedded_files_in(const std::string& directory) { return directory + "/store"; }

Result<std::unique_ptr<EmbeddedReader>> EmbeddedReader::open(const std::string& directory,
                                                             Loop& loop) {
  auto database = TRY(Sqlite::open(database_in(directory), Sqlite::Access::read));
  return std::unique_ptr<EmbeddedReader>{new EmbeddedReader{
      std::move(database), ContentFiles::reading(embedded_files_in(directory)), loop}};
}

void EmbeddedReader::ask(store::Request request, Told told) {
  loop_.post(alive_.guard([this, request = std::move(request), told = std::move(told)]() mutable {
    told(read_from(database_, files_, request));
  }));
}

Result<std::vector<std::string>> EmbeddedReader::accounts() { return list_accounts(database_); }

Result<std::optional<KeptObject>> EmbeddedReader::object(const std::string& account,
                                                         const store::Folder& folder,
                                                         store::Uid uid) {
  return load_object(database_, account, to_text(folder), uid);
}

}  // namespace convene::io
