#include "io/save_file.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "io/safe_name.h"

namespace convene::io {

namespace {

constexpr mode_t file_mode = 0600;
constexpr unsigned max_numbered_names = 10'000;

std::unexpected<Error> failed(std::string_view what) {
  const bool is_full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  return fail(is_full ? Fault::too_large : Fault::closed,
              std::string{what} + ": " + std::strerror(errno));
}

// A file that is written before it gets its name. Removed if it never does.
class Draft {
 public:
  explicit Draft(const std::string& directory)
      : file_{::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, file_mode)} {
    if (file_) return;
    path_ = directory + "/.convene-XXXXXX";  // a file system without O_TMPFILE
    file_ = FileDescriptor{::mkostemp(path_.data(), O_CLOEXEC)};
    if (!file_) path_.clear();
  }
  ~Draft() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  int get() const { return file_.get(); }
  explicit operator bool() const { return static_cast<bool>(file_); }

  // 0, or the error.
  int link(int directory, const std::string& name) const {
    const auto source = path_.empty() ? "/proc/self/fd/" + std::to_string(get()) : path_;
    return ::linkat(AT_FDCWD, source.c_str(), directory, name.c_str(), AT_SYMLINK_FOLLOW) == 0
               ? 0
               : errno;
  }

 private:
  FileDescriptor file_;
  std::string path_;
};

Result<> copy(int from, int to) {
  struct stat status{};
  if (::fstat(from, &status) != 0) return failed("fstat");
  off_t offset = 0;
  while (offset < status.st_size) {
    const auto count =
        ::sendfile(to, from, &offset, static_cast<std::size_t>(status.st_size - offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("copy");
    if (count == 0) return fail(Fault::closed, "the file was cut shorter");
  }
  return {};
}

// Gives it the first free name: link() is 0, EEXIST or another error. The name.
template <class Link>
Result<std::string> link_under_free_name(const std::string& name, Link link) {
  for (unsigned number = 0; number < max_numbered_names; ++number) {
    auto candidate = numbered_name(name, number);
    const int error = link(candidate);
    if (error == 0) return candidate;
    if (error == EEXIST) continue;
    errno = error;
    return failed(candidate);
  }
  return fail(Fault::too_large, name + ": every name is taken");
}

}  // namespace

FileDescriptor open_nameless_file(const std::string& directory) {
  FileDescriptor file{::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, file_mode)};
  if (file || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return file;
  auto path = directory + "/.convene-XXXXXX";
  file = FileDescriptor{::mkostemp(path.data(), O_CLOEXEC)};
  if (file) ::unlink(path.c_str());
  return file;
}

Result<std::string> save_file(int file, Keep keep, const std::string& directory,
                              std::string_view wanted_name) {
  const FileDescriptor place{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!place) return failed(directory);
  const auto wanted = safe_name(wanted_name);
  const auto path_of = [&](const std::string& name) { return directory + "/" + name; };

  if (keep == Keep::link_or_copy) {
    if (::fsync(file) != 0) return failed("fsync");
    const auto source = "/proc/self/fd/" + std::to_string(file);
    const auto linked = link_under_free_name(wanted, [&](const std::string& name) {
      return ::linkat(AT_FDCWD, source.c_str(), place.get(), name.c_str(), AT_SYMLINK_FOLLOW) == 0
                 ? 0
                 : errno;
    });
    if (linked) {
      if (::fsync(place.get()) != 0) return failed("fsync");
      return path_of(*linked);
    }
    // Another file system, or a spool without O_TMPFILE: a copy.
  }

  const Draft draft{directory};
  if (!draft) return failed(directory);
  TRY(copy(file, draft.get()));
  if (::fsync(draft.get()) != 0) return failed("fsync");
  const auto name = TRY(link_under_free_name(
      wanted, [&](const std::string& n) { return draft.link(place.get(), n); }));
  if (::fsync(place.get()) != 0) return failed("fsync");
  return path_of(name);
}

}  // namespace convene::io
