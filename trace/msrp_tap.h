#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace convene::trace {

// An MSRP request or response as the trace keeps it: start line, headers, what is kept of the body,
// end-line.
struct Frame {
  std::string octets;
  std::uint64_t left_out = 0;  // octets of the body that were not kept
  bool operator==(const Frame&) const = default;
};

// Cuts what passes in one direction of an MSRP connection into frames for the trace. Keeps at most
// `max_body` octets of a body, and none of one that is no text. Has no say in what passes: once it
// cannot follow, it hands out what it could not read as one last frame and is silent.
class MsrpTap {
 public:
  explicit MsrpTap(std::size_t max_body = 4'096) : max_body_{max_body} {}

  // Appends the frames that end in `octets`.
  void pass(std::string_view octets, std::vector<Frame>& out);

  // As many octets of a body passed without being in memory.
  void pass_unseen(std::uint64_t octets);

 private:
  enum class State { in_head, in_body, lost };

  bool take_head(std::vector<Frame>& out);
  bool take_body(std::vector<Frame>& out);
  bool lose(std::size_t size, std::vector<Frame>& out);
  void begin_body(std::size_t head_size);
  void count_body(std::size_t size);
  void finish(std::size_t size, std::vector<Frame>& out);

  std::size_t max_body_;
  State state_ = State::in_head;
  std::string waiting_;   // received, not yet understood: less than a head, or than an end-line
  std::string end_line_;  // "-------" transaction-id, of the frame under way
  std::size_t keep_ = 0;  // octets of its body that may still be kept
  Frame frame_;           // the frame under way, in its body
};

}  // namespace convene::trace
