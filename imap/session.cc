#include "imap/session.h"

#include <algorithm>
#include <utility>

#include "base/base64.h"

namespace convene::imap {

namespace {

// message = [authzid] NUL authcid NUL passwd. RFC 4616 2
std::string plain_message(const Credentials& credentials) {
  std::string message = credentials.act_for;
  message.push_back('\0');
  message += credentials.user;
  message.push_back('\0');
  return message + credentials.secret;
}

// RFC 7628 3.1
std::string bearer_message(const Credentials& credentials) {
  const auto& name = credentials.act_for.empty() ? credentials.user : credentials.act_for;
  return "n,a=" + name + ",\x01" + "auth=Bearer " + credentials.bearer_token + "\x01\x01";
}

}  // namespace

Session::Session(SessionSettings settings, TimePoint now)
    : settings_{std::move(settings)}, framer_{settings_.responses}, last_move_{now} {}

bool Session::has(std::string_view capability) const {
  return std::ranges::any_of(capabilities_,
                             [=](const std::string& known) { return iequals(known, capability); });
}

void Session::submit(CommandId id, Command command, TimePoint now, Effects& out) {
  if (state_ == State::ended || is_logging_out_) {
    out.push_back(Completed{id, fail(Fault::closed, "the connection has ended")});
    return;
  }
  if (waiting_.size() >= settings_.max_waiting) {
    out.push_back(Completed{id, fail(Fault::too_large, "too many commands wait")});
    return;
  }
  if (is_idle()) last_move_ = now;
  waiting_.push_back({.id = id, .command = std::move(command)});
  pump(now, out);
}

void Session::receive(std::string_view octets, TimePoint now, Effects& out) {
  if (state_ == State::ended) return;
  last_move_ = now;
  framer_.feed(octets);
  while (state_ != State::ended) {
    auto text = framer_.next();
    if (!text) return end(text.error(), out);
    if (!*text) return;
    auto response = parse_response(**text);
    if (!response) return end(response.error(), out);
    handle(std::move(*response), (*text)->size(), now, out);
  }
}

void Session::handle(Response response, std::size_t octets, TimePoint now, Effects& out) {
  if (auto* status = std::get_if<Status>(&response)) {
    if (state_ == State::greeting) return greeted(*status, now, out);
    return status->tag.empty() ? untagged(*status, out) : tagged(*status, now, out);
  }
  if (state_ == State::greeting) return end({Fault::malformed, "no greeting of IMAP"}, out);
  if (auto* what = std::get_if<Data>(&response)) return data(std::move(*what), octets, out);
  continued(now, out);
}

// RFC 3501 7.1: OK, PREAUTH or BYE
void Session::greeted(const Status& status, TimePoint now, Effects& out) {
  const bool is_greeting = status.tag.empty() && (status.condition == Condition::ok ||
                                                  status.condition == Condition::preauth);
  if (!is_greeting) return end({Fault::closed, "greeted with: " + status.text}, out);
  if (status.has_code("CAPABILITY")) learn_capabilities(status.code->arguments);
  if (status.condition == Condition::preauth) return become_ready(now, out);
  if (!capabilities_.empty()) return authenticate(now, out);
  state_ = State::capabilities;
  begin({.id = {}, .command = capability(), .is_own = true}, now, out);
}

void Session::learn_capabilities(const std::vector<Value>& words) {
  capabilities_.clear();
  for (const auto& word : words) capabilities_.push_back(word.text);
}

// RFC 3501 6.2.2, RFC 4959
void Session::authenticate(TimePoint now, Effects& out) {
  state_ = State::authenticating;
  if (!settings_.keeps_secrets)
    return end({Fault::unsupported, "a secret is not sent through a network without TLS"}, out);
  const bool by_token = !settings_.credentials.bearer_token.empty();
  const std::string mechanism = by_token ? "OAUTHBEARER" : "PLAIN";
  if (!has("AUTH=" + mechanism))
    return end({Fault::unsupported, "the server does not offer AUTH=" + mechanism}, out);
  const auto answer = to_base64(by_token ? bearer_message(settings_.credentials)
                                         : plain_message(settings_.credentials));
  Command command;
  command.text("AUTHENTICATE " + mechanism);
  if (has("SASL-IR")) {
    command.text(" " + answer);
  } else {
    sasl_answer_ = answer;
  }
  begin({.id = {}, .command = std::move(command), .is_own = true}, now, out);
}

void Session::become_ready(TimePoint now, Effects& out) {
  state_ = State::ready;
  out.push_back(Ready{});
  pump(now, out);
}

// An answer to a command of the machine itself: CAPABILITY, AUTHENTICATE, LOGOUT.
void Session::own_completed(const Outcome& outcome, TimePoint now, Effects& out) {
  sasl_answer_.clear();
  if (is_logging_out_) return end({Fault::closed, "logged out"}, out);
  for (const auto& each : outcome.data)
    if (each.name == "CAPABILITY") learn_capabilities(each.values);
  if (state_ == State::capabilities) {
    if (!outcome.is_ok()) return end({Fault::unsupported, "no CAPABILITY"}, out);
    return authenticate(now, out);
  }
  if (state_ != State::authenticating) return;
  if (!outcome.is_ok()) {
    // RFC 5530 3: for the moment, not for our name and secret.
    const bool for_now = outcome.status.has_code("UNAVAILABLE") || outcome.status.has_code("INUSE");
    if (!for_now) out.push_back(Refused{outcome.status.text});
    return end({Fault::closed, "not logged in: " + outcome.status.text}, out);
  }
  if (outcome.status.has_code("CAPABILITY")) {
    learn_capabilities(outcome.status.code->arguments);
    return become_ready(now, out);
  }
  if (!has("UIDPLUS")) {  // many tell more once we are in
    state_ = State::ready;
    begin({.id = {}, .command = capability(), .is_own = true}, now, out);
    out.push_back(Ready{});
    return;
  }
  become_ready(now, out);
}

void Session::tagged(const Status& status, TimePoint now, Effects& out) {
  const auto found = std::ranges::find(sent_, status.tag, &Sent::tag);
  if (found == sent_.end() || status.condition == Condition::bye ||
      status.condition == Condition::preauth)
    return end({Fault::malformed, "an answer to nothing that was asked"}, out);
  if (awaited_by_ == found->tag) {  // refused before its literal was sent
    if (status.condition == Condition::ok)
      return end({Fault::malformed, "done before it was all said"}, out);
    awaited_by_.clear();
    rest_.clear();
  }
  auto command = std::move(*found);
  sent_.erase(found);
  Outcome outcome{.status = status, .data = std::move(command.data)};
  if (command.is_own) {
    own_completed(outcome, now, out);
  } else {
    out.push_back(Completed{command.id, std::move(outcome)});
  }
  pump(now, out);
}

// RFC 3501 7.1.5: BYE may come at any time
void Session::untagged(const Status& status, Effects& out) {
  if (status.condition == Condition::bye) {
    if (is_logging_out_) return;
    return end({Fault::closed, "BYE: " + status.text}, out);
  }
  // The codes of an opened mailbox: UIDVALIDITY, HIGHESTMODSEQ.
  if (status.condition == Condition::ok && status.code)
    data({.name = status.code->name, .values = status.code->arguments}, status.text.size(), out);
}

void Session::data(Data data, std::size_t octets, Effects& out) {
  if (sent_.empty() || sent_.front().shares_connection) {
    if (data.name == "CAPABILITY") learn_capabilities(data.values);
    return;  // told without being asked
  }
  auto& command = sent_.front();
  command.collected += octets + sizeof(Data);
  if (command.collected > settings_.collected_octets)
    return end({Fault::too_large, "the data of one command"}, out);
  command.data.push_back(std::move(data));
}

// RFC 3501 7.5
void Session::continued(TimePoint now, Effects& out) {
  if (!awaited_by_.empty()) {
    awaited_by_.clear();
    auto literal = std::get<Literal>(std::move(rest_.front()));
    rest_.pop_front();
    for (auto& piece : literal.pieces) out.push_back(Send{std::move(piece)});
    send_parts(out);
    return pump(now, out);
  }
  if (state_ == State::authenticating) {
    // A second question is the server's word on why not: it wants an empty answer. RFC 7628 3.2.3
    out.push_back(Send{std::exchange(sasl_answer_, {}) + "\r\n"});
    return;
  }
  end({Fault::malformed, "asked to go on with nothing"}, out);
}

bool Session::may_begin(const Command& command) const {
  if (!awaited_by_.empty() || sent_.size() >= settings_.max_under_way) return false;
  if (sent_.empty()) return true;
  return command.shares_connection && sent_.back().shares_connection;
}

void Session::pump(TimePoint now, Effects& out) {
  while (state_ == State::ready && !waiting_.empty() && may_begin(waiting_.front().command)) {
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    begin(std::move(next), now, out);
  }
}

void Session::begin(Waiting waiting, TimePoint now, Effects& out) {
  if (sent_.empty()) last_move_ = now;
  auto tag = "a" + std::to_string(++tags_);
  sent_.push_back({.tag = tag,
                   .id = waiting.id,
                   .is_own = waiting.is_own,
                   .shares_connection = waiting.command.shares_connection,
                   .data = {}});
  rest_.clear();
  rest_.emplace_back(tag + " ");
  for (auto& part : waiting.command.parts) rest_.push_back(std::move(part));
  rest_.emplace_back("\r\n");
  send_parts(out);
}

// What is left of the command that began last, up to a literal for which the server has to be
// asked. RFC 3501 4.3, RFC 7888
void Session::send_parts(Effects& out) {
  std::string text;
  while (!rest_.empty()) {
    auto& part = rest_.front();
    if (auto* words = std::get_if<std::string>(&part)) {
      text += *words;
      rest_.pop_front();
      continue;
    }
    auto& literal = std::get<Literal>(part);
    const auto size = size_of(literal);
    const bool unasked = (has("LITERAL+") && size <= settings_.largest_unasked) ||
                         (has("LITERAL-") && size <= 4'096);
    text += "{" + std::to_string(size) + (unasked ? "+}\r\n" : "}\r\n");
    if (!unasked) {
      awaited_by_ = sent_.back().tag;
      break;
    }
    for (auto& piece : literal.pieces) {
      if (auto* octets = std::get_if<std::string>(&piece)) {
        text += *octets;
      } else {
        out.push_back(Send{std::exchange(text, {})});
        out.push_back(Send{std::move(piece)});
      }
    }
    rest_.pop_front();
  }
  if (!text.empty()) out.push_back(Send{std::move(text)});
}

void Session::sent(TimePoint now) { last_move_ = now; }

void Session::closed(std::string_view why, Effects& out) {
  if (state_ != State::ended) end({Fault::closed, std::string{why}}, out);
}

void Session::log_out(TimePoint now, Effects& out) {
  if (state_ == State::ended || is_logging_out_) return;
  if (state_ != State::ready || !is_idle()) return end({Fault::closed, "given up"}, out);
  is_logging_out_ = true;
  begin({.id = {}, .command = logout(), .is_own = true}, now, out);
}

// What was sent may have been done, what was not was not: both are told to have failed.
void Session::end(Error why, Effects& out) {
  state_ = State::ended;
  rest_.clear();
  sasl_answer_.clear();
  for (const auto& command : std::exchange(sent_, {}))
    if (!command.is_own) out.push_back(Completed{command.id, std::unexpected(why)});
  for (const auto& waiting : std::exchange(waiting_, {}))
    out.push_back(Completed{waiting.id, std::unexpected(why)});
  out.push_back(Ended{std::move(why)});
}

Deadline Session::deadline() const {
  if (state_ == State::ended || (state_ == State::ready && sent_.empty())) return std::nullopt;
  return last_move_ + settings_.answer_timeout;
}

void Session::wake(TimePoint now, Effects& out) {
  if (is_due(deadline(), now)) end({Fault::timed_out, "the store does not answer"}, out);
}

}  // namespace convene::imap
