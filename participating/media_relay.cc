#include "participating/media_relay.h"

#include <tuple>
#include <utility>

namespace convene::participating {

namespace {

constexpr int ok = 200;
constexpr int gone = 481;

}  // namespace

MediaRelay::MediaRelay(MediaPolicy policy, Surroundings world, msrp::BodyStore& bodies)
    : policy_{policy},
      log_{world.log},
      bodies_{bodies},
      endpoint_{policy_.endpoint, world, bodies} {}

// One input to the endpoint, and all that follows from what it tells.
template <class Call>
auto MediaRelay::tell(TimePoint now, MediaOutput& out, Call call) {
  Turn turn{.now = now, .out = out, .msrp = {}};
  if constexpr (std::is_void_v<decltype(call(turn))>) {
    call(turn);
    settle(turn);
  } else {
    auto result = call(turn);
    settle(turn);
    return result;
  }
}

void MediaRelay::settle(Turn& turn) {
  while (!turn.msrp.events.empty()) {
    auto events = std::exchange(turn.msrp.events, {});
    for (auto& event : events) {
      const auto session = std::visit([](const auto& what) { return what.session; }, event);
      if (own_.contains(session))
        turn.out.events.emplace_back(OwnSessionTold{std::move(event)});
      else
        std::visit([&](auto& what) { on(turn, what); }, event);
    }
    for (const auto message : std::exchange(broken_, {}))  // its session goes on without it
      if (const auto found = passing_.find(message); found != passing_.end()) give_up(turn, found);
  }
  for (auto& effect : turn.msrp.effects) turn.out.effects.push_back(std::move(effect));
  turn.msrp.effects.clear();
}

// ---- Lines come and go. ----

msrp::SessionKey MediaRelay::open_end(Turn& turn, RelayId relay, Side side, Carries carries,
                                      msrp::SessionSettings end) {
  const bool is_chat = carries == Carries::chat;
  end.match = policy_.path_match;
  end.max_chunk = policy_.max_chunk;
  end.hold_answers = true;
  end.relays = true;
  end.receive = {.into = is_chat ? msrp::Receive::Into::memory : msrp::Receive::Into::body,
                 .max_octets = is_chat ? policy_.max_message_octets : policy_.max_file_octets,
                 .expected_octets = {}};
  const auto session = endpoint_.open(std::move(end), turn.now, turn.msrp);
  sides_.emplace(session, std::pair{relay, side});
  return session;
}

RelayId MediaRelay::open(Carries carries, Ends ends, TimePoint now, MediaOutput& out) {
  const RelayId id{++last_};
  tell(now, out, [&](Turn& turn) {
    auto& line = lines_[id];
    line.carries = carries;
    for (const auto side : both_sides)
      line.sessions[index_of(side)] =
          open_end(turn, id, side, carries, std::move(ends[index_of(side)]));
  });
  return id;
}

void MediaRelay::close_end(Turn& turn, Line& line, Side side) {
  const auto session = line.sessions[index_of(side)];
  sides_.erase(session);
  std::erase_if(nicknames_, [session](const auto& entry) {
    return entry.second.by == session || entry.second.of == session;
  });
  endpoint_.close(session, turn.now, turn.msrp, msrp::Endpoint::Ending::broken);
}

void MediaRelay::replace(RelayId relay, Side side, msrp::SessionSettings end, TimePoint now,
                         MediaOutput& out) {
  const auto found = lines_.find(relay);
  if (found == lines_.end()) return;
  tell(now, out, [&](Turn& turn) {
    auto& line = found->second;
    for (auto it = passing_.begin(); it != passing_.end();) {
      const auto place = it++;
      if (place->second.relay != relay) continue;
      if (place->second.from == side)
        give_up(turn, place);
      else
        failed(turn, place, gone);
    }
    close_end(turn, line, side);
    line.sessions[index_of(side)] = open_end(turn, relay, side, line.carries, std::move(end));
  });
}

void MediaRelay::close(RelayId relay, TimePoint now, MediaOutput& out) {
  tell(now, out, [&](Turn& turn) { close(turn, relay); });
}

void MediaRelay::close(Turn& turn, RelayId relay) {
  const auto found = lines_.find(relay);
  if (found == lines_.end()) return;
  for (const auto side : both_sides) close_end(turn, found->second, side);
  for (auto it = passing_.begin(); it != passing_.end();) {
    const auto place = it++;
    if (place->second.relay == relay) give_up(turn, place);
  }
  lines_.erase(found);
}

// ---- Sessions that end here. ----

msrp::SessionKey MediaRelay::open_own(msrp::SessionSettings settings, TimePoint now,
                                      MediaOutput& out) {
  settings.match = policy_.path_match;
  settings.max_chunk = policy_.max_chunk;
  return tell(now, out, [&](Turn& turn) {
    const auto session = endpoint_.open(std::move(settings), turn.now, turn.msrp);
    own_.insert(session);
    return session;
  });
}

void MediaRelay::close_own(msrp::SessionKey session, TimePoint now, MediaOutput& out) {
  if (own_.erase(session) == 0) return;
  tell(now, out, [&](Turn& turn) { endpoint_.close(session, turn.now, turn.msrp); });
}

void MediaRelay::with_endpoint(TimePoint now, MediaOutput& out, const ToEndpoint& call) {
  tell(now, out, [&](Turn& turn) { call(endpoint_, turn.msrp); });
}

// ---- A message comes. ----

void MediaRelay::on(Turn& /*turn*/, const msrp::Bound& /*event*/) {}

MediaRelay::Passing* MediaRelay::begin(msrp::SessionKey session, msrp::IncomingId message) {
  const auto found = sides_.find(session);
  if (found == sides_.end()) return nullptr;
  auto& passing = passing_[message];
  std::tie(passing.relay, passing.from) = found->second;
  return &passing;
}

void MediaRelay::on(Turn& turn, msrp::MessageBegun& event) {
  auto* passing = begin(event.session, event.message);
  if (passing == nullptr) return bodies_.drop(event.body);
  passing->message_id = std::move(event.message_id);
  passing->content_type = std::move(event.content_type);
  passing->wishes = event.wishes;
  passing->body = event.body;
  passing->total = event.total;
  send(turn, *passing, event.message);
}

void MediaRelay::on(Turn& turn, const msrp::MessageGrew& event) {
  const auto found = passing_.find(event.message);
  if (found == passing_.end() || !found->second.body) return;
  found->second.ready = event.ready;
  endpoint_.body_grew(*found->second.body, event.ready, turn.now, turn.msrp);
}

void MediaRelay::on(Turn& turn, msrp::MessageReceived& event) {
  if (const auto found = passing_.find(event.message); found != passing_.end()) {
    auto& file = found->second;
    file.is_whole = true;
    file.total = file.ready = event.total;
    send(turn, file, event.message);
    if (file.body) endpoint_.body_grew(*file.body, event.total, turn.now, turn.msrp);
    if (file.is_taken) taken(turn, found);
    return settle(turn, found);
  }
  const bool says_nothing = event.octets.empty() && event.content_type.empty();
  auto* passing = says_nothing ? nullptr : begin(event.session, event.message);
  if (passing == nullptr)
    return endpoint_.answer(event.message, says_nothing ? ok : gone, turn.now, turn.msrp);
  passing->message_id = std::move(event.message_id);
  passing->content_type = std::move(event.content_type);
  passing->wishes = event.wishes;
  passing->octets = std::move(event.octets);
  passing->total = event.total;
  passing->is_whole = true;
  send(turn, *passing, event.message);
}

// As soon as its size is known, which every Byte-Range says.
void MediaRelay::send(Turn& turn, Passing& passing, msrp::IncomingId message) {
  if (passing.outgoing || !passing.total) return;
  const auto& line = lines_.at(passing.relay);
  const auto to = line.sessions[index_of(opposite(passing.from))];
  msrp::OutgoingMessage copy;
  copy.message_id = passing.message_id;
  copy.content_type = passing.content_type;
  copy.octets = passing.octets;
  copy.body = passing.body;
  copy.total = *passing.total;
  copy.success_report = passing.wishes.success_report;
  copy.failure_report = passing.wishes.failure_report;
  if (line.carries == Carries::files) copy.lane = msrp::OutgoingMessage::Lane::file;
  passing.outgoing = endpoint_.send(to, std::move(copy), turn.now, turn.msrp);
  outgoing_.emplace(*passing.outgoing, message);
  // RFC 4975 7.1.2: whose sender hears nothing of its success need not wait for it.
  if (!passing.body && passing.wishes.failure_report != msrp::FailureReport::yes)
    taken(turn, passing_.find(message));
}

void MediaRelay::on(Turn& turn, const msrp::MessageAborted& event) {
  const auto found = passing_.find(event.message);
  if (found == passing_.end()) return;
  if (!event.by_sender) return broken_.push_back(event.message);
  give_up(turn, found);
}

// ---- What becomes of it. ----

MediaRelay::Place MediaRelay::find(msrp::OutgoingId message) {
  const auto found = outgoing_.find(message);
  return found == outgoing_.end() ? passing_.end() : passing_.find(found->second);
}

// The far side has all of it. A chat message's sender is answered once it has been recorded, too.
void MediaRelay::taken(Turn& turn, Place place) {
  auto& [message, passing] = *place;
  const bool is_news = !std::exchange(passing.is_taken, true);
  if (!passing.is_whole) return;  // its last answer overtook our knowing that
  if (passing.body) {
    tell_file(turn, passing, true);
    endpoint_.answer(message, ok, turn.now, turn.msrp);
    passing.is_answered = true;
  } else if (is_news && !passing.is_answered) {
    turn.out.events.emplace_back(MessagePassed{.relay = passing.relay,
                                               .from = passing.from,
                                               .message = message,
                                               .content_type = std::move(passing.content_type),
                                               .octets = std::move(passing.octets)});
  }
}

void MediaRelay::answer(msrp::IncomingId message, int status, TimePoint now, MediaOutput& out) {
  tell(now, out, [&](Turn& turn) {
    endpoint_.answer(message, status, turn.now, turn.msrp);
    const auto found = passing_.find(message);
    if (found == passing_.end()) return;
    found->second.is_answered = true;
    settle(turn, found);
  });
}

void MediaRelay::on(Turn& turn, const msrp::SendProgress& event) {
  const auto place = find(event.message);
  if (place == passing_.end()) return;
  if (event.confirmed == place->second.total) return taken(turn, place);
  endpoint_.confirm(place->first, event.confirmed, turn.now, turn.msrp);
}

void MediaRelay::on(Turn& turn, const msrp::MessageSent& event) {
  if (const auto asked = nicknames_.extract(event.message)) {
    const auto& [by, of, transaction] = asked.mapped();
    return endpoint_.answer_nickname(by, transaction, ok, turn.now, turn.msrp);
  }
  const auto place = find(event.message);
  outgoing_.erase(event.message);
  if (place == passing_.end()) return;
  place->second.outgoing.reset();
  place->second.is_reported = place->second.wishes.success_report;
  taken(turn, place);
  settle(turn, place);
}

void MediaRelay::on(Turn& turn, const msrp::MessageFailed& event) {
  if (const auto asked = nicknames_.extract(event.message)) {
    const auto& [by, of, transaction] = asked.mapped();
    return endpoint_.answer_nickname(by, transaction, event.status, turn.now, turn.msrp);
  }
  const auto place = find(event.message);
  if (place != passing_.end()) failed(turn, place, event.status);
}

// The status of the far side, as an answer while one is owed, or as a failure report.
void MediaRelay::failed(Turn& turn, Place place, int status) {
  auto& [message, passing] = *place;
  if (passing.is_whole && !passing.is_answered && !passing.is_taken)
    endpoint_.answer(message, status, turn.now, turn.msrp);
  else
    endpoint_.report_failure(message, status, turn.now, turn.msrp);
  log_.info("participating", "a message does not get through",
            {{"relay", std::to_string(passing.relay.value)},
             {"message", passing.message_id},
             {"status", std::to_string(status)}});
  if (passing.outgoing) endpoint_.abort(*passing.outgoing, turn.now, turn.msrp);
  give_up(turn, place);
}

void MediaRelay::give_up(Turn& turn, Place place) {
  auto& passing = place->second;
  if (passing.outgoing) {
    endpoint_.abort(*passing.outgoing, turn.now, turn.msrp);
    outgoing_.erase(*passing.outgoing);
  }
  tell_file(turn, passing, false);
  passing_.erase(place);
}

void MediaRelay::tell_file(Turn& turn, Passing& passing, bool is_delivered) {
  if (!passing.body) return;
  turn.out.events.emplace_back(FilePassed{.relay = passing.relay,
                                          .from = passing.from,
                                          .content_type = passing.content_type,
                                          .body = *std::exchange(passing.body, {}),
                                          .octets = passing.ready,
                                          .is_delivered = is_delivered});
}

// RFC 4975 7.1.3: the report follows the answer; then nothing more can be said about it.
void MediaRelay::settle(Turn& turn, Place place) {
  const auto& [message, passing] = *place;
  if (!passing.is_answered || passing.outgoing) return;
  if (passing.is_reported) endpoint_.report_success(message, turn.now, turn.msrp);
  passing_.erase(place);
}

// ---- Nicknames: RFC 7701 7; and the end of a side. ----

void MediaRelay::on(Turn& turn, const msrp::NicknameRequested& event) {
  const auto found = sides_.find(event.session);
  if (found == sides_.end()) return;
  const auto [relay, side] = found->second;
  const auto to = lines_.at(relay).sessions[index_of(opposite(side))];
  const auto asked = endpoint_.request_nickname(to, event.nickname, turn.now, turn.msrp);
  nicknames_.emplace(asked,
                     Asked{.by = event.session, .of = to, .transaction_id = event.transaction_id});
}

// The other side sees what it would see without us: its connection ends.
void MediaRelay::on(Turn& turn, const msrp::SessionFailed& event) {
  const auto found = sides_.find(event.session);
  if (found == sides_.end()) return;
  const auto relay = found->second.first;
  log_.info("participating", "an anchored session is lost: " + event.reason,
            {{"relay", std::to_string(relay.value)}});
  close(turn, relay);
}

// ---- From the network. ----

void MediaRelay::accepted(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                          MediaOutput& out) {
  tell(now, out, [&](Turn& turn) { endpoint_.accepted(connection, remote, now, turn.msrp); });
}
void MediaRelay::connected(msrp::ConnectionId connection, const msrp::Remote& remote, TimePoint now,
                           MediaOutput& out) {
  tell(now, out, [&](Turn& turn) { endpoint_.connected(connection, remote, now, turn.msrp); });
}
void MediaRelay::closed(msrp::ConnectionId connection, TimePoint now, MediaOutput& out) {
  tell(now, out, [&](Turn& turn) { endpoint_.closed(connection, now, turn.msrp); });
}
void MediaRelay::commit(msrp::ConnectionId connection, std::size_t count, TimePoint now,
                        MediaOutput& out) {
  tell(now, out, [&](Turn& turn) { endpoint_.commit(connection, count, now, turn.msrp); });
}
void MediaRelay::writable(msrp::ConnectionId connection, std::size_t budget, TimePoint now,
                          MediaOutput& out) {
  tell(now, out, [&](Turn& turn) { endpoint_.writable(connection, budget, now, turn.msrp); });
}
void MediaRelay::written(msrp::ConnectionId connection, TimePoint now, MediaOutput& out) {
  tell(now, out, [&](Turn& turn) { endpoint_.written(connection, now, turn.msrp); });
}
void MediaRelay::wake(TimePoint now, MediaOutput& out) {
  tell(now, out, [&](Turn& turn) { endpoint_.wake(now, turn.msrp); });
}

}  // namespace convene::participating
