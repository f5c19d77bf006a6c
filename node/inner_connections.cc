#include "node/inner_connections.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "base/text.h"

namespace convene::node {

InnerConnections::End* InnerConnections::find(Number number) {
  const auto found = ends_.find(number);
  return found == ends_.end() ? nullptr : &found->second;
}

// To whom of this node's: its listener's address says it.
bool InnerConnections::connect(const msrp::Connect& wanted) {
  if (wanted.security != msrp::Security::none) return false;
  const auto listener = std::ranges::find_if(listeners_, [&](const sip::HostPort& at) {
    return at.port == wanted.port && iequals(at.host, wanted.host);
  });
  if (listener == listeners_.end()) return false;
  const bool is_to_participating = listener != listeners_.begin();
  const Number from = wanted.connection.value;
  const Number to = (last_ += 2) | is_within | (is_to_participating ? of_participating : 0);
  ends_[from] = {.peer = to};
  ends_[to] = {.peer = from};
  todo_.push_back({.step = Step::connect, .number = from});
  return true;
}

bool InnerConnections::take(msrp::Effect& effect) {
  if (const auto* wanted = std::get_if<msrp::Connect>(&effect)) return connect(*wanted);
  const auto number = std::visit([](const auto& what) { return what.connection.value; }, effect);
  auto* const end = ends_.empty() ? nullptr : find(number);
  if (end == nullptr) return (number & is_within) != 0;  // of one that is closed
  if (auto* what = std::get_if<msrp::Write>(&effect)) {
    end->pieces = std::move(what->pieces);
  } else if (std::holds_alternative<msrp::Close>(effect)) {
    if (end->pieces.empty())
      close(number);
    else
      end->is_closing = true;
  } else if (!std::exchange(end->wants_write, true)) {
    todo_.push_back({.step = Step::write, .number = number});
  }
  return true;
}

void InnerConnections::close(Number number) {
  const auto gone = ends_.extract(number);
  if (gone && ends_.contains(gone.mapped().peer))
    todo_.push_back({.step = Step::tell_closed, .number = gone.mapped().peer});
}

void InnerConnections::run(Node& node, msrp::BodyStore& bodies, TimePoint now, Effects& out) {
  if (todo_.empty() || std::exchange(is_running_, true)) return;
  Run one{.node = node, .bodies = bodies, .now = now, .out = out};
  while (!todo_.empty() && one.octets < max_octets) {
    const auto todo = todo_.front();
    todo_.pop_front();
    do_one(one, todo);
  }
  ran_at_ = now;
  is_running_ = false;
}

void InnerConnections::do_one(Run& run, const Todo& todo) {
  const auto* const end = find(todo.number);
  if (end == nullptr) return;
  switch (todo.step) {
    case Step::connect: {
      const msrp::Remote remote{.host = listeners_.front().host};
      run.node.msrp_accepted({end->peer}, remote, run.now, run.out);
      if (find(todo.number) != nullptr)
        run.node.msrp_connected({todo.number}, remote, run.now, run.out);
      return;
    }
    case Step::write: return write(run, todo.number);
    case Step::tell_closed:
      ends_.erase(todo.number);
      return run.node.msrp_closed({todo.number}, run.now, run.out);
  }
}

void InnerConnections::write(Run& run, Number number) {
  if (auto* const end = find(number); !std::exchange(end->wants_write, false)) return;
  run.node.msrp_writable({number}, write_budget, run.now, run.out);
  auto* end = find(number);
  if (end == nullptr || end->pieces.empty()) return;
  for (const auto& piece : std::exchange(end->pieces, {}))
    if (!deliver(run, number, piece)) return;
  end = find(number);
  if (end == nullptr) return;
  if (end->is_closing) return close(number);
  run.node.msrp_written({number}, run.now, run.out);
}

// False: the connection has ended in between.
bool InnerConnections::deliver(Run& run, Number from, const msrp::Piece& piece) {
  const auto* const text = std::get_if<std::string>(&piece);
  const auto* const slice = std::get_if<msrp::BodySlice>(&piece);
  const std::uint64_t size = text != nullptr ? text->size() : slice->size;
  for (std::uint64_t done = 0; done < size;) {
    const auto* const end = find(from);
    if (end == nullptr || !ends_.contains(end->peer)) return false;
    const auto peer = end->peer;
    const auto all = run.node.msrp_prepare({peer});
    const auto room =
        all.first(static_cast<std::size_t>(std::min<std::uint64_t>(all.size(), size - done)));
    std::size_t count = room.size();
    if (text != nullptr)
      std::memcpy(room.data(), text->data() + done, count);
    else
      count = run.bodies.read(slice->body, slice->offset + done, room).value_or(0);
    if (count == 0) {  // the disk fails, as a connection would
      todo_.push_back({.step = Step::tell_closed, .number = from});
      todo_.push_back({.step = Step::tell_closed, .number = peer});
      return false;
    }
    run.node.msrp_commit({peer}, count, run.now, run.out);
    run.octets += count;
    done += count;
  }
  return true;
}

}  // namespace convene::node
