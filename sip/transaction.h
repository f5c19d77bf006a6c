#pragma once

#include <variant>
#include <vector>

#include "sip/message.h"

namespace convene::sip {

// To where the transaction sends: requests to the next hop, responses to where the request came
// from.
struct Transmit {
  Message message;
  bool operator==(const Transmit&) const = default;
};
// To the transaction user.
struct Deliver {
  Message response;
  bool operator==(const Deliver&) const = default;
};
struct DeliverAck {  // RFC 6026 7.1: an ACK with the branch of an accepted INVITE is the user's
  bool operator==(const DeliverAck&) const = default;
};
struct TimedOut {  // timer B or F: no final response came
  bool operator==(const TimedOut&) const = default;
};
struct PatienceEnded {  // timer C: the INVITE should be cancelled
  bool operator==(const PatienceEnded&) const = default;
};
struct AckMissing {  // timer H: the ACK to a non-2xx never came
  bool operator==(const AckMissing&) const = default;
};
struct TransportFailed {  // the request could not be sent
  bool operator==(const TransportFailed&) const = default;
};
struct TransactionEnded {
  bool operator==(const TransactionEnded&) const = default;
};

// What a transaction asks of its layer, in order.
using TransactionEffect = std::variant<Transmit, Deliver, DeliverAck, TimedOut, PatienceEnded,
                                       AckMissing, TransportFailed, TransactionEnded>;
using TransactionEffects = std::vector<TransactionEffect>;

}  // namespace convene::sip
