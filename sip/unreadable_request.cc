#include "sip/unreadable_request.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "sip/grammar.h"
#include "sip/header_name.h"
#include "sip/response_path.h"

namespace convene::sip {

namespace {

// Cuts the next line off, its folds made blanks: whatever ends it, and if nothing does.
std::string next_line(std::string_view& rest) {
  std::string line;
  do {
    const auto end = rest.find('\n');
    line.append(trim(rest.substr(0, end))).append(" ");
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  } while (!rest.empty() && is_blank(rest.front()));
  line.pop_back();
  return line;
}

// Method SP anything SP "SIP/"...: a request that was meant for us, and wants an answer.
bool wants_answer(std::string_view start_line) {
  const auto method = start_line.substr(0, start_line.find(' '));
  return is_token(method) && method != "ACK" && start_line.find(" SIP/") != start_line.npos;
}

// Its start line, and what of its headers a response repeats. RFC 3261 8.2.6
std::optional<Message> salvage(std::string_view octets) {
  while (octets.starts_with("\r\n")) octets.remove_prefix(2);
  auto rest = octets.substr(0, max_salvaged_octets);
  const auto start_line = next_line(rest);
  if (!wants_answer(start_line)) return std::nullopt;

  auto request =
      Message::request(std::string_view{start_line}.substr(0, start_line.find(' ')), "x");
  while (!rest.empty()) {
    const auto line = next_line(rest);
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == line.npos) continue;
    const auto name = name_of(trim_blanks(std::string_view{line}.substr(0, colon)));
    const auto value = trim_blanks(std::string_view{line}.substr(colon + 1));
    constexpr std::array once{Name::from, Name::to, Name::call_id, Name::cseq};
    const bool is_missing = std::ranges::find(once, name) != once.end() && !request.has(name);
    const bool is_wanted = name == Name::via || is_missing;
    if (is_wanted && !value.empty()) request.add(name, value);
  }
  return request;
}

}  // namespace

std::optional<Send> answer_unreadable(std::string_view octets, const Error& why,
                                      const Source& source) {
  auto request = salvage(octets);
  if (!request || request->values(Name::via).size() > max_salvaged_vias) return std::nullopt;
  auto via = top_via(*request);
  if (!via) return std::nullopt;
  note_source(*request, *via, source);

  const int status = why.fault == Fault::too_large ? 513 : 400;
  // Stateless: the tag of this transaction is always the same. RFC 3261 8.2.7
  const auto tag = "bad-" + std::string{via->branch()};
  return Send{.message = make_response(*request, status, is_token(tag) ? tag : "bad", {}),
              .destination = answer_destination(*via, source)};
}

}  // namespace convene::sip
