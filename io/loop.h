#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "io/file_descriptor.h"
#include "io/socket_address.h"

namespace convene::io {

using Task = std::move_only_function<void()>;

TimePoint monotonic_now();

// What this wall's clock shows now, tied to our own time.
Calendar make_calendar();

// One thread's loop: waits for sockets, timers, names and signals, and runs what they are waited
// for with. Everything that belongs to a loop is used on its thread only; but for post().
class Loop {
 public:
  Loop();  // SIGPIPE is ignored from now on
  ~Loop();

  TimePoint now() const { return monotonic_now(); }

  // Runs `task` after what is ready now. From any thread.
  void post(Task task);

  void run();   // until stop(); also while nothing is waited for
  void stop();  // from any thread

  // For tests: runs until `predicate` holds, or not in time.
  bool run_until(const std::function<bool()>& predicate, Duration patience = Duration{10'000});

  class Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Calls once, at a time. Nothing is called after it is destroyed.
class Timer {
 public:
  explicit Timer(Loop& loop);
  ~Timer();
  Timer(Timer&&) noexcept;
  Timer& operator=(Timer&&) noexcept;

  void at(TimePoint when, Task task);  // instead of what was set before
  void cancel();
  Deadline deadline() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A descriptor of which one wants to know when it takes or has octets. Closes it when destroyed;
// nothing is called then. Each task is called once; one may be set per direction at a time.
class Watched {
 public:
  Watched(Loop& loop, FileDescriptor fd);
  ~Watched();
  Watched(Watched&&) noexcept;
  Watched& operator=(Watched&&) noexcept;

  int fd() const;
  void when_readable(Task task);  // also at the end of the stream, and at errors
  void when_writable(Task task);
  bool waits_to_write() const;
  FileDescriptor release();  // nothing is called any more

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Looks up the addresses of a name, in the system's order; a numeric address is its own. Empty:
// there are none. Answers later, never within look_up(). Nothing is called after it is destroyed.
class Resolver {
 public:
  explicit Resolver(Loop& loop);
  ~Resolver();

  using Found = std::move_only_function<void(std::vector<SocketAddress>)>;
  void look_up(const std::string& host, std::uint16_t port, Found found);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Calls `task` at each of these signals, on the loop's thread, while it lives.
class Signals {
 public:
  Signals(Loop& loop, const std::vector<int>& signals, std::function<void(int signal)> task);
  ~Signals();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace convene::io
