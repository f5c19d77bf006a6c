#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "base/time.h"
#include "imap/command.h"
#include "imap/framer.h"
#include "imap/response.h"

namespace convene::imap {

// How we show who we are. RFC 4616: acting for another is `act_for` (authzid), logging in is
// `user`.
struct Credentials {
  std::string act_for = {};  // empty: for ourselves
  std::string user = {};
  std::string secret = {};        // or
  std::string bearer_token = {};  // OAUTHBEARER (RFC 7628); when set, the secret is not used
};

struct SessionSettings {
  Credentials credentials = {};
  bool keeps_secrets = false;        // TLS, or this machine only; else nothing is said of them
  Duration answer_timeout{60'000};   // without any octet moving, while something is under way
  std::size_t max_under_way = 64;    // commands that were sent and not answered
  std::size_t max_waiting = 10'000;  // beyond: refused at once
  std::size_t collected_octets = 64 * 1024 * 1024;  // of the data of one command
  std::uint64_t largest_unasked = 256 * 1024;       // larger literals wait for the server's consent
  ResponseLimits responses = {};
};

struct CommandId {
  std::uint64_t value = 0;
  auto operator<=>(const CommandId&) const = default;
};

// How a command ended: OK, NO or BAD, and the data that came for it when it had the connection for
// itself.
struct Outcome {
  Status status = {};
  std::vector<Data> data = {};
  bool is_ok() const { return status.condition == Condition::ok; }
  bool operator==(const Outcome&) const = default;
};

// What the caller does after each call, in order.
struct Send {
  Octets octets = {};
  bool operator==(const Send&) const = default;
};
struct Ready {  // logged in: commands go out from now on
  bool operator==(const Ready&) const = default;
};
struct Refused {  // who we are was not believed: trying again soon makes it worse
  std::string why = {};
  bool operator==(const Refused&) const = default;
};
struct Completed {
  CommandId id = {};
  Result<Outcome> outcome = {};  // Fault::closed, timed_out: nobody knows whether it was done
  bool operator==(const Completed&) const = default;
};
struct Ended {  // close the connection; nothing more comes
  Error why = {};
  bool operator==(const Ended&) const = default;
};
using Effect = std::variant<Send, Ready, Refused, Completed, Ended>;
using Effects = std::vector<Effect>;

// One connection to an IMAP server, from its greeting to its end. RFC 3501, with SASL-IR (4959),
// LITERAL+ (7888), UIDPLUS (4315), MULTIAPPEND (3502), CONDSTORE (7162) where the server has them.
//
// Commands wait until we are logged in, and leave in the order given; those that share the
// connection are sent without waiting for one another's answers.
class Session {
 public:
  Session(SessionSettings settings, TimePoint now);

  void submit(CommandId id, Command command, TimePoint now, Effects& out);
  void receive(std::string_view octets, TimePoint now, Effects& out);
  void sent(TimePoint now);  // some octets have left: it moves
  void closed(std::string_view why, Effects& out);
  void log_out(TimePoint now, Effects& out);

  void wake(TimePoint now, Effects& out);
  Deadline deadline() const;

  bool has(std::string_view capability) const;  // of the server, once Ready
  bool is_ready() const { return state_ == State::ready; }
  bool is_idle() const { return sent_.empty() && waiting_.empty(); }
  bool has_ended() const { return state_ == State::ended; }

 private:
  enum class State { greeting, capabilities, authenticating, ready, ended };

  struct Sent {
    std::string tag;
    CommandId id;
    bool is_own = false;  // of the machine itself, not submitted
    bool shares_connection = false;
    std::size_t collected = 0;
    std::vector<Data> data;
  };
  struct Waiting {
    CommandId id;
    Command command;
    bool is_own = false;
  };

  void handle(Response response, std::size_t octets, TimePoint now, Effects& out);
  void greeted(const Status& status, TimePoint now, Effects& out);
  void tagged(const Status& status, TimePoint now, Effects& out);
  void untagged(const Status& status, Effects& out);
  void data(Data data, std::size_t octets, Effects& out);
  void continued(TimePoint now, Effects& out);
  void own_completed(const Outcome& outcome, TimePoint now, Effects& out);
  void authenticate(TimePoint now, Effects& out);
  void become_ready(TimePoint now, Effects& out);
  void learn_capabilities(const std::vector<Value>& words);

  void pump(TimePoint now, Effects& out);
  void begin(Waiting waiting, TimePoint now, Effects& out);
  void send_parts(Effects& out);
  bool may_begin(const Command& command) const;
  void end(Error why, Effects& out);

  SessionSettings settings_;
  State state_ = State::greeting;
  Framer framer_;
  std::vector<std::string> capabilities_;
  std::deque<Waiting> waiting_;
  std::deque<Sent> sent_;  // in the order of their tags
  // The rest of the last command, while the server has not asked for its literal.
  std::deque<std::variant<std::string, Literal>> rest_;
  std::string awaited_by_;   // tag of that command; empty: nothing is held back
  std::string sasl_answer_;  // what is said when the server asks for our credentials
  bool is_logging_out_ = false;
  std::uint64_t tags_ = 0;
  TimePoint last_move_;
};

}  // namespace convene::imap
