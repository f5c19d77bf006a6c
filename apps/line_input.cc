#include "apps/line_input.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace convene::apps {

namespace {

constexpr std::size_t max_line_octets = 65'536;

bool is_regular_file(int fd) {
  struct stat status{};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

LineInput::LineInput(io::Loop& loop, std::function<void(std::string)> line,
                     std::function<void()> ended)
    : loop_{loop}, line_{std::move(line)}, ended_{std::move(ended)} {
  if (is_regular_file(STDIN_FILENO)) {  // the kernel tells of no file when it can be read
    loop_.post([this] { read(); });
    return;
  }
  input_ = std::make_unique<io::Watched>(loop_, io::FileDescriptor{::dup(STDIN_FILENO)});
  input_->when_readable([this] { read(); });
}

void LineInput::read() {
  std::array<char, 16'384> buffer{};
  const auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  if (count > 0) {
    take({buffer.data(), static_cast<std::size_t>(count)});
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    if (!begun_.empty()) line_(std::exchange(begun_, {}));
    return ended_();
  }
  if (input_) return input_->when_readable([this] { read(); });
  loop_.post([this] { read(); });
}

void LineInput::take(std::string_view octets) {
  for (const char c : octets) {
    if (c == '\n' || begun_.size() == max_line_octets) {
      if (!begun_.empty() && begun_.back() == '\r') begun_.pop_back();
      line_(std::exchange(begun_, {}));
    }
    if (c != '\n') begun_ += c;
  }
}

}  // namespace convene::apps
