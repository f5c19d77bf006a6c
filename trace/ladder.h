#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "trace/trace_file.h"

namespace convene::trace {

// One arrow of the picture: a SIP message, or an MSRP message with all its chunks and their
// responses.
struct Arrow {
  enum class Kind { request, response, failure, message };  // message: MSRP
  Moment time;
  std::chrono::microseconds took{0};  // from the first chunk to the last
  std::size_t from = 0;               // which of the participants
  std::size_t to = 0;
  Kind kind = Kind::request;
  std::string title;               // above the arrow
  std::vector<std::string> notes;  // below it
  std::string call_id;
  std::string conversation;  // its Conversation-ID; empty: unknown
};

struct Ladder {
  std::vector<std::string> participants;  // in the order in which they appear
  std::vector<Arrow> arrows;              // in the order of time
  Moment begin;
};

// Empty: everything.
struct Filter {
  std::string conversation;  // Conversation-ID
  std::string call_id;
  std::string user;  // a participant: what it sends and receives
};

// Who said what to whom: SIP and MSRP, CPIM and IMDN in one picture. Leaves out 100 Trying; chunks
// of one message, their 200 responses and SIP retransmissions are folded.
Ladder make_ladder(std::span<const Record> records, const Filter& filter = {});

// For terminals: one column for each participant.
std::string to_text(const Ladder& ladder);

// A picture that stands alone: no script, no fonts from elsewhere.
std::string to_svg(const Ladder& ladder);

// "0.000", "12.345", since the first arrow.
std::string seconds_text(const Ladder& ladder, const Arrow& arrow);

}  // namespace convene::trace
