#include "node/inner_connections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>

#include "client/test_body_store.h"

namespace convene::node {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr msrp::ConnectionId ours{1 | of_participating};

// Two roles: one connects, the other has what `read` says. What it is told is noted.
struct TwoRoles : Node {
  void start(const Addresses&, TimePoint, Effects&) override {}
  void datagram(const sip::HostPort&, std::string, TimePoint, Effects&) override {}
  void sip_unreachable(const sip::HostPort&, TimePoint, Effects&) override {}
  void stream_accepted(sip::Flow, sip::Transport, const sip::HostPort&, TimePoint,
                       Effects&) override {}
  void stream_opened(sip::Flow, TimePoint, Effects&) override {}
  void stream_received(sip::Flow, std::string_view, TimePoint, Effects&) override {}
  void stream_closed(sip::Flow, TimePoint, Effects&) override {}
  void msrp_accepted(msrp::ConnectionId id, const msrp::Remote&, TimePoint, Effects&) override {
    told.emplace_back("accepted");
    accepted = id;
  }
  void msrp_connected(msrp::ConnectionId, const msrp::Remote&, TimePoint, Effects&) override {
    told.emplace_back("connected");
  }
  void msrp_closed(msrp::ConnectionId id, TimePoint, Effects&) override {
    told.emplace_back(id == ours ? "closed" : "closed there");
  }
  std::span<std::byte> msrp_prepare(msrp::ConnectionId) override {
    return std::as_writable_bytes(std::span{room});
  }
  void msrp_commit(msrp::ConnectionId, std::size_t count, TimePoint, Effects&) override {
    read.append(room.data(), count);
    if (on_read) on_read();
  }
  void msrp_writable(msrp::ConnectionId id, std::size_t, TimePoint, Effects&) override {
    msrp::Effect effect = msrp::Write{.connection = id, .pieces = std::exchange(to_write, {})};
    connections.take(effect);
    if (closes_then) say(msrp::Close{id});
  }
  void msrp_written(msrp::ConnectionId, TimePoint, Effects&) override {
    told.emplace_back("written");
  }
  void wake(TimePoint, Effects&) override {}
  Deadline deadline() const override { return {}; }

  bool say(msrp::Effect effect) { return connections.take(effect); }
  void run() { connections.run(*this, bodies, TimePoint{}, out); }
  void connect() {
    say(msrp::Connect{.connection = ours, .host = "192.0.2.7", .port = 2855});
    run();
    told.clear();
  }
  void write(std::vector<msrp::Piece> pieces) {
    to_write = std::move(pieces);
    say(msrp::WantWrite{ours});
    run();
  }

  InnerConnections connections;
  client::TestBodyStore bodies;
  Effects out;
  std::array<char, 4> room{};
  std::vector<msrp::Piece> to_write;
  bool closes_then = false;
  std::function<void()> on_read;
  std::vector<std::string> told;
  std::string read;
  msrp::ConnectionId accepted;
};

struct InnerConnection : testing::Test {
  void SetUp() override { roles.connections.listen({{"192.0.2.7", 2855}, {"192.0.2.7", 2857}}); }
  TwoRoles roles;
};

// conversation 1: roles meet in MSRP, also within one node.
TEST_F(InnerConnection, is_made_to_a_listener_of_this_node) {
  EXPECT_TRUE(roles.say(msrp::Connect{.connection = ours, .host = "192.0.2.7", .port = 2855}));
  roles.run();
  EXPECT_THAT(roles.told, ElementsAre("accepted", "connected"));
  EXPECT_EQ(roles.accepted.value & of_participating, 0U);
  EXPECT_TRUE(roles.say(
      msrp::Connect{.connection = {3 | of_participating}, .host = "192.0.2.7", .port = 2857}));
  roles.run();
  EXPECT_NE(roles.accepted.value & of_participating, 0U);
}

TEST_F(InnerConnection, is_not_made_to_anybody_else_or_over_tls) {
  EXPECT_FALSE(roles.say(msrp::Connect{.connection = ours, .host = "192.0.2.8", .port = 2855}));
  EXPECT_FALSE(roles.say(msrp::Connect{.connection = ours, .host = "192.0.2.7", .port = 2856}));
  EXPECT_FALSE(roles.say(msrp::Connect{.connection = ours,
                                       .host = "192.0.2.7",
                                       .port = 2855,
                                       .security = msrp::Security::certificate}));
  EXPECT_FALSE(roles.say(msrp::WantWrite{ours}));
}

TEST_F(InnerConnection, carries_texts_and_bodies_in_their_order) {
  roles.connect();
  const auto body = roles.bodies.with("0123456789");
  roles.write({std::string{"head "}, msrp::BodySlice{body, 2, 7}, std::string{" end"}});
  EXPECT_EQ(roles.read, "head 2345678 end");
  EXPECT_THAT(roles.told, ElementsAre("written"));
}

TEST_F(InnerConnection, ends_after_what_was_written_last) {
  roles.connect();
  roles.closes_then = true;
  roles.write({std::string{"the last word"}});
  EXPECT_EQ(roles.read, "the last word");
  EXPECT_THAT(roles.told, ElementsAre("closed there"));
  EXPECT_EQ(roles.connections.ends(), 0U);
}

// Whoever reads may have enough of it in the middle.
TEST_F(InnerConnection, that_its_reader_closes_carries_nothing_more) {
  roles.connect();
  roles.on_read = [this] { roles.say(msrp::Close{roles.accepted}); };
  roles.write({std::string{"0123456789"}});
  EXPECT_EQ(roles.read, "0123");
  EXPECT_THAT(roles.told, ElementsAre("closed"));
  EXPECT_EQ(roles.connections.ends(), 0U);
}

TEST_F(InnerConnection, breaks_where_a_body_cannot_be_read) {
  roles.connect();
  const auto body = roles.bodies.with("");
  roles.write({msrp::BodySlice{body, 0, 7}});
  EXPECT_THAT(roles.read, IsEmpty());
  EXPECT_THAT(roles.told, ElementsAre("closed", "closed there"));
  EXPECT_EQ(roles.connections.ends(), 0U);
}

// Nobody waits for a large file.
TEST_F(InnerConnection, lets_others_have_their_turn) {
  roles.connect();
  std::size_t left = 100;  // of a megabyte each
  const std::string piece(1'000'000, 'x');
  roles.to_write = {piece};
  roles.on_read = [&] {
    if (!roles.to_write.empty() || roles.read.size() % piece.size() != 0 || --left == 0) return;
    roles.to_write = {piece};
    roles.say(msrp::WantWrite{ours});
  };
  roles.say(msrp::WantWrite{ours});
  roles.run();
  EXPECT_LT(roles.read.size(), 10'000'000U);
  EXPECT_TRUE(roles.connections.deadline());
  roles.run();
  EXPECT_GT(roles.read.size(), 5'000'000U);
}

}  // namespace
}  // namespace convene::node
