#include "io/opening.h"

#include <utility>

#include "io/sockets.h"

namespace convene::io {

Opening::Opening(Loop& loop, const std::string& host, std::uint16_t port, Duration patience,
                 Done done)
    : loop_{loop},
      resolver_{loop},
      patience_{loop},
      next_address_{loop},
      latest_{loop.now() + patience},
      done_{std::move(done)} {
  patience_.at(latest_, [this] { finish(fail(Fault::timed_out, "no answer")); });
  resolver_.look_up(host, port, [this](const std::vector<SocketAddress>& found) {
    if (found.empty()) return finish(fail(Fault::not_found, "no such name"));
    addresses_.assign(found.begin(), found.end());
    try_next();
  });
}

void Opening::try_next() {
  attempt_.reset();
  while (!addresses_.empty()) {
    const auto address = addresses_.front();
    addresses_.pop_front();
    auto socket = begin_connect(address);
    if (!socket) {
      last_error_ = socket.error().detail;
      continue;
    }
    attempt_.emplace(loop_, std::move(*socket));
    attempt_->when_writable([this] {
      const auto result = connect_result(attempt_->fd());
      if (result) return finish(attempt_->release());
      last_error_ = result.error().detail;
      try_next();
    });
    if (!addresses_.empty()) {
      const auto share = (latest_ - loop_.now()) / static_cast<int>(addresses_.size() + 1);
      next_address_.at(loop_.now() + share, [this] { try_next(); });
    }
    return;
  }
  finish(fail(Fault::closed, last_error_));
}

void Opening::finish(Result<FileDescriptor> result) {
  patience_.cancel();
  next_address_.cancel();
  attempt_.reset();
  auto done = std::move(done_);
  done(std::move(result));  // may destroy this
}

}  // namespace convene::io
