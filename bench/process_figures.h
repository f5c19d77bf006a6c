#pragma once

#include <sys/types.h>

#include <cstdint>

namespace convene::bench {

// What a process has in memory, and what it has used of the processor.
struct ProcessFigures {
  std::uint64_t anonymous = 0;  // octets: RssAnon
  std::uint64_t mapped = 0;     // RssFile: of files, in the page cache whether we map them or not
  double processor = 0;         // seconds
};
ProcessFigures figures_of(pid_t process);

}  // namespace convene::bench
