// One large group after the other, each with a seed of its own: what comes out must always be the
// same.
//
// usage: many_seeds [first seed] [seeds] [members] [octets of the file] [processes]
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iomanip>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include "tests/big_group.h"

namespace {

using namespace convene;

struct Wanted {
  std::uint64_t first_seed = 1;
  std::uint64_t seeds = 100;
  std::size_t members = 100;
  std::size_t file_octets = 10U << 20;
  std::uint64_t processes = 2;
};

struct Shared {  // by the processes
  std::atomic<std::uint64_t> taken = 0;
  std::atomic<std::uint64_t> done = 0;
  std::atomic<std::uint64_t> otherwise = 0;
  std::atomic<std::uint64_t> events = 0;
};

Wanted read_arguments(const std::vector<std::string>& arguments) {
  const auto number = [&](std::size_t index, std::uint64_t otherwise) {
    return index < arguments.size() ? std::strtoull(arguments[index].c_str(), nullptr, 0)
                                    : otherwise;
  };
  Wanted wanted;
  wanted.first_seed = number(0, wanted.first_seed);
  wanted.seeds = number(1, wanted.seeds);
  wanted.members = number(2, wanted.members);
  wanted.file_octets = number(3, wanted.file_octets);
  wanted.processes = number(4, wanted.processes);
  return wanted;
}

// One write, so that the lines of two processes do not mix.
void tell(const std::string& text) { std::cout << text << std::flush; }

void run_seed(std::uint64_t seed, const Wanted& wanted, Shared& shared) {
  std::string trouble;
  std::string log;
  try {
    tests::BigGroup group{
        {.seed = seed, .members = wanted.members, .file_octets = wanted.file_octets}};
    trouble = group.run();
    shared.events += group.world().counters().events;
    if (!trouble.empty()) log = group.world().log();
  } catch (const std::exception& error) {
    trouble = error.what();
  }
  ++shared.done;
  if (trouble.empty()) return;
  ++shared.otherwise;
  tell("seed " + std::to_string(seed) + ": " + trouble + "\n  again: many_seeds " +
       std::to_string(seed) + " 1 " + std::to_string(wanted.members) + " " +
       std::to_string(wanted.file_octets) + " 1\n");
  if (wanted.seeds == 1) tell(log);
}

void run_seeds(const Wanted& wanted, Shared& shared) {
  for (auto index = shared.taken++; index < wanted.seeds; index = shared.taken++)
    run_seed(wanted.first_seed + index, wanted, shared);
}

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int count, char** arguments) {
  const auto wanted = read_arguments({arguments + 1, arguments + count});
  void* const memory =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return EXIT_FAILURE;
  auto& shared = *new (memory) Shared;

  const auto begin = std::chrono::steady_clock::now();
  bool all_ended_well = true;
  for (std::uint64_t process = 0; process < wanted.processes; ++process) {
    const auto child = ::fork();
    if (child < 0) return EXIT_FAILURE;
    if (child > 0) continue;
    run_seeds(wanted, shared);
    ::_exit(EXIT_SUCCESS);
  }
  for (int status = 0; ::wait(&status) > 0;) all_ended_well = all_ended_well && status == 0;
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;

  const auto done = shared.done.load();
  std::cout << std::fixed << std::setprecision(2) << done << " seeds of " << wanted.seeds << ", "
            << wanted.members << " members, " << wanted.file_octets
            << " octets: " << shared.otherwise << " otherwise; "
            << static_cast<double>(done) / time.count() << " seeds/s, "
            << processor_seconds() / static_cast<double>(done ? done : 1)
            << " processor seconds and " << shared.events / (done ? done : 1) << " events a seed\n";
  if (!all_ended_well) std::cout << "a process died\n";
  const bool is_well = all_ended_well && done == wanted.seeds && shared.otherwise == 0;
  return is_well ? EXIT_SUCCESS : EXIT_FAILURE;
}
