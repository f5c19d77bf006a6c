#include "io/channel.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace convene::io {

namespace {

bool is_blocked() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

class PlainChannel final : public Channel {
 public:
  explicit PlainChannel(int fd) : fd_{fd} {}

  Transfer handshake() override { return {}; }

  Transfer read(std::span<std::byte> room) override {
    const auto count = ::recv(fd_, room.data(), room.size(), 0);
    if (count > 0) return {.count = static_cast<std::size_t>(count), .detail = {}};
    if (count == 0) return {.status = Transfer::Status::ended, .detail = {}};
    if (is_blocked()) return {.status = Transfer::Status::wants_read, .detail = {}};
    return {.status = Transfer::Status::failed, .detail = std::strerror(errno)};
  }

  Transfer write(std::span<const iovec> octets) override {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(octets.data());  // the kernel only reads it
    message.msg_iovlen = octets.size();
    const auto count = ::sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (count > 0) return {.count = static_cast<std::size_t>(count), .detail = {}};
    if (count == 0 || is_blocked()) return {.status = Transfer::Status::wants_write, .detail = {}};
    return {.status = Transfer::Status::failed, .detail = std::strerror(errno)};
  }

  void shut_down() override { ::shutdown(fd_, SHUT_WR); }

 private:
  int fd_;
};

}  // namespace

std::unique_ptr<Channel> make_plain_channel(int fd) { return std::make_unique<PlainChannel>(fd); }

}  // namespace convene::io
