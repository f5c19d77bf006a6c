#include "msrp/relay_registration.h"

#include <algorithm>

#include "base/state_table.h"
#include "base/text.h"
#include "msrp/frame_writer.h"

namespace convene::msrp {

using namespace std::chrono_literals;

namespace {

using State = RelayRegistration::State;
using Step = RelayRegistration::Step;

// RFC 4976 5.1
constexpr auto arrows = std::to_array<Arrow<State, Step>>({
    {State::connecting, Step::sent, State::asked},
    {State::asked, Step::challenged, State::answered_challenge},
    {State::asked, Step::accepted, State::registered},
    {State::answered_challenge, Step::challenged, State::answered_challenge},
    {State::answered_challenge, Step::accepted, State::registered},
    {State::registered, Step::due, State::asked},
    {State::connecting, Step::failed, State::over},
    {State::asked, Step::failed, State::over},
    {State::answered_challenge, Step::failed, State::over},
    {State::registered, Step::failed, State::over},
});
static_assert(is_deterministic(arrows));

constexpr std::chrono::seconds before_the_end{60};
constexpr std::size_t cnonce_length = 16;

std::optional<std::chrono::seconds> seconds_of(std::string_view text) {
  const auto seconds = to_number(trim(text));
  const auto longest = static_cast<std::uint64_t>(RelayRegistration::longest_expires.count());
  if (!seconds) return std::nullopt;
  return std::chrono::seconds{std::min(*seconds, longest)};
}

}  // namespace

RelayAnswer read_relay_answer(const ChunkBegin& begin) {
  RelayAnswer answer;
  answer.status = begin.status;
  answer.comment = begin.comment;
  for (const auto& [name, value] : begin.headers) {
    if (iequals(name, "Use-Path")) answer.use_path = value;
    if (iequals(name, "WWW-Authenticate")) answer.challenges.push_back(value);
    if (iequals(name, "Expires")) answer.expires = seconds_of(value);
    if (iequals(name, "Min-Expires")) answer.min_expires = seconds_of(value);
    if (iequals(name, "Max-Expires")) answer.max_expires = seconds_of(value);
  }
  return answer;
}

RelayRegistration::RelayRegistration(RelaySettings settings, Uri own, Duration patience,
                                     Random& random, TimePoint now)
    : settings_{std::move(settings)},
      own_{std::move(own)},
      patience_{patience},
      random_{&random},
      deadline_{now + patience} {}

bool RelayRegistration::step(Step step) {
  const auto next = follow(arrows, state_, step);
  if (next) state_ = *next;
  return next.has_value();
}

void RelayRegistration::connected(TimePoint now, TransactionIds& ids, Effects& out) {
  if (step(Step::sent)) ask(now, ids, out);
}

bool RelayRegistration::awaits(std::string_view transaction_id) const {
  return !transaction_.empty() && transaction_ == transaction_id;
}

// RFC 4976 5.1: AUTH, at first without credentials, since they need the relay's nonce.
void RelayRegistration::ask(TimePoint now, TransactionIds& ids, Effects& out) {
  if (++requests_ > max_requests) return lose(401, "the relay is never content", out);
  const TransactionId transaction{ids.draw()};
  const auto to = to_text(settings_.relay);
  const auto from = to_text(own_);
  transaction_ = transaction.text();
  deadline_ = now + patience_;

  Head head;
  head.transaction_id = transaction_;
  head.method = "AUTH";
  head.to_path = to;
  head.from_path = from;
  std::string frame;
  append_head(frame, head);
  if (challenge_) frame += "Authorization: " + authorization() + "\r\n";
  if (settings_.expires > 0s)
    frame += "Expires: " + std::to_string(settings_.expires.count()) + "\r\n";
  append_end_line(frame, transaction_, Continuation::complete, After::headers);
  out.emplace_back(SendAuth{std::move(frame)});
}

// RFC 4976 9.1: as HTTP's, of the method AUTH and the relay's URI. Relays want the URI said.
std::string RelayRegistration::authorization() {
  return to_text(digest::answer(*challenge_, settings_.user, settings_.password, "AUTH",
                                to_text(settings_.relay), ++nonce_count_,
                                random_token(*random_, cnonce_length)));
}

void RelayRegistration::receive(const RelayAnswer& answer, TimePoint now, TransactionIds& ids,
                                Effects& out) {
  transaction_.clear();
  if (answer.status == 200) return accepted(answer, now, out);
  if (answer.status == 401) return challenged(answer, now, ids, out);
  if (answer.status == 423 && take_interval(answer)) return ask(now, ids, out);
  lose(answer.status, std::string{answer.comment}, out);
}

// A second challenge is about the password, unless it is about the nonce.
void RelayRegistration::challenged(const RelayAnswer& answer, TimePoint now, TransactionIds& ids,
                                   Effects& out) {
  auto challenge = digest::strongest(answer.challenges);
  if (!challenge) return lose(401, "a challenge that we cannot answer", out);
  if (settings_.password.empty()) return lose(401, "the relay wants a password", out);
  if (state_ == State::answered_challenge && !challenge->is_stale)
    return lose(401, "the relay refuses the password", out);

  step(Step::challenged);
  challenge_ = std::move(challenge);
  nonce_count_ = 0;
  ask(now, ids, out);
}

void RelayRegistration::accepted(const RelayAnswer& answer, TimePoint now, Effects& out) {
  auto path = parse_path(answer.use_path);
  if (!path) return lose(200, "the relay gives no path", out);
  const auto expires = std::max(answer.expires.value_or(usual_expires), 2s);
  step(Step::accepted);
  requests_ = 0;
  deadline_ = now + expires - std::min(expires / 2, before_the_end);
  out.emplace_back(RelayReady{.use_path = std::move(*path), .expires = expires});
}

// RFC 4976 5.1: 423 says how long would do.
bool RelayRegistration::take_interval(const RelayAnswer& answer) {
  const auto wanted = answer.min_expires ? answer.min_expires : answer.max_expires;
  if (!wanted || *wanted == settings_.expires) return false;
  settings_.expires = *wanted;
  return true;
}

void RelayRegistration::wake(TimePoint now, TransactionIds& ids, Effects& out) {
  if (!is_due(deadline_, now)) return;
  if (step(Step::due)) return ask(now, ids, out);
  const bool was_connected = state_ != State::connecting;
  lose(408, was_connected ? "the relay does not answer" : "could not connect to the relay", out);
}

void RelayRegistration::lose(int status, std::string reason, Effects& out) {
  if (!step(Step::failed)) return;
  deadline_.reset();
  transaction_.clear();
  out.emplace_back(RelayLost{.status = status, .reason = std::move(reason)});
}

}  // namespace convene::msrp
