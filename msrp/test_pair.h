#pragma once
// For tests: two endpoints with a session between them.

#include <functional>
#include <string>

#include "msrp/test_pipe.h"

namespace convene::msrp {

// Two sides, a session between them: `one` is active.
struct Pair {
  explicit Pair(EndpointSettings settings = {}) : one{1, settings}, two{2, settings} {
    pipe.add("one.example", one);
    pipe.add("two.example", two);
  }

  static Uri uri(const std::string& host, const std::string& id) {
    Uri made;
    made.host = host;
    made.port = 2'855;
    made.session_id = id;
    return made;
  }
  static SessionSettings settings(const std::string& from, const std::string& to, Setup setup) {
    SessionSettings made;
    made.local = uri(from + ".example", from);
    made.remote = {uri(to + ".example", to)};
    made.setup = setup;
    return made;
  }

  // Opens both; `change` may alter what each is told.
  void open(const std::function<void(SessionSettings&)>& change_one = {},
            const std::function<void(SessionSettings&)>& change_two = {}) {
    auto active = settings("one", "two", Setup::active);
    auto passive = settings("two", "one", Setup::passive);
    if (change_one) change_one(active);
    if (change_two) change_two(passive);
    at_two = pipe.call(two, [&](Endpoint& endpoint, TimePoint now, Output& out) {
      return endpoint.open(passive, now, out);
    });
    at_one = pipe.call(one, [&](Endpoint& endpoint, TimePoint now, Output& out) {
      return endpoint.open(active, now, out);
    });
  }
  OutgoingId send(Side& side, SessionKey session, OutgoingMessage message) {
    return pipe.call(side, [&](Endpoint& endpoint, TimePoint now, Output& out) {
      return endpoint.send(session, std::move(message), now, out);
    });
  }
  void close(Side& side, SessionKey session) {
    pipe.call(side, [&](Endpoint& endpoint, TimePoint now, Output& out) {
      endpoint.close(session, now, out);
    });
  }
  void body_grew(Side& side, BodyId body, std::uint64_t ready) {
    pipe.call(side, [&](Endpoint& endpoint, TimePoint now, Output& out) {
      endpoint.body_grew(body, ready, now, out);
    });
  }

  Side one;
  Side two;
  Pipe pipe;
  SessionKey at_one;
  SessionKey at_two;
};

inline OutgoingMessage chat_message(std::string octets) {
  OutgoingMessage message;
  message.content_type = "text/plain";
  message.octets = std::move(octets);
  return message;
}

inline OutgoingMessage file_message(BodyId body, std::uint64_t total) {
  OutgoingMessage message;
  message.content_type = "application/octet-stream";
  message.body = body;
  message.total = total;
  message.lane = OutgoingMessage::Lane::file;
  return message;
}

inline void into_body(SessionSettings& settings) {
  settings.receive.into = Receive::Into::body;
  settings.receive.max_octets = std::uint64_t{1} << 40;
}

// `size` octets that look like nothing.
inline std::string noise(std::size_t size, std::uint64_t seed = 5) {
  SeededRandom random{seed};
  std::string octets(size, '\0');
  random.fill(std::as_writable_bytes(std::span{octets}));
  return octets;
}

}  // namespace convene::msrp
