#include "bench/process_figures.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace convene::bench {

ProcessFigures figures_of(pid_t process) {
  const auto folder = "/proc/" + std::to_string(process);
  ProcessFigures figures;

  std::ifstream status{folder + "/status"};
  for (std::string line; std::getline(status, line);) {
    std::istringstream words{line};
    std::string name;
    std::uint64_t kilobytes = 0;
    words >> name >> kilobytes;
    if (name == "RssAnon:") figures.anonymous = kilobytes * 1024;
    if (name == "RssFile:") figures.mapped = kilobytes * 1024;
  }

  // proc(5): after the name, which is in brackets, utime is the 12th word and stime the 13th.
  std::ifstream stat{folder + "/stat"};
  const std::string text{std::istreambuf_iterator<char>{stat}, {}};
  std::istringstream words{text.substr(text.rfind(')') + 1)};
  std::string skipped;
  for (int word = 0; word < 11; ++word) words >> skipped;
  double user = 0;
  double system = 0;
  words >> user >> system;
  figures.processor = (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  return figures;
}

}  // namespace convene::bench
