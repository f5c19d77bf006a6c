#include "apps/chat_words.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace convene::apps {

ChatWord read_chat_word(std::string_view line) {
  using enum ChatWord::What;
  static constexpr auto commands = std::to_array<std::pair<std::string_view, ChatWord::What>>({
      {"/send", send},
      {"/accept", accept},
      {"/decline", decline},
      {"/ask", ask},
      {"/give", give},
      {"/add", add},
      {"/remove", remove},
      {"/nick", nick},
      {"/who", who},
      {"/help", help},
      {"/disconnect", disconnect},
      {"/rejoin", rejoin},
      {"/restart", restart},
      {"/leave", leave},
      {"/quit", quit},
  });

  if (trim(line).empty()) return {};
  if (!line.starts_with('/')) return {say, std::string{line}};
  if (line.starts_with("//")) return {say, std::string{line.substr(1)}};
  const auto end = std::min(line.find(' '), line.size());
  for (const auto& [name, what] : commands) {
    if (line.substr(0, end) == name) return {what, std::string{trim(line.substr(end))}};
  }
  return {unknown, std::string{line}};
}

}  // namespace convene::apps
