#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "io/content_files.h"
#include "io/sqlite.h"
#include "store/requests.h"

// What is kept of a message store: operations over tables store_folders, store_objects and
// store_object_files, with the rules of IMAP: UIDs grow and are not used again, every change has a
// modseq. RFC 3501 2.3.1.1, RFC 7162 3.1
namespace convene::io {

// A file of an object: its place in the object's text, and its content by hash.
struct KeptFile {
  std::uint64_t at = 0;      // how much text stands before it
  std::string hash = {};     // SHA-256 in hex
  std::uint64_t octets = 0;  // of the file itself; it stands in base64 lines
};

// An object as it is kept: all its text pieces in one, and where its files stand in between.
struct KeptObject {
  std::string text = {};
  std::vector<KeptFile> files = {};
  std::vector<std::string> flags = {};
  std::string imdn_message_id = {};
  std::uint64_t octets = 0;  // with its files
};

struct KeptWrite {
  std::string account = {};
  std::string folder = {};
  std::optional<KeptObject> session_info = {};
  std::vector<KeptObject> objects = {};
  bool may_be_there = false;

  // All of its objects, in the order in which they are stored.
  std::vector<const KeptObject*> all() const;
};

// All below: errors are those of the disk. What is not there is an empty answer.
Result<store::Written> store_objects(Sqlite& database, const KeptWrite& write);
Result<std::vector<std::string>> list_accounts(Sqlite& database);
Result<store::Folders> list_folders(Sqlite& database, const store::ListFolders& what);
Result<std::optional<store::ObjectStates>> list_objects(Sqlite& database,
                                                        const store::ListObjects& what);
Result<std::optional<store::Uids>> search_objects(Sqlite& database, const store::Search& what);
Result<std::optional<KeptObject>> load_object(Sqlite& database, const std::string& account,
                                              const std::string& folder, store::Uid uid);
Result<> change_flags(Sqlite& database, const store::ChangeFlags& what);

// What is deleted while it lives is overwritten in the file; else it stays there until its place is
// needed.
class Overwriting {
 public:
  static Result<Overwriting> begin(Sqlite& database);
  ~Overwriting();
  Overwriting(Overwriting&& other) noexcept : database_{std::exchange(other.database_, nullptr)} {}
  Overwriting& operator=(Overwriting&&) = delete;

 private:
  explicit Overwriting(Sqlite& database) : database_{&database} {}
  Sqlite* database_;
};

// The hashes of the files that were in them. While something is Overwriting nothing of them stays
// in the database, but for its log (WAL) until that begins anew.
Result<std::vector<std::string>> erase_folders(Sqlite& database, const store::Erase& what);
// The oldest objects stored before `before` (seconds since 1970), at most so many, and the folders
// that are empty then.
struct Expired {
  std::size_t objects = 0;
  std::vector<std::string> hashes = {};  // of the files that were in them
};
Result<Expired> expire_objects(Sqlite& database, std::int64_t before, std::size_t most);

Result<bool> is_file_used(Sqlite& database, std::string_view hash);

// Of these files, those that nothing has any more. Of a row that was taken away, only once that is
// committed.
Result<> remove_unused_files(Sqlite& database, const ContentFiles& files,
                             const std::vector<std::string>& hashes);

// Flags as they are kept: between blanks.
std::string joined(const std::vector<std::string>& words);
std::vector<std::string> words_of(std::string_view text);

}  // namespace convene::io
