#include "io/trace_writer.h"

#include <gmock/gmock.h>

#include "io/test_directory.h"
#include "io/test_node.h"

namespace convene::io {
namespace {

using trace::Direction;
using trace::Protocol;

struct TraceWriterTest : testing::Test {
  std::vector<trace::Record> records() {
    const auto file = read_file(path);
    return trace::parse_trace(file).value();
  }

  TestDirectory directory;
  std::string path = directory / "focus.trace";
  std::unique_ptr<TraceWriter> writer = TraceWriter::open(path, "focus").value();
  const sip::HostPort us{"127.0.0.1", 5060};
  const sip::HostPort alice{"::1", 5070};
};

constexpr std::string_view options = "OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view frame =
    "MSRP a786hjs2 SEND\r\nTo-Path: msrp://a:1/x;tcp\r\nFrom-Path: msrp://b:2/y;tcp\r\nMessage-ID: "
    "1\r\n"
    "Byte-Range: 1-5/5\r\nContent-Type: text/plain\r\n\r\nhello\r\n-------a786hjs2$\r\n";

TEST_F(TraceWriterTest, writes_datagrams) {
  writer->datagram(Way::in, us, alice, options);

  ASSERT_EQ(records().size(), 1);
  EXPECT_EQ(records()[0].octets, options);
  EXPECT_EQ(records()[0].transport, "udp");
  EXPECT_EQ(records()[0].local, "127.0.0.1:5060");
  EXPECT_EQ(records()[0].remote, "[::1]:5070");
  EXPECT_EQ(records()[0].node, "focus");
  EXPECT_EQ(records()[0].direction, Direction::in);
}

TEST_F(TraceWriterTest, cuts_streams_into_messages) {
  writer->stream(Way::out, {1}, options);
  writer->stream_begun({1}, sip::Transport::tls, us, alice);
  const auto both = std::string{options} + std::string{options};
  writer->stream(Way::in, {1}, both.substr(0, 60));
  writer->stream(Way::in, {1}, both.substr(60));
  writer->stream_ended({1});

  ASSERT_EQ(records().size(), 3);
  EXPECT_EQ(records()[0].direction, Direction::out);
  EXPECT_EQ(records()[2].transport, "tls");
  for (const auto& record : records()) EXPECT_EQ(record.octets, options);
}

TEST_F(TraceWriterTest, says_how_much_of_a_body_it_left_out) {
  writer->msrp_begun({2}, us, alice);
  const auto head = frame.substr(0, frame.find("hello"));
  const auto tail = frame.substr(frame.find("hello") + 5);

  writer->msrp(Way::in, {2}, frame);
  writer->msrp(Way::out, {2}, head);
  writer->msrp_body({2}, 1'000'000);
  writer->msrp(Way::out, {2}, tail);

  ASSERT_EQ(records().size(), 2);
  EXPECT_EQ(records()[0].protocol, Protocol::msrp);
  EXPECT_EQ(records()[0].octets, frame);
  EXPECT_EQ(records()[0].left_out, 0);
  EXPECT_EQ(records()[1].left_out, 1'000'000);
}

TEST_F(TraceWriterTest, stops_at_its_limit) {
  writer = TraceWriter::open(path, "focus", 300).value();

  for (int i = 0; i < 10; ++i) writer->datagram(Way::in, us, alice, options);

  EXPECT_EQ(records().size(), 2);
  EXPECT_LE(read_file(path).size(), 300);
}

TEST_F(TraceWriterTest, sees_what_passes_a_running_node) {
  Loop loop;
  RunningNode focus{loop};
  RunningNode client{loop};
  focus.runner.trace(writer.get());
  focus.node.echoes = true;

  client.perform(node::OpenStream{{1}, sip::Transport::tcp, *focus.node.addresses.sip.tcp});
  client.perform(node::SendStream{{1}, std::string{options}});
  client.perform(node::SendDatagram{*focus.node.addresses.sip.udp, std::string{options}});
  client.perform(msrp::Connect{{1}, "127.0.0.1", focus.node.addresses.msrp.port});
  client.send({1}, std::string{frame});
  EXPECT_TRUE(loop.run_until([&] {
    return client.node.received[1] == options && client.node.heard.size() == 3 &&
           client.node.msrp_received[{1}] == frame;
  }));

  EXPECT_EQ(records().size(), 6);
  EXPECT_EQ(std::ranges::count(records(), Protocol::msrp, &trace::Record::protocol), 2);
}

}  // namespace
}  // namespace convene::io
