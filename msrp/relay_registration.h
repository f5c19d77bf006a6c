#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/digest_authentication.h"
#include "base/random.h"
#include "base/time.h"
#include "msrp/chunk_decoder.h"
#include "msrp/transaction_ids.h"
#include "msrp/uri.h"

namespace convene::msrp {

// A relay that shall act for us, and who we are to it. RFC 4976 5.1
struct RelaySettings {
  Uri relay;  // without session-id
  std::string user;
  std::string password;             // empty: never answers a challenge
  std::chrono::seconds expires{0};  // asked for; 0: as the relay likes
};

// What a response to AUTH says. Its texts are valid as long as what it was read from.
struct RelayAnswer {
  int status = 0;
  std::string_view comment = {};
  std::string_view use_path = {};
  std::vector<std::string_view> challenges = {};  // of WWW-Authenticate
  std::optional<std::chrono::seconds> expires = {};
  std::optional<std::chrono::seconds> min_expires = {};
  std::optional<std::chrono::seconds> max_expires = {};
};
RelayAnswer read_relay_answer(const ChunkBegin& begin);

// The relay acts for us: peers find us by `use_path` followed by our own URI.
struct RelayReady {
  Path use_path;
  std::chrono::seconds expires{0};
  bool operator==(const RelayReady&) const = default;
};
// It does not, or no more. 0: without a status; 408: it did not answer.
struct RelayLost {
  int status = 0;
  std::string reason;  // for the log
  bool operator==(const RelayLost&) const = default;
};

// Registers a client with one relay, over the connection that will carry everything: AUTH, the
// digest challenge, the path that the relay gives, and its renewal. RFC 4976 5.1, 9.1
class RelayRegistration {
 public:
  static constexpr std::chrono::seconds usual_expires{600};       // when the relay says nothing
  static constexpr std::chrono::seconds longest_expires{86'400};  // renewed at the latest
  static constexpr int max_requests = 5;  // before it has to succeed: challenges and intervals

  enum class State { connecting, asked, answered_challenge, registered, over };
  enum class Step { sent, challenged, accepted, due, failed };

  struct SendAuth {
    std::string frame;
    bool operator==(const SendAuth&) const = default;
  };
  using Effect = std::variant<SendAuth, RelayReady, RelayLost>;
  using Effects = std::vector<Effect>;

  // `own`: our URI on this connection. The random source outlives it. `patience`: for the
  // connection, and for each answer.
  RelayRegistration(RelaySettings settings, Uri own, Duration patience, Random& random,
                    TimePoint now);

  void connected(TimePoint now, TransactionIds& ids, Effects& out);
  // Whether a response is for us.
  bool awaits(std::string_view transaction_id) const;
  void receive(const RelayAnswer& answer, TimePoint now, TransactionIds& ids, Effects& out);

  // Call no later than deadline(); earlier or again does no harm.
  void wake(TimePoint now, TransactionIds& ids, Effects& out);
  Deadline deadline() const { return deadline_; }

  State state() const { return state_; }

 private:
  bool step(Step step);
  void ask(TimePoint now, TransactionIds& ids, Effects& out);
  std::string authorization();
  void challenged(const RelayAnswer& answer, TimePoint now, TransactionIds& ids, Effects& out);
  void accepted(const RelayAnswer& answer, TimePoint now, Effects& out);
  bool take_interval(const RelayAnswer& answer);
  void lose(int status, std::string reason, Effects& out);

  RelaySettings settings_;
  Uri own_;
  Duration patience_;
  Random* random_;

  State state_ = State::connecting;
  Deadline deadline_;                           // of the connection, the answer, or the renewal
  std::string transaction_;                     // of the AUTH that waits for its answer
  std::optional<digest::Challenge> challenge_;  // the last one; answered again when renewing
  std::uint32_t nonce_count_ = 0;
  int requests_ = 0;  // since it last succeeded
};

}  // namespace convene::msrp
