#include "io/content_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <span>
#include <system_error>

#include "base/hash.h"

namespace convene::io {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece_octets = 1U << 20;

std::unexpected<Error> disk_failed(const std::string& what, int error) {
  return fail(error == ENOSPC || error == EDQUOT ? Fault::too_large : Fault::closed,
              what + ": " + std::strerror(error));
}

Result<std::string> hash_of(int file) {
  Hash hash{Digest::sha256};
  std::string piece(piece_octets, '\0');
  for (off_t at = 0;;) {
    const auto count = ::pread(file, piece.data(), piece.size(), at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return disk_failed("read", errno);
    if (count == 0) return to_hex(hash.finish());
    hash.update(std::string_view{piece}.substr(0, static_cast<std::size_t>(count)));
    at += count;
  }
}

Result<> sync_directory(const std::string& path) {
  const FileDescriptor directory{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory || ::fsync(directory.get()) != 0) return disk_failed(path, errno);
  return {};
}

}  // namespace

Result<ContentFiles> ContentFiles::open(std::string directory) {
  std::error_code error;
  fs::create_directories(directory + "/incoming", error);
  if (error) return fail(Fault::closed, directory + ": " + error.message());
  ::chmod(directory.c_str(), 0700);
  for (const auto& left : fs::directory_iterator{directory + "/incoming", error})
    fs::remove(left.path(), error);
  return ContentFiles{std::move(directory)};
}

std::string ContentFiles::path_of(std::string_view hash) const {
  return directory_ + "/" + std::string{hash.substr(0, 2)} + "/" + std::string{hash.substr(2)};
}

Result<ContentFiles::Incoming> ContentFiles::take_in(int file, Keep keep) const {
  Incoming incoming;
  incoming.hash = TRY(hash_of(file));
  incoming.path = TRY(save_file(file, keep, directory_ + "/incoming", "file"));
  return incoming;
}

Result<> ContentFiles::place(const Incoming& incoming) const {
  const auto path = path_of(incoming.hash);
  const auto parent = fs::path{path}.parent_path().string();
  const bool is_new = ::mkdir(parent.c_str(), 0700) == 0;
  if (!is_new && errno != EEXIST) return disk_failed(parent, errno);
  if (::access(path.c_str(), F_OK) == 0) {
    ::unlink(incoming.path.c_str());
    return {};
  }
  if (::rename(incoming.path.c_str(), path.c_str()) != 0) return disk_failed(path, errno);
  TRY(sync_directory(parent));
  return is_new ? sync_directory(directory_) : Result<>{};
}

Result<std::string> ContentFiles::read(std::string_view hash, std::uint64_t offset,
                                       std::size_t most) const {
  const auto path = path_of(hash);
  const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (!file) return fail(Fault::not_found, path + ": " + std::strerror(errno));
  std::string octets(most, '\0');
  std::size_t got = 0;
  while (got < most) {
    const auto count =
        ::pread(file.get(), octets.data() + got, most - got, static_cast<off_t>(offset + got));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return disk_failed(path, errno);
    if (count == 0) break;
    got += static_cast<std::size_t>(count);
  }
  octets.resize(got);
  return octets;
}

void ContentFiles::remove(std::string_view hash) const { ::unlink(path_of(hash).c_str()); }

std::vector<std::string> ContentFiles::hashes() const {
  std::vector<std::string> found;
  std::error_code error;
  for (const auto& folder : fs::directory_iterator{directory_, error}) {
    const auto begin = folder.path().filename().string();
    if (begin.size() != 2) continue;
    for (const auto& file : fs::directory_iterator{folder.path(), error})
      found.push_back(begin + file.path().filename().string());
  }
  return found;
}

}  // namespace convene::io
