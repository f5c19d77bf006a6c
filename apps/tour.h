#pragma once

#include <cstdint>
#include <string>

namespace convene::apps {

struct TourSettings {
  std::uint64_t big_file_octets = 200'000'000;
  std::string picture;  // a JPEG or PNG file; empty: the one of the examples
  std::string keep;     // a directory where the files, the log and the trace stay; empty: only the
                        // ladder, in `ladder`
  std::string ladder = "tour.svg";  // the picture of what went over the wire; empty: none
};

// Plays the main job, examples/scenarios/tour.scenario, on real sockets of this machine: five
// members create a group, chat, and one sends a picture and then a large file, during which the
// chat ends. Shows it on standard output. The exit status: 0 when everything was as it has to be.
int play_tour(const TourSettings& settings);

}  // namespace convene::apps
