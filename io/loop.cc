#include "io/loop.h"

#if defined(__SANITIZE_THREAD__)
#define BOOST_ASIO_DISABLE_FENCED_BLOCK  // the thread sanitizer knows no fences
#endif

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstring>

#include "io/alive.h"

namespace convene::io {

namespace asio = boost::asio;
using boost::system::error_code;

TimePoint monotonic_now() { return std::chrono::floor<Duration>(std::chrono::steady_clock::now()); }

Calendar make_calendar() {
  return {monotonic_now(),
          std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())};
}

class Loop::Impl {
 public:
  asio::io_context context{1};
};

Loop::Loop() : impl_{std::make_unique<Impl>()} { std::signal(SIGPIPE, SIG_IGN); }
Loop::~Loop() = default;

void Loop::post(Task task) { asio::post(impl_->context, std::move(task)); }

void Loop::run() {
  const auto work = asio::make_work_guard(impl_->context);
  impl_->context.restart();
  impl_->context.run();
}

void Loop::stop() { impl_->context.stop(); }

bool Loop::run_until(const std::function<bool()>& predicate, Duration patience) {
  const auto work = asio::make_work_guard(impl_->context);
  const auto latest = now() + patience;
  impl_->context.restart();
  for (;;) {
    impl_->context.poll_one();
    if (predicate()) return true;
    if (now() >= latest) return false;
    impl_->context.run_one_until(latest);
  }
}

struct Timer::Impl {
  explicit Impl(Loop& loop) : timer{loop.impl().context} {}
  asio::steady_timer timer;
  Deadline deadline;
  Task task;
  std::size_t setting = 0;  // a handler of an earlier one is ignored
  Alive alive;
};

Timer::Timer(Loop& loop) : impl_{std::make_unique<Impl>(loop)} {}
Timer::~Timer() = default;
Timer::Timer(Timer&&) noexcept = default;
Timer& Timer::operator=(Timer&&) noexcept = default;

void Timer::at(TimePoint when, Task task) {
  impl_->task = std::move(task);
  impl_->deadline = when;
  impl_->timer.expires_at(when);
  const auto setting = ++impl_->setting;
  impl_->timer.async_wait(
      impl_->alive.guard([impl = impl_.get(), setting](const error_code& error) {
        if (error || setting != impl->setting) return;
        impl->deadline.reset();
        auto due = std::move(impl->task);
        due();
      }));
}

void Timer::cancel() {
  ++impl_->setting;
  impl_->deadline.reset();
  impl_->timer.cancel();
}

Deadline Timer::deadline() const { return impl_->deadline; }

struct Watched::Impl {
  Impl(Loop& loop, FileDescriptor fd) : descriptor{loop.impl().context, fd.release()} {}

  // The task may destroy the owner of this.
  void wait(asio::posix::stream_descriptor::wait_type what, Task& kept, Task task) {
    kept = std::move(task);
    descriptor.async_wait(what, alive.guard([&kept](const error_code& error) {
      if (error) return;
      auto ready = std::exchange(kept, Task{});
      if (ready) ready();
    }));
  }

  asio::posix::stream_descriptor descriptor;
  Task readable;
  Task writable;
  Alive alive;
};

Watched::Watched(Loop& loop, FileDescriptor fd)
    : impl_{std::make_unique<Impl>(loop, std::move(fd))} {}
Watched::~Watched() = default;
Watched::Watched(Watched&&) noexcept = default;
Watched& Watched::operator=(Watched&&) noexcept = default;

int Watched::fd() const { return impl_->descriptor.native_handle(); }

void Watched::when_readable(Task task) {
  impl_->wait(asio::posix::stream_descriptor::wait_read, impl_->readable, std::move(task));
}

void Watched::when_writable(Task task) {
  impl_->wait(asio::posix::stream_descriptor::wait_write, impl_->writable, std::move(task));
}

bool Watched::waits_to_write() const { return static_cast<bool>(impl_->writable); }

FileDescriptor Watched::release() {
  impl_->alive = Alive{};
  return FileDescriptor{impl_->descriptor.release()};
}

struct Resolver::Impl {
  explicit Impl(Loop& given) : loop{given}, resolver{given.impl().context} {}
  Loop& loop;
  asio::ip::tcp::resolver resolver;
  Alive alive;
};

Resolver::Resolver(Loop& loop) : impl_{std::make_unique<Impl>(loop)} {}
Resolver::~Resolver() = default;

namespace {

SocketAddress address_of(const asio::ip::tcp::endpoint& endpoint) {
  SocketAddress address;
  address.size = static_cast<socklen_t>(endpoint.size());
  std::memcpy(&address.storage, endpoint.data(), endpoint.size());
  return address;
}

}  // namespace

void Resolver::look_up(const std::string& host, std::uint16_t port, Found found) {
  if (const auto numeric = numeric_address(host, port)) {
    asio::post(impl_->resolver.get_executor(),
               impl_->alive.guard(
                   [address = *numeric, found = std::move(found)]() mutable { found({address}); }));
    return;
  }
  impl_->resolver.async_resolve(
      host, std::to_string(port), asio::ip::resolver_base::numeric_service,
      impl_->alive.guard(
          [found = std::move(found)](const error_code& error, const auto& results) mutable {
            std::vector<SocketAddress> addresses;
            if (!error) {
              for (const auto& entry : results) addresses.push_back(address_of(entry.endpoint()));
            }
            found(std::move(addresses));
          }));
}

struct Signals::Impl {
  Impl(Loop& loop, std::function<void(int)> given)
      : set{loop.impl().context}, task{std::move(given)} {}

  void wait() {
    set.async_wait(alive.guard([this](const error_code& error, int signal) {
      if (error) return;
      wait();
      task(signal);
    }));
  }

  asio::signal_set set;
  std::function<void(int)> task;
  Alive alive;
};

Signals::Signals(Loop& loop, const std::vector<int>& signals, std::function<void(int signal)> task)
    : impl_{std::make_unique<Impl>(loop, std::move(task))} {
  for (const int signal : signals) impl_->set.add(signal);
  impl_->wait();
}
Signals::~Signals() = default;

}  // namespace convene::io
