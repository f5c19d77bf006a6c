#include "sdp/fingerprint.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"

namespace convene::sdp {

namespace {

constexpr std::string_view fingerprint_name = "fingerprint";

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::vector<Fingerprint> fingerprints_in(const Attributes& attributes) {
  std::vector<Fingerprint> all;
  for (const auto& one : attributes.all()) {
    if (one.name != fingerprint_name || all.size() == max_fingerprints) continue;
    if (auto fingerprint = parse_fingerprint(one.value.value_or("")))
      all.push_back(*std::move(fingerprint));
  }
  return all;
}

}  // namespace

// RFC 8122 5
Result<Fingerprint> parse_fingerprint(std::string_view text) {
  text = trim(text);
  const auto space = text.find(' ');
  const auto algorithm = text.substr(0, space);
  if (algorithm.empty() || space == text.npos)
    return fail(Fault::malformed, "a fingerprint without its two parts");

  Fingerprint fingerprint{.algorithm = to_lower(algorithm)};
  for (const auto pair : split(trim(text.substr(space)), ':')) {
    const bool is_pair = pair.size() == 2 && digit_of(pair[0]) >= 0 && digit_of(pair[1]) >= 0;
    if (!is_pair) return fail(Fault::malformed, "a fingerprint that is not in hex");
    fingerprint.octets += static_cast<char>(digit_of(pair[0]) * 16 + digit_of(pair[1]));
  }
  return fingerprint;
}

std::string to_text(const Fingerprint& fingerprint) {
  auto text = fingerprint.algorithm;
  const auto hex = to_hex(fingerprint.octets);
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (i % 2 == 0) text += i == 0 ? ' ' : ':';
    const char c = hex[i];
    text += c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

std::vector<Fingerprint> fingerprints_of(const SessionDescription& session, const Media& media) {
  if (media.attributes.has(fingerprint_name)) return fingerprints_in(media.attributes);
  return fingerprints_in(session.attributes);
}

void add_fingerprint(Media& media, const Fingerprint& fingerprint) {
  media.attributes.add(fingerprint_name, to_text(fingerprint));
}

void set_fingerprint(Media& media, const Fingerprint& fingerprint) {
  media.attributes.remove(fingerprint_name);
  add_fingerprint(media, fingerprint);
}

}  // namespace convene::sdp
