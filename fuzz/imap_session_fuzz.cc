// Whatever a server says, and however it is cut: no crash, the same effects, and every command is
// completed at most once, all of them by the end.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include "imap/mailbox_data.h"
#include "imap/session.h"

namespace {

using namespace convene;
using namespace convene::imap;

constexpr TimePoint start{std::chrono::seconds{1'000}};

SessionSettings settings() {
  SessionSettings settings;
  settings.credentials = {.act_for = "alice", .user = "pf", .secret = "secret"};
  settings.keeps_secrets = true;
  settings.collected_octets = 4'096;
  settings.responses = {.line_octets = 512, .response_octets = 2'048};
  return settings;
}

std::string text_of(const Effect& effect) {
  if (const auto* send = std::get_if<Send>(&effect)) {
    if (const auto* octets = std::get_if<std::string>(&send->octets)) return *octets;
    return "<source>";
  }
  if (const auto* completed = std::get_if<Completed>(&effect)) {
    for (const auto& data : completed->outcome ? completed->outcome->data : std::vector<Data>{}) {
      (void)listed_mailbox(data);
      (void)mailbox_status(data);
      (void)fetched(data);
      (void)found_numbers(data);
    }
    if (completed->outcome) (void)appended_uids(completed->outcome->status.code);
    return "<done " + std::to_string(completed->id.value) +
           (completed->outcome ? completed->outcome->status.text
                               : completed->outcome.error().detail) +
           ">";
  }
  if (const auto* ended = std::get_if<Ended>(&effect)) return "<end " + ended->why.detail + ">";
  if (const auto* refused = std::get_if<Refused>(&effect)) return "<no " + refused->why + ">";
  return "<ready>";
}

std::string run(std::string_view stream, std::size_t step) {
  Session session{settings(), start};
  Effects effects;
  const Message small{.flags = {"\\Seen"}, .octets = {{"abc"}}};
  const Message file{.octets = {{"head", Source{.id = 1, .octets = 1'000'000}}}};
  std::uint64_t ids = 0;
  for (auto command : {append("a", std::vector{small}), uid_search_header("Subject", "x"),
                       append("b", std::vector{small, file}), create("c")})
    session.submit({++ids}, std::move(command), start, effects);
  for (; !stream.empty(); stream.remove_prefix(std::min(step, stream.size())))
    session.receive(stream.substr(0, step), start, effects);
  session.closed("end", effects);

  std::map<CommandId, int> completed;
  std::string text;
  for (const auto& effect : effects) {
    text += text_of(effect);
    if (const auto* done = std::get_if<Completed>(&effect)) ++completed[done->id];
  }
  if (completed.size() != ids) std::abort();
  for (const auto& [id, times] : completed)
    if (times != 1) std::abort();
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view stream{reinterpret_cast<const char*>(data), size};
  const auto whole = run(stream, std::max<std::size_t>(size, 1));
  if (run(stream, 1) != whole || run(stream, 7) != whole) std::abort();
  return 0;
}
