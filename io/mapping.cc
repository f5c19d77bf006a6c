#include "io/mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace convene::io {

Result<std::shared_ptr<const Mapping>> Mapping::map(int fd, std::uint64_t offset,
                                                    std::size_t size) {
  FileDescriptor file{::fcntl(fd, F_DUPFD_CLOEXEC, 0)};
  if (!file) return fail(Fault::closed, std::string{"dup: "} + std::strerror(errno));
  auto* const address =
      ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, static_cast<off_t>(offset));
  if (address == MAP_FAILED)
    return fail(Fault::closed, std::string{"mmap: "} + std::strerror(errno));
  return std::shared_ptr<const Mapping>{new Mapping{address, size, std::move(file), offset}};
}

Mapping::~Mapping() { ::munmap(address_, size_); }

Result<> Mapping::read(std::string_view part, std::span<char> into) const {
  auto at = offset_ + static_cast<std::uint64_t>(part.data() - octets().data());
  while (!into.empty()) {
    const auto count = ::pread(file_.get(), into.data(), into.size(), static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(Fault::closed, std::string{"read: "} + std::strerror(errno));
    if (count == 0) return fail(Fault::closed, "the file is shorter than it was");
    at += static_cast<std::uint64_t>(count);
    into = into.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<std::vector<BodyView>> MappedWindows::view(msrp::BodyId body, int fd, std::uint64_t offset,
                                                  std::uint64_t size) {
  std::vector<BodyView> views;
  while (size > 0) {
    const auto mapping = TRY(window(body, fd, offset / window_octets));
    const auto octets = mapping->octets().substr(offset % window_octets, size);
    views.push_back({.mapping = mapping, .octets = octets});
    offset += octets.size();
    size -= octets.size();
  }
  return views;
}

void MappedWindows::forget(msrp::BodyId body) {
  std::erase_if(windows_, [&](const Window& window) { return window.body == body; });
}

Result<std::shared_ptr<const Mapping>> MappedWindows::window(msrp::BodyId body, int fd,
                                                             std::uint64_t index) {
  const auto found = std::ranges::find_if(
      windows_, [&](const Window& window) { return window.body == body && window.index == index; });
  if (found != windows_.end()) {
    found->last_use = ++uses_;
    return found->mapping;
  }
  auto mapping = TRY(Mapping::map(fd, index * window_octets, window_octets));
  if (windows_.size() >= most)
    windows_.erase(std::ranges::min_element(windows_, {}, &Window::last_use));
  windows_.push_back({.body = body, .index = index, .last_use = ++uses_, .mapping = mapping});
  return mapping;
}

}  // namespace convene::io
