#pragma once

#include <cstddef>
#include <span>

#include "base/result.h"
#include "scenario/script.h"
#include "scenario/words.h"

namespace convene::scenario {

// The lines of a scenario that are no steps: who plays, with what, on which stage.
//
//   client bob: says files and thumbnails, by hand
//   clients carol dave: chat only, offline, over udp, profile deployed, without reports
//   client mallory: address sip:eve@ims.example, password "secret", called "Eve"
//   file big.bin of 20 MB
//   server group.max_participants = 3
bool is_declaration(const Word& first);

// Adds to the script what the line declares. Fault::malformed: it says what would have been right.
Result<> declare(std::span<const Word> words, std::size_t line, Script& script);

}  // namespace convene::scenario
