#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "load/figures.h"
#include "load/plan.h"

namespace convene::load {

inline constexpr Span chat_patience = std::chrono::seconds{10};
// When messages are due faster than they can be said, no more than these are said at once.
inline constexpr std::size_t most_at_once = 1'000;

// The talk of one group: when somebody says something, and who has heard it.
class ChatLoad {
 public:
  ChatLoad(const Plan& plan, std::size_t group) : plan_{plan}, group_{group} {}

  void begin(Instant now) { next_ = now; }
  // Whether something is to be said now; and by which of the members.
  bool is_due(Instant now) const;
  std::optional<Instant> deadline() const;
  std::size_t next_speaker(const std::vector<bool>& present);

  // The text of the next message, which all that are present wait for but its speaker.
  std::string say(std::size_t speaker, const std::vector<bool>& present, Instant now);
  void heard(std::size_t listener, std::string_view text, Instant now, Figures& figures);
  void left(std::size_t listener);  // waits for nothing any more
  void expire(Instant now, Figures& figures);
  void end(Figures& figures);  // what has not been heard is lost
  bool is_quiet() const { return said_.empty(); }

 private:
  enum class Listener : std::uint8_t { absent, waiting, served };
  struct Said {
    std::uint64_t number = 0;
    Instant when;
    std::vector<Listener> listeners;  // by place in the group
    std::size_t missing = 0;
  };
  bool was_heard_before(const Said* said, std::size_t listener) const;
  void drop_heard();

  const Plan& plan_;
  std::size_t group_;
  std::deque<Said> said_;  // and not heard by all, nor is any before it
  std::size_t under_way_ = 0;
  std::uint64_t last_number_ = 0;
  std::size_t speaker_ = 0;
  Instant next_{};
};

}  // namespace convene::load
