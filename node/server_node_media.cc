#include <utility>

#include "node/server_node.h"

// MSRP: the focus and the Participating Function have connections of their own, and neither knows
// of the other's.
namespace convene::node {

template <class Call>
void ServerNode::tell_msrp(msrp::ConnectionId connection, TimePoint now, Effects& out, Call call) {
  if ((connection.value & of_participating) != 0) {
    if (!participating_) return;
    participating::Output output;
    call(*participating_, msrp::ConnectionId{connection.value & ~of_participating}, output);
    return perform(std::move(output), now, out);
  }
  controlling::Output output;
  call(controlling_, connection, output);
  perform(std::move(output), now, out);
}

void ServerNode::msrp_accepted(msrp::ConnectionId connection, const msrp::Remote& remote,
                               TimePoint now, Effects& out) {
  tell_msrp(connection, now, out,
            [&](auto& role, auto id, auto& told) { role.msrp_accepted(id, remote, now, told); });
}

void ServerNode::msrp_connected(msrp::ConnectionId connection, const msrp::Remote& remote,
                                TimePoint now, Effects& out) {
  tell_msrp(connection, now, out,
            [&](auto& role, auto id, auto& told) { role.msrp_connected(id, remote, now, told); });
}

void ServerNode::msrp_closed(msrp::ConnectionId connection, TimePoint now, Effects& out) {
  tell_msrp(connection, now, out,
            [&](auto& role, auto id, auto& told) { role.msrp_closed(id, now, told); });
}

std::span<std::byte> ServerNode::msrp_prepare(msrp::ConnectionId connection) {
  if ((connection.value & of_participating) == 0) return controlling_.msrp_prepare(connection);
  return participating_->msrp_prepare({connection.value & ~of_participating});
}

void ServerNode::msrp_commit(msrp::ConnectionId connection, std::size_t count, TimePoint now,
                             Effects& out) {
  tell_msrp(connection, now, out,
            [&](auto& role, auto id, auto& told) { role.msrp_commit(id, count, now, told); });
}

void ServerNode::msrp_writable(msrp::ConnectionId connection, std::size_t budget, TimePoint now,
                               Effects& out) {
  tell_msrp(connection, now, out,
            [&](auto& role, auto id, auto& told) { role.msrp_writable(id, budget, now, told); });
}

void ServerNode::msrp_written(msrp::ConnectionId connection, TimePoint now, Effects& out) {
  tell_msrp(connection, now, out,
            [&](auto& role, auto id, auto& told) { role.msrp_written(id, now, told); });
}

}  // namespace convene::node
