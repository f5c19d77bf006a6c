#include "scenario/declarations.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace convene::scenario {

namespace {

constexpr std::size_t max_clients = 200;
constexpr auto reserved =
    std::to_array<std::string_view>({"everybody", "somebody", "the", "others", "and", "within",
                                     "client", "clients", "file", "server"});

// Up to the next comma, which is dropped.
std::span<const Word> take_phrase(std::span<const Word>& words) {
  const auto end = std::ranges::find_if(words, [](const Word& word) { return is(word, ","); });
  const auto phrase = words.first(static_cast<std::size_t>(end - words.begin()));
  words = words.subspan(std::min(phrase.size() + 1, words.size()));
  return phrase;
}

struct Phrase {
  std::string_view pattern;
  void (*apply)(ClientDeclaration& client, const Arguments& arguments);
};

// R2.8: what a Contact says.
void say(ClientDeclaration& client, const Arguments& arguments) {
  const auto says = [&](std::string_view service) {
    return arguments["one"] == service || arguments["two"] == service;
  };
  client.services = {.file_transfer = false,
                     .thumbnail = says("thumbnails"),
                     .store_and_forward = says("store-and-forward")};
}
void say_files(ClientDeclaration& client, const Arguments& arguments) {
  say(client, arguments);
  client.services.file_transfer = true;
}

constexpr auto phrases = std::to_array<Phrase>({
    {"says nothing", say},
    {"says files [and <one:thumbnails|store-and-forward>] [and <two:thumbnails|store-and-forward>]",
     say_files},
    {"chat only",
     [](ClientDeclaration& client, const Arguments&) {
       client.services = {};
       client.is_chat_only = true;  // R2.9
     }},
    {"anonymous", [](ClientDeclaration& client, const Arguments&) { client.is_anonymous = true; }},
    {"by hand", [](ClientDeclaration& client, const Arguments&) { client.is_by_hand = true; }},
    {"offline", [](ClientDeclaration& client, const Arguments&) { client.is_offline = true; }},
    {"without reports",
     [](ClientDeclaration& client, const Arguments&) { client.reports_nothing = true; }},
    {"profile <which:strict|deployed>",
     [](ClientDeclaration& client, const Arguments& arguments) {
       client.profile =
           arguments["which"] == "strict" ? client::Profile::strict : client::Profile::deployed;
     }},
    {"over <which:udp|tcp>",
     [](ClientDeclaration& client, const Arguments& arguments) {
       client.transport = arguments["which"] == "udp" ? sip::Transport::udp : sip::Transport::tcp;
     }},
    {"address <uri:text>", [](ClientDeclaration& client,
                              const Arguments& arguments) { client.address = arguments["uri"]; }},
    {"password <text:text>",
     [](ClientDeclaration& client, const Arguments& arguments) {
       client.password = arguments["text"];
     }},
    {"called <name:text>",
     [](ClientDeclaration& client, const Arguments& arguments) {
       client.display_name = arguments["name"];
     }},
});

Error unknown_phrase() {
  std::string known;
  for (const auto& phrase : phrases) known += "\n    " + std::string{phrase.pattern};
  return {.fault = Fault::malformed, .detail = "a client may be, after its colon:" + known};
}

Result<> describe(std::span<const Word> words, ClientDeclaration& client) {
  while (!words.empty()) {
    const auto phrase = take_phrase(words);
    const auto known = std::ranges::find_if(
        phrases, [&](const Phrase& one) { return match(one.pattern, phrase, {}).has_value(); });
    if (known == phrases.end()) return std::unexpected(unknown_phrase());
    known->apply(client, *match(known->pattern, phrase, {}));
  }
  return {};
}

bool is_name(const Word& word) {
  const bool has_letters = std::ranges::all_of(word.text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
  return !word.is_quoted && !word.text.empty() && has_letters && word.text.front() >= 'a' &&
         std::ranges::find(reserved, word.text) == reserved.end();
}

Result<> declare_clients(std::span<const Word> words, std::size_t line, Script& script) {
  const auto colon = std::ranges::find_if(words, [](const Word& word) { return is(word, ":"); });
  const auto names = words.first(static_cast<std::size_t>(colon - words.begin()));
  ClientDeclaration client{.line = line, .name = {}};
  if (colon != words.end()) TRY(describe(words.subspan(names.size() + 1), client));
  std::size_t count = 0;
  for (const auto& word : names) {
    if (is(word, ",") || is(word, "and")) continue;
    if (!is_name(word)) {
      return fail(Fault::malformed,
                  "'" + word.text + "' is no name for a client: small letters, digits, - _ .");
    }
    if (std::ranges::find(script.clients, word.text, &ClientDeclaration::name) !=
        script.clients.end())
      return fail(Fault::malformed, word.text + " was declared before");
    if (script.clients.size() == max_clients)
      return fail(Fault::malformed, "at most " + std::to_string(max_clients) + " clients");
    client.name = word.text;
    script.clients.push_back(client);
    ++count;
  }
  if (count == 0) return fail(Fault::malformed, "client wants a name");
  return {};
}

// file NAME of N octets|kB|MB
Result<> declare_file(std::span<const Word> words, std::size_t line, Script& script) {
  static constexpr auto units = std::to_array<std::pair<std::string_view, std::uint64_t>>(
      {{"octets", 1}, {"kB", 1'000}, {"MB", 1'000'000}});
  constexpr std::uint64_t largest = 1'000'000;
  const auto found = match("<name:text> of <size:number> <unit:octets|kB|MB>", words, {});
  const auto size = found ? to_number((*found)["size"]) : std::nullopt;
  if (!size || *size == 0 || *size > largest)
    return fail(Fault::malformed, "a file is made so: file big.bin of 20 MB (octets, kB, MB)");
  FileDeclaration file{.line = line, .name = (*found)["name"], .size = *size};
  for (const auto& [unit, octets] : units) {
    if ((*found)["unit"] == unit) file.size *= octets;
  }
  script.files.push_back(std::move(file));
  return {};
}

Result<> declare_setting(std::span<const Word> words, std::size_t line, Script& script) {
  const auto found = match("<key:text> = <value:text>", words, {});
  if (!found) {
    return fail(Fault::malformed,
                "a key of the server's configuration is set so: server group.max_participants = 3");
  }
  script.settings.push_back({.line = line, .key = (*found)["key"], .value = (*found)["value"]});
  return {};
}

}  // namespace

bool is_declaration(const Word& first) {
  return is(first, "client") || is(first, "clients") || is(first, "file") || is(first, "server");
}

Result<> declare(std::span<const Word> words, std::size_t line, Script& script) {
  const auto& what = words.front().text;
  const auto rest = words.subspan(1);
  if (what == "file") return declare_file(rest, line, script);
  if (what == "server") return declare_setting(rest, line, script);
  return declare_clients(rest, line, script);
}

}  // namespace convene::scenario
