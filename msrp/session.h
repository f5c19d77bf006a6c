#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "msrp/receiver.h"
#include "msrp/sender.h"

namespace convene::msrp {

// One MSRP session: who its peer is, by which connection it is reached, and what goes in and out.
// RFC 4975 5.4.
class Session {
 public:
  enum class State {
    waiting,     // passive: for the peer's connection
    connecting,  // active: for ours
    binding,     // active: connected, nothing has come back yet
    bound,
    failed,
  };
  enum class Step { connected, peer_arrived, answered, lost };

  // `limits` and `bodies` outlive it.
  Session(SessionKey number, SessionSettings session_settings, const EndpointSettings& limits,
          BodyStore& bodies);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // False: nothing leads there from here.
  bool step(Step step);
  State state() const { return state_; }

  // Whether a request's To-Path is ours and its From-Path the peer's. RFC 4975 7.3. A relay on the
  // way reports with its own part of the path. RFC 4976 6.4
  enum class From { peer, peer_or_relay };
  bool is_addressed(std::string_view to_path, std::string_view from_path,
                    From whom = From::peer) const;
  // RFC 6135 has one side connect; when both do, both keep the same connection: this side's, or
  // not.
  bool prefers_own_connection() const;

  // NICKNAME requests that wait for their answer. False: too many.
  bool hold_nickname(Reply reply);
  std::optional<Reply> take_nickname(std::string_view transaction_id);

  const SessionKey key;
  const SessionSettings settings;
  const SessionPaths paths;
  std::optional<ConnectionId> connection;
  Deadline bind_until;
  Deadline alarm;  // when the endpoint will look at it
  Receiver receiver;
  Sender sender;
  std::vector<BodyId> bodies;  // that it has sent, or sends

 private:
  static constexpr std::size_t max_nicknames = 8;

  State state_;
  std::vector<Reply> nicknames_;
};

}  // namespace convene::msrp
