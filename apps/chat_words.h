#pragma once

#include <string>
#include <string_view>

namespace convene::apps {

// What a line typed into a chat means.
struct ChatWord {
  enum class What {
    nothing,
    say,
    send,
    accept,
    decline,
    ask,
    give,
    add,
    remove,
    nick,
    who,
    help,
    disconnect,
    rejoin,
    restart,
    leave,
    quit,
    unknown
  };
  What what = What::nothing;
  std::string rest;  // after the command; the whole line for `say`
  bool operator==(const ChatWord&) const = default;
};

// "/send plan.txt"; "//" begins a line that is said with one "/".
ChatWord read_chat_word(std::string_view line);

}  // namespace convene::apps
