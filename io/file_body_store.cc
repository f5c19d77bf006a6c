#include "io/file_body_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "io/save_file.h"

namespace convene::io {

namespace {

constexpr mode_t directory_mode = 0700;
constexpr std::uint64_t room_check_interval = 8U << 20;

// A full disk is somebody's doing, a broken one is not.
std::unexpected<Error> disk_failed(const char* what) {
  const bool is_full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  return fail(is_full ? Fault::too_large : Fault::closed,
              std::string{what} + ": " + std::strerror(errno));
}

bool is_within(std::uint64_t octets, std::uint64_t used, std::uint64_t quota) {
  return used <= quota && octets <= quota - used;
}

}  // namespace

// Is told what is written, so that it need not read it: a copy of 1 GB is a tenth of a second.
class FileBodyStore::WrittenDigest final : public msrp::ReadingDigest {
 public:
  WrittenDigest(FileBodyStore& store, msrp::BodyId body, Digest digest)
      : ReadingDigest{store, body, digest}, store_{store}, body_{body} {}
  ~WrittenDigest() override {
    const auto found = store_.bodies_.find(body_);
    if (found != store_.bodies_.end() && found->second.digest == this)
      found->second.digest = nullptr;
  }
  WrittenDigest(const WrittenDigest&) = delete;
  WrittenDigest& operator=(const WrittenDigest&) = delete;

 private:
  FileBodyStore& store_;
  msrp::BodyId body_;
};

std::unique_ptr<msrp::BodyDigest> FileBodyStore::digest(msrp::BodyId body, Digest digest) {
  auto made = std::make_unique<WrittenDigest>(*this, body, digest);
  const auto found = bodies_.find(body);
  if (found != bodies_.end()) found->second.digest = made.get();
  return made;
}

FileBodyStore::FileBodyStore(std::string directory, SpoolQuota quota)
    : directory_{std::move(directory)}, quota_{quota} {
  if (::mkdir(directory_.c_str(), directory_mode) != 0 && errno != EEXIST) {
    throw std::system_error{errno, std::generic_category(), directory_};
  }
  if (!open_nameless_file(directory_))
    throw std::system_error{errno, std::generic_category(), directory_};
}

Result<msrp::BodyId> FileBodyStore::create(std::optional<std::uint64_t> expected_octets) {
  const auto expected = expected_octets.value_or(0);
  if (expected > quota_.body) return fail(Fault::too_large, "quota of one body");
  if (!is_within(expected, total_, quota_.total))
    return fail(Fault::too_large, "quota of the spool");
  TRY(check_room(expected));
  auto file = open_nameless_file(directory_);
  if (!file) return disk_failed("spool");
  const msrp::BodyId id{++last_id_};
  bodies_.emplace(id, Body{.file = std::move(file), .counted = expected});
  total_ += expected;
  return id;
}

Result<> FileBodyStore::write(msrp::BodyId body, std::uint64_t offset,
                              std::span<const std::byte> octets) {
  const auto found = bodies_.find(body);
  if (found == bodies_.end()) return fail(Fault::not_found, "no such body");
  auto& kept = found->second;
  if (kept.is_adopted) return fail(Fault::unsupported, "the file is its user's");
  if (!is_within(octets.size(), offset, quota_.body))
    return fail(Fault::too_large, "quota of one body");

  const auto all = octets;
  const auto begin = offset;
  const auto end = offset + octets.size();
  const auto growth = end > kept.counted ? end - kept.counted : 0;
  if (!is_within(growth, total_, quota_.total)) return fail(Fault::too_large, "quota of the spool");
  if (octets.size() > until_room_check_) {
    TRY(check_room(octets.size()));
    until_room_check_ = room_check_interval;
  }
  until_room_check_ -= std::min<std::uint64_t>(until_room_check_, octets.size());

  while (!octets.empty()) {
    const auto count =
        ::pwrite(kept.file.get(), octets.data(), octets.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return disk_failed("spool");
    octets = octets.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  if (kept.digest != nullptr) kept.digest->take(begin, all);
  kept.size = std::max(kept.size, end);
  kept.counted += growth;
  total_ += growth;
  return {};
}

Result<std::size_t> FileBodyStore::read(msrp::BodyId body, std::uint64_t offset,
                                        std::span<std::byte> out) {
  const auto found = bodies_.find(body);
  if (found == bodies_.end()) return fail(Fault::not_found, "no such body");
  std::size_t read = 0;
  while (read < out.size()) {
    const auto count = ::pread(found->second.file.get(), out.data() + read, out.size() - read,
                               static_cast<off_t>(offset + read));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return disk_failed("read");
    if (count == 0) break;
    read += static_cast<std::size_t>(count);
  }
  return read;
}

void FileBodyStore::drop(msrp::BodyId body) {
  auto node = bodies_.extract(body);
  if (node.empty()) return;
  total_ -= node.mapped().counted;
  dropped_.insert(std::move(node));
}

std::uint64_t FileBodyStore::size(msrp::BodyId body) const {
  const auto found = bodies_.find(body);
  return found == bodies_.end() ? 0 : found->second.size;
}

Result<FileBodyStore::Adopted> FileBodyStore::adopt(const std::string& path) {
  FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!file) return fail(Fault::not_found, path + ": " + std::strerror(errno));
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return disk_failed("fstat");
  if (!S_ISREG(status.st_mode)) return fail(Fault::unsupported, path + ": not a file");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  const msrp::BodyId id{++last_id_};
  bodies_.emplace(id, Body{.file = std::move(file), .size = size, .is_adopted = true});
  return Adopted{.body = id, .size = size};
}

Result<std::string> FileBodyStore::save_as(msrp::BodyId body, const std::string& directory,
                                           std::string_view wanted_name) {
  const auto found = bodies_.find(body);
  if (found == bodies_.end()) return fail(Fault::not_found, "no such body");
  const auto& kept = found->second;
  return save_file(kept.file.get(), kept.is_adopted ? Keep::copy : Keep::link_or_copy, directory,
                   wanted_name);
}

Result<FileBodyStore::Shared> FileBodyStore::share(msrp::BodyId body) const {
  const auto found = bodies_.find(body);
  if (found == bodies_.end()) return fail(Fault::not_found, "no such body");
  FileDescriptor file{::fcntl(found->second.file.get(), F_DUPFD_CLOEXEC, 0)};
  if (!file) return disk_failed("dup");
  return Shared{std::move(file), found->second.is_adopted ? Keep::copy : Keep::link_or_copy};
}

Result<std::vector<BodyView>> FileBodyStore::view(const msrp::BodySlice& slice) {
  auto found = bodies_.find(slice.body);
  if (found == bodies_.end()) {
    found = dropped_.find(slice.body);
    if (found == dropped_.end()) return fail(Fault::not_found, "no such body");
  }
  const auto& kept = found->second;
  if (!is_within(slice.size, slice.offset, kept.size))
    return fail(Fault::not_found, "octets that were not written");
  return windows_.view(slice.body, kept.file.get(), slice.offset, slice.size);
}

void FileBodyStore::sweep() {
  for (const auto& [id, body] : dropped_) windows_.forget(id);
  dropped_.clear();
}

Result<> FileBodyStore::check_room(std::uint64_t octets) {
  struct statvfs status{};
  if (::statvfs(directory_.c_str(), &status) != 0) return disk_failed("statvfs");
  const auto available = static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
  if (!is_within(octets, quota_.free_floor, available))
    return fail(Fault::too_large, "the file system is nearly full");
  return {};
}

Result<std::optional<std::string>> BodyHash::advance(msrp::BodyStore& store, std::uint64_t most) {
  std::vector<std::byte> slice(std::min<std::uint64_t>({most, size_ - done_, 1U << 18}));
  while (done_ < size_ && most > 0) {
    const auto wanted = std::min<std::uint64_t>({slice.size(), size_ - done_, most});
    const auto count = TRY(store.read(body_, done_, std::span{slice}.first(wanted)));
    if (count == 0) return fail(Fault::closed, "the body is shorter than it was");
    hash_.update(std::span{slice}.first(count));
    done_ += count;
    most -= count;
  }
  if (done_ < size_) return std::nullopt;
  return hash_.finish();
}

}  // namespace convene::io
