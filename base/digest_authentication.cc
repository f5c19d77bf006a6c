#include "base/digest_authentication.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/hash.h"
#include "base/text.h"

namespace convene::digest {

namespace {

constexpr std::size_t max_parameters = 32;

std::string_view name_of(DigestAlgorithm algorithm) {
  return algorithm == DigestAlgorithm::md5 ? "MD5" : "SHA-256";
}

Digest digest_for(DigestAlgorithm algorithm) {
  return algorithm == DigestAlgorithm::md5 ? Digest::md5 : Digest::sha256;
}

using Parameters = std::map<std::string, std::string, ILess>;

// Digest SP name=value *(COMMA name=value). RFC 7235 2.1
Result<Parameters> parse_parameters(std::string_view text) {
  text = trim(text);
  const auto scheme = text.substr(0, text.find(' '));
  if (!iequals(scheme, "Digest")) return fail(Fault::unsupported, "authentication scheme");
  text.remove_prefix(scheme.size());

  Parameters parameters;
  while (!(text = trim(text)).empty()) {
    const auto equals = text.find('=');
    if (equals == text.npos || parameters.size() >= max_parameters)
      return fail(Fault::malformed, "digest parameters");
    const auto name = trim(text.substr(0, equals));
    text = trim(text.substr(equals + 1));
    std::string value;
    if (text.starts_with('"')) {
      std::size_t at = 1;
      for (; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        value += text[at];
      }
      if (at >= text.size()) return fail(Fault::malformed, "digest parameters: open quote");
      text = trim(text.substr(at + 1));
    } else {
      value = trim(text.substr(0, text.find(',')));
      text.remove_prefix(std::min(text.find(','), text.size()));
    }
    if (name.empty() || !parameters.emplace(name, value).second)
      return fail(Fault::malformed, "digest parameter twice");
    if (text.starts_with(','))
      text.remove_prefix(1);
    else if (!text.empty())
      return fail(Fault::malformed, "digest parameters: no comma");
  }
  return parameters;
}

std::string take(Parameters& parameters, std::string_view name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string{} : std::move(found->second);
}

Result<DigestAlgorithm> algorithm_in(const Parameters& parameters) {
  const auto found = parameters.find("algorithm");
  if (found == parameters.end() || iequals(found->second, "MD5")) return DigestAlgorithm::md5;
  if (iequals(found->second, "SHA-256")) return DigestAlgorithm::sha256;
  return fail(Fault::unsupported, "digest algorithm " + found->second);
}

bool lists_auth(std::string_view qop) {
  for (const auto option : split(qop, ',')) {
    if (iequals(trim(option), "auth")) return true;
  }
  return false;
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

// request-digest = <"> 32LHEX <">, or 64 of SHA-256.
bool is_response(std::string_view text) {
  return (text.size() == 32 || text.size() == 64) && is_hex(text);
}

// quoted-string. RFC 7230 3.2.6
std::string quote(std::string_view text) {
  std::string quoted{'"'};
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted += '"';
}

std::string count_text(std::uint32_t count) {
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%08x", count);
  return text.data();
}

// RFC 7616 3.4.1: KD(H(A1), nonce ":" nc ":" cnonce ":" qop ":" H(A2)); without qop as RFC 2069.
std::string expected_response(const Authorization& a, std::string_view password,
                              std::string_view method) {
  const auto digest = digest_for(a.algorithm);
  const auto a1 = digest_hex(digest, a.user + ":" + a.realm + ":" + std::string{password});
  const auto a2 = digest_hex(digest, std::string{method} + ":" + a.uri);
  if (a.nonce_count == 0) return digest_hex(digest, a1 + ":" + a.nonce + ":" + a2);
  return digest_hex(digest, a1 + ":" + a.nonce + ":" + count_text(a.nonce_count) + ":" + a.cnonce +
                                ":auth:" + a2);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0U : 1U;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char other = b.empty() ? '\0' : b[i % b.size()];
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(other);
  }
  return difference == 0;
}

}  // namespace

Result<Challenge> parse_challenge(std::string_view text) {
  auto parameters = TRY(parse_parameters(text));
  Challenge challenge;
  challenge.algorithm = TRY(algorithm_in(parameters));
  challenge.realm = take(parameters, "realm");
  challenge.nonce = take(parameters, "nonce");
  challenge.opaque = take(parameters, "opaque");
  challenge.is_stale = iequals(take(parameters, "stale"), "true");
  if (parameters.contains("qop")) {
    challenge.wants_qop = lists_auth(take(parameters, "qop"));
    if (!challenge.wants_qop) return fail(Fault::unsupported, "digest without qop=auth");
  }
  if (challenge.nonce.empty()) return fail(Fault::malformed, "challenge without nonce");
  return challenge;
}

std::string to_text(const Challenge& challenge) {
  std::string text = "Digest realm=" + quote(challenge.realm) + ", nonce=" + quote(challenge.nonce);
  if (!challenge.opaque.empty()) text += ", opaque=" + quote(challenge.opaque);
  text += ", algorithm=" + std::string{name_of(challenge.algorithm)};
  if (challenge.wants_qop) text += ", qop=\"auth\"";
  if (challenge.is_stale) text += ", stale=true";
  return text;
}

Result<Authorization> parse_authorization(std::string_view text) {
  auto parameters = TRY(parse_parameters(text));
  Authorization authorization;
  authorization.algorithm = TRY(algorithm_in(parameters));
  authorization.user = take(parameters, "username");
  authorization.realm = take(parameters, "realm");
  authorization.nonce = take(parameters, "nonce");
  authorization.uri = take(parameters, "uri");
  authorization.response = to_lower(take(parameters, "response"));
  authorization.opaque = take(parameters, "opaque");
  if (parameters.contains("qop")) {
    if (!lists_auth(take(parameters, "qop")))
      return fail(Fault::unsupported, "digest without qop=auth");
    const auto count = take(parameters, "nc");
    if (count.size() != 8 || !is_hex(count)) return fail(Fault::malformed, "nonce count");
    authorization.nonce_count = static_cast<std::uint32_t>(std::stoul(count, nullptr, 16));
    authorization.cnonce = take(parameters, "cnonce");
    if (authorization.nonce_count == 0 || authorization.cnonce.empty())
      return fail(Fault::malformed, "qop without nonce count and cnonce");
  }
  if (authorization.user.empty() || authorization.nonce.empty())
    return fail(Fault::malformed, "credentials without username or nonce");
  if (!is_response(authorization.response))
    return fail(Fault::malformed, "credentials: response is no digest");
  return authorization;
}

std::string to_text(const Authorization& a) {
  std::string text = "Digest username=" + quote(a.user) + ", realm=" + quote(a.realm) +
                     ", nonce=" + quote(a.nonce) + ", uri=" + quote(a.uri) + ", response=\"" +
                     a.response + "\", algorithm=" + std::string{name_of(a.algorithm)};
  if (!a.opaque.empty()) text += ", opaque=" + quote(a.opaque);
  if (a.nonce_count > 0)
    text += ", qop=auth, nc=" + count_text(a.nonce_count) + ", cnonce=" + quote(a.cnonce);
  return text;
}

std::optional<Challenge> strongest(const std::vector<std::string_view>& challenges) {
  std::optional<Challenge> best;
  for (const auto text : challenges) {
    auto challenge = parse_challenge(text);
    if (!challenge) continue;
    if (!best || challenge->algorithm > best->algorithm) best = std::move(*challenge);
  }
  return best;
}

Authorization answer(const Challenge& challenge, std::string_view user, std::string_view password,
                     std::string_view method, std::string_view uri, std::uint32_t nonce_count,
                     std::string_view cnonce) {
  Authorization authorization{.user = std::string{user},
                              .realm = challenge.realm,
                              .nonce = challenge.nonce,
                              .uri = std::string{uri},
                              .response = {},
                              .opaque = challenge.opaque,
                              .algorithm = challenge.algorithm,
                              .cnonce = {},
                              .nonce_count = 0};
  if (challenge.wants_qop) {
    authorization.cnonce = cnonce;
    authorization.nonce_count = nonce_count;
  }
  authorization.response = expected_response(authorization, password, method);
  return authorization;
}

bool is_right(const Authorization& authorization, std::string_view password,
              std::string_view method) {
  return equal_in_constant_time(expected_response(authorization, password, method),
                                authorization.response);
}

NonceKeeper::NonceKeeper(Random& random, std::chrono::seconds age, std::size_t max_remembered)
    : secret_{random_hex(random, 20)}, age_{age}, max_remembered_{max_remembered} {}

std::string NonceKeeper::seal(std::string_view time) const {
  return to_hex(hmac_sha1(secret_, time));
}

// time "." number "." HMAC
std::string NonceKeeper::issue(TimePoint now) {
  const auto plain =
      std::to_string(now.time_since_epoch().count()) + "." + std::to_string(++issued_);
  return plain + "." + seal(plain);
}

// When a nonce was issued. Only of our own ones.
std::optional<TimePoint> NonceKeeper::time_of(std::string_view nonce) {
  const auto issued = to_number(nonce.substr(0, nonce.find('.')));
  if (!issued) return std::nullopt;
  return TimePoint{Duration{static_cast<Duration::rep>(*issued)}};
}

// Lets go of what is too old to be used again, and of the oldest when there are too many.
void NonceKeeper::forget(TimePoint now) {
  while (!forgetting_.empty()) {
    const auto& [end, nonce] = forgetting_.front();
    if (end > now && highest_count_.size() < max_remembered_) return;
    forgotten_ = std::max(forgotten_, time_of(nonce).value_or(TimePoint::min()));
    highest_count_.erase(nonce);
    forgetting_.pop_front();
  }
}

NonceKeeper::Verdict NonceKeeper::use(std::string_view nonce, std::uint32_t nonce_count,
                                      TimePoint now) {
  forget(now);
  const auto dot = nonce.rfind('.');
  if (dot == nonce.npos ||
      !equal_in_constant_time(seal(nonce.substr(0, dot)), nonce.substr(dot + 1)))
    return Verdict::forged;
  const auto issued_at = time_of(nonce);
  if (!issued_at) return Verdict::forged;
  if (*issued_at + age_ <= now) return Verdict::stale;

  const auto known = highest_count_.find(nonce);
  if (known == highest_count_.end()) {
    // What we may have known and no longer remember may be a replay.
    if (nonce_count > 1 || *issued_at <= forgotten_) return Verdict::stale;
    highest_count_.emplace(nonce, nonce_count);
    forgetting_.emplace_back(now + age_, nonce);
    return Verdict::fresh;
  }
  if (nonce_count <= known->second) return Verdict::replayed;
  known->second = nonce_count;
  return Verdict::fresh;
}

}  // namespace convene::digest
