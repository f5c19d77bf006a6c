// One file to many receivers: the server's main job beside what the machine can do.
//
// usage: fanout [directory for files] [N:megabytes]...
#include <unistd.h>

#include <exception>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/random.h"
#include "bench/main_job.h"
#include "bench/raw_fan_out.h"

namespace {

using namespace convene;

constexpr double giga = 1e9;
constexpr double mega = 1e6;

struct Run {
  std::size_t receivers = 0;
  std::uint64_t megabytes = 0;
};

bench::FileOfRun make_file(const std::filesystem::path& path, std::uint64_t megabytes) {
  std::ofstream file{path, std::ios::binary};
  Hash hash{Digest::sha1};
  SeededRandom random{megabytes};
  std::vector<std::byte> piece(1'000'000);
  for (std::uint64_t written = 0; written < megabytes; ++written) {
    if (written % 64 == 0) random.fill(piece);
    file.write(reinterpret_cast<const char*>(piece.data()),
               static_cast<std::streamsize>(piece.size()));
    hash.update(piece);
  }
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
  return {.path = path.string(), .octets = megabytes * 1'000'000, .sha1 = hash.finish()};
}

void print_head() {
  std::cout
      << "   N    MB   GB/s   raw  ratio | s/GB    raw  ratio | anonymous MB over idle, mapped\n";
}

void print(const Run& run, const bench::MainJobFigures& ours, const bench::RawFigures& raw) {
  const auto delivered = static_cast<double>(run.receivers * run.megabytes) * mega / giga;
  const auto ours_rate = delivered / ours.seconds;
  const auto raw_rate = delivered / raw.seconds;
  const auto ours_cost = (ours.end.processor - ours.idle.processor) / delivered;
  const auto raw_cost = raw.processor / delivered;
  const auto over_idle = [&](std::uint64_t bench::ProcessFigures::* what) {
    return (static_cast<double>(ours.most.*what) - static_cast<double>(ours.idle.*what)) / mega;
  };
  std::cout << std::fixed << std::setprecision(2) << std::setw(4) << run.receivers << std::setw(6)
            << run.megabytes << std::setw(7) << ours_rate << std::setw(6) << raw_rate
            << std::setw(7) << ours_rate / raw_rate << " |" << std::setprecision(3) << std::setw(6)
            << ours_cost << std::setw(7) << raw_cost << std::setprecision(2) << std::setw(7)
            << ours_cost / raw_cost << " |" << std::setprecision(1) << std::setw(7)
            << over_idle(&bench::ProcessFigures::anonymous) << std::setw(9)
            << over_idle(&bench::ProcessFigures::mapped) << std::endl;
}

std::vector<Run> read_runs(std::span<char*> words) {
  std::vector<Run> runs;
  for (const std::string word : words) {
    const auto colon = word.find(':');
    runs.push_back({.receivers = std::stoul(word),
                    .megabytes = colon == word.npos ? 1'000 : std::stoul(word.substr(colon + 1))});
  }
  if (runs.empty()) runs = {{1, 1'000}, {16, 1'000}, {64, 1'000}};
  return runs;
}

}  // namespace

int main(int count, char** words) {
  try {
    const std::filesystem::path parent = count > 1 ? words[1] : "/tmp";
    const auto folder = parent / ("convene-fanout-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    print_head();
    for (const auto& run : read_runs({words + std::min(count, 2), words + count})) {
      const auto file = make_file(folder / "file", run.megabytes);
      const auto ours = bench::main_job(file, run.receivers, (folder / "spool").string());
      print(run, ours, bench::raw_fan_out(file.path, file.octets, run.receivers));
    }
    std::filesystem::remove_all(folder);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "fanout: " << error.what() << '\n';
    return 1;
  }
}
