// Groups for life on one server for years of virtual time: see tests/soak.h.
//
// usage: soak [seed] [hours] [groups] [members] [users] [seconds between steps] [seconds it may
// take]
//
// How far it is goes to standard error now and then, how it ended to standard output.
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "tests/soak.h"

constexpr std::uint64_t hours_at_a_time = 5;
constexpr std::chrono::minutes between_reports{1};

int main(int count, char** arguments) {
  using namespace convene;
  const std::vector<std::string> words{arguments + 1, arguments + count};
  const auto number = [&](std::size_t index, std::uint64_t otherwise) {
    return index < words.size() ? std::strtoull(words[index].c_str(), nullptr, 0) : otherwise;
  };
  tests::SoakSettings settings;
  settings.seed = number(0, settings.seed);
  settings.hours = number(1, settings.hours);
  settings.groups = number(2, settings.groups);
  settings.members = number(3, settings.members);
  settings.users = number(4, settings.users);
  settings.between = std::chrono::seconds{number(5, 180)};

  const auto begin = std::chrono::steady_clock::now();
  tests::Soak soak{settings};
  std::string trouble;
  const auto end = begin + std::chrono::seconds{number(6, 1'000'000)};
  try {
    auto next = begin + between_reports;
    while (trouble.empty() && !soak.is_over() && std::chrono::steady_clock::now() < end) {
      trouble = soak.run_for(hours_at_a_time);
      if (std::chrono::steady_clock::now() < next) continue;
      std::cerr << soak.figures_text() << "\n";
      next += between_reports;
    }
  } catch (const std::exception& error) {
    trouble = error.what();
  }
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  std::cout << soak.figures_text() << "; " << soak.world().counters().events << " events in "
            << static_cast<std::uint64_t>(time.count()) << " s\n";
  if (trouble.empty()) return EXIT_SUCCESS;
  const auto& log = soak.world().log();
  std::cout << log.substr(log.size() - std::min<std::size_t>(log.size(), 20'000)) << "seed "
            << settings.seed << ", after " << soak.figures().checks << " checks: " << trouble
            << "\n";
  return EXIT_FAILURE;
}
