#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/file_descriptor.h"
#include "io/save_file.h"

namespace convene::io {

// Files by what is in them: ab/cdef..., the SHA-256 in hex. However often a file is stored, it lies
// on the disk once. A file comes in with take_in() (any thread), and is in its place after place().
class ContentFiles {
 public:
  // Makes the directory (mode 0700) when it is not there, and drops what came in and was not
  // placed. Fault::closed when that cannot be done.
  static Result<ContentFiles> open(std::string directory);

  // For reading only, while another process may write there.
  static ContentFiles reading(std::string directory) { return ContentFiles{std::move(directory)}; }

  struct Incoming {
    std::string path;
    std::string hash;
  };
  // Synced to disk. Without a copy where the file can be linked; then it is not written any more.
  Result<Incoming> take_in(int file, Keep keep) const;
  Result<> place(const Incoming& incoming) const;  // also when it is there already

  Result<std::string> read(std::string_view hash, std::uint64_t offset, std::size_t most) const;
  void remove(std::string_view hash) const;  // also when it is not there
  std::vector<std::string> hashes() const;   // of all that are in their place
  std::string path_of(std::string_view hash) const;

 private:
  explicit ContentFiles(std::string directory) : directory_{std::move(directory)} {}

  std::string directory_;
};

}  // namespace convene::io
