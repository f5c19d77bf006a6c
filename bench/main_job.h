#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "bench/process_figures.h"
#include "cpm/media_security.h"

namespace convene::bench {

struct FileOfRun {
  std::string path;
  std::uint64_t octets = 0;
  std::string sha1;
};

struct MainJobFigures {
  double seconds = 0;   // from the sender's verb to the last receiver's last octet
  ProcessFigures idle;  // of the server, with the group in session
  ProcessFigures end;   // when all have the file
  ProcessFigures most;  // memory: the most that was seen meanwhile
};

// A file into a group with `receivers` other members, over the loopback: the server, the sender and
// the receivers are a process each. The receivers are clients that forget the file's octets.
MainJobFigures main_job(const FileOfRun& file, std::size_t receivers, cpm::MediaSecurity security,
                        const std::string& spool_directory);

}  // namespace convene::bench
