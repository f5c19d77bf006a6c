// One file to many receivers: the server's main job beside what the machine can do.
//
// usage: fanout [directory for files] [N:megabytes[-][s]]...  -: without a hash; s: over TLS,
// beside the same plain and AES-GCM alone
#include <unistd.h>

#include <algorithm>
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
#include "bench/cipher_cost.h"
#include "bench/main_job.h"
#include "bench/raw_relay.h"

namespace {

using namespace convene;

constexpr double giga = 1e9;
constexpr double mega = 1e6;
constexpr int rounds_of_a_run = 3;

struct Run {
  std::size_t receivers = 0;
  std::uint64_t megabytes = 0;
  bool is_hashed = true;   // the sender says its SHA-1, which the focus checks
  bool is_secure = false;  // over TLS, for all members
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
  std::cout << "   N    MB SHA-1  GB/s   raw  ratio | s/GB    raw  ratio | anonymous MB over idle, "
               "mapped\n";
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// Ours and the raw relay by turns, so that what else the machine does meets both.
struct Rounds {
  std::vector<double> ours_rate, raw_rate, ours_cost, raw_cost;
  double anonymous = 0;  // octets over idle: the most of all rounds
  double mapped = 0;
};

Rounds play(const Run& run, const bench::FileOfRun& file, const std::string& spool, int rounds) {
  const auto delivered = static_cast<double>(run.receivers * run.megabytes) * mega / giga;
  Rounds all;
  for (int round = 0; round < rounds; ++round) {
    const auto ours = bench::main_job(file, run.receivers, cpm::MediaSecurity::off, spool);
    const auto raw = bench::raw_relay(file.path, file.octets, run.receivers);
    all.ours_rate.push_back(delivered / ours.seconds);
    all.raw_rate.push_back(delivered / raw.seconds);
    all.ours_cost.push_back((ours.end.processor - ours.idle.processor) / delivered);
    all.raw_cost.push_back(raw.processor / delivered);
    const auto over_idle = [&](std::uint64_t bench::ProcessFigures::* what) {
      return static_cast<double>(ours.most.*what) - static_cast<double>(ours.idle.*what);
    };
    all.anonymous = std::max(all.anonymous, over_idle(&bench::ProcessFigures::anonymous));
    all.mapped = std::max(all.mapped, over_idle(&bench::ProcessFigures::mapped));
  }
  return all;
}

void print(const Run& run, const Rounds& all) {
  const auto ours_rate = median(all.ours_rate);
  const auto raw_rate = median(all.raw_rate);
  const auto ours_cost = median(all.ours_cost);
  const auto raw_cost = median(all.raw_cost);
  std::cout << std::fixed << std::setprecision(2) << std::setw(4) << run.receivers << std::setw(6)
            << run.megabytes << (run.is_hashed ? "  yes" : "   no") << std::setw(7) << ours_rate
            << std::setw(6) << raw_rate << std::setw(7) << ours_rate / raw_rate << " |"
            << std::setprecision(3) << std::setw(6) << ours_cost << std::setw(7) << raw_cost
            << std::setprecision(2) << std::setw(7) << ours_cost / raw_cost << " |"
            << std::setprecision(1) << std::setw(7) << all.anonymous / mega << std::setw(9)
            << all.mapped / mega << std::endl;
}

// By turns: the same over TLS and plain, and what the ciphers of TLS cost alone: each octet sealed
// for every receiver, and opened once.
void play_secure(const Run& run, const bench::FileOfRun& file, const std::string& spool) {
  const auto delivered = static_cast<double>(run.receivers * run.megabytes) * mega / giga;
  const auto sealings = 1 + 1 / static_cast<double>(run.receivers);
  std::vector<double> tls_rate, plain_rate, tls_cost, plain_cost, cipher, ratio, memory;
  for (int round = 0; round < rounds_of_a_run; ++round) {
    const auto tls = bench::main_job(file, run.receivers, cpm::MediaSecurity::require, spool);
    const auto plain = bench::main_job(file, run.receivers, cpm::MediaSecurity::off, spool);
    const auto cost = [&](const bench::MainJobFigures& figures) {
      return (figures.end.processor - figures.idle.processor) / delivered;
    };
    tls_rate.push_back(delivered / tls.seconds);
    plain_rate.push_back(delivered / plain.seconds);
    tls_cost.push_back(cost(tls));
    plain_cost.push_back(cost(plain));
    cipher.push_back(bench::cipher_cost() * sealings);
    ratio.push_back((plain_cost.back() + cipher.back()) / tls_cost.back());
    memory.push_back(static_cast<double>(tls.most.anonymous) -
                     static_cast<double>(tls.idle.anonymous));
  }
  std::cout << "TLS, N = " << run.receivers << ", " << run.megabytes << " MB: " << std::fixed
            << std::setprecision(2) << median(tls_rate) << " GB/s (plain " << median(plain_rate)
            << "), " << std::setprecision(3) << median(tls_cost) << " s/GB; plain "
            << median(plain_cost) << " + AES-GCM " << median(cipher) << ": ratio "
            << std::setprecision(2) << median(ratio) << "; anonymous MB over idle "
            << std::setprecision(1) << median(memory) / mega << std::endl;
}

std::vector<Run> read_runs(std::span<char*> words) {
  std::vector<Run> runs;
  for (const std::string word : words) {
    const auto colon = word.find(':');
    runs.push_back({.receivers = std::stoul(word),
                    .megabytes = colon == word.npos ? 1'000 : std::stoul(word.substr(colon + 1)),
                    .is_hashed = !word.contains('-'),
                    .is_secure = word.ends_with("s")});
  }
  if (runs.empty())
    runs = {{1, 1'000, false}, {1, 1'000},  {4, 1'000},
            {16, 1'000},       {64, 1'000}, {16, 300, true, true}};
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
      auto file = make_file(folder / "file", run.megabytes);
      if (!run.is_hashed) file.sha1.clear();
      if (run.is_secure) {
        play_secure(run, file, (folder / "spool").string());
        continue;
      }
      print(run, play(run, file, (folder / "spool").string(), rounds_of_a_run));
    }
    std::filesystem::remove_all(folder);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "fanout: " << error.what() << '\n';
    return 1;
  }
}
