#include "bench/child.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>

namespace convene::bench {

Child::Child(const std::function<void(int line)>& work) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::runtime_error("socketpair");
  line_ = io::FileDescriptor{ends[0]};
  id_ = ::fork();
  if (id_ < 0) throw std::runtime_error("fork");
  if (id_ > 0) {
    ::close(ends[1]);
    return;
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  line_ = {};
  try {
    work(ends[1]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    say(ends[1], 'F');
  }
  ::_exit(EXIT_SUCCESS);
}

Child::~Child() {
  ::kill(id_, SIGKILL);
  ::waitpid(id_, nullptr, 0);
}

void Child::tell(char word) const { say(line_.get(), static_cast<std::uint64_t>(word)); }

std::uint64_t Child::hear(const std::function<void()>& meanwhile, int patience) const {
  constexpr int between = 20;  // ms
  for (int waited = 0; waited < patience * 1'000; waited += between) {
    pollfd wanted{.fd = line_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&wanted, 1, between) > 0) {
      std::uint64_t word = 0;
      if (::read(line_.get(), &word, sizeof word) != sizeof word || word == 'F')
        throw std::runtime_error("a process gave up");
      return word;
    }
    if (meanwhile) meanwhile();
  }
  throw std::runtime_error("a process says nothing");
}

void say(int line, std::uint64_t word) {
  if (::write(line, &word, sizeof word) != sizeof word) ::_exit(EXIT_FAILURE);
}

}  // namespace convene::bench
