#include "trace/packet_capture.h"

#include <gmock/gmock.h>

namespace convene::trace {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

Record record(std::string transport, std::string local, std::string remote, std::string octets) {
  return {.time = Moment{1'700'000'000s},
          .protocol = Protocol::sip,
          .transport = std::move(transport),
          .local = std::move(local),
          .direction = Direction::out,
          .remote = std::move(remote),
          .node = "focus",
          .octets = std::move(octets)};
}

std::uint32_t number_at(const std::string& file, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 4; i-- > 0;)
    number = number << 8U | static_cast<unsigned char>(file.at(at + i));
  return number;
}

// The packets of a file: of blocks of type 6.
std::vector<std::string> packets_of(const std::string& file) {
  std::vector<std::string> packets;
  for (std::size_t at = 0; at < file.size(); at += number_at(file, at + 4)) {
    if (number_at(file, at) == 6) packets.push_back(file.substr(at + 28, number_at(file, at + 20)));
  }
  return packets;
}

// What a right checksum makes of the words that it covers, itself among them. RFC 1071
std::uint32_t folded(const std::string& words) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto octet = static_cast<std::uint32_t>(static_cast<unsigned char>(words[i]));
    sum += i % 2 == 0 ? octet << 8U : octet;
  }
  while (sum > 0xFFFFU) sum = (sum & 0xFFFFU) + (sum >> 16U);
  return sum;
}

TEST(PacketCapture, has_a_datagram_with_right_lengths_and_checksums) {
  const std::vector<Record> records{record("udp", "192.0.2.1:5060", "192.0.2.2:5070", "OPTIONS")};
  const auto packets = packets_of(to_pcapng(records));
  ASSERT_EQ(packets.size(), 1U);
  const auto& packet = packets[0];
  ASSERT_EQ(packet.size(), 20U + 8U + 7U);
  EXPECT_EQ(packet.substr(0, 4), std::string("\x45\0\0\x23", 4));
  EXPECT_EQ(packet.substr(12, 12), std::string("\xC0\0\x02\x01\xC0\0\x02\x02\x13\xC4\x13\xCE", 12));
  EXPECT_EQ(packet.substr(28), "OPTIONS");
  EXPECT_EQ(folded(packet.substr(0, 20)), 0xFFFFU);
  const std::string pseudo = packet.substr(12, 8) + std::string("\0\x11\0\x0F", 4);
  EXPECT_EQ(folded(pseudo + packet.substr(20)), 0xFFFFU);
}

TEST(PacketCapture, opens_a_connection_before_its_first_octets_and_closes_it_in_the_end) {
  const std::vector<Record> records{
      record("tcp", "192.0.2.1:5060", "192.0.2.2:5070", "one"),
      record("tcp", "192.0.2.1:5060", "192.0.2.2:5070", "two"),
  };
  std::string flags;
  for (const auto& packet : packets_of(to_pcapng(records))) flags += packet.at(33);
  EXPECT_EQ(flags, "\x02\x12\x10\x18\x10\x18\x10\x11\x11\x10");
}

TEST(PacketCapture, cuts_what_is_longer_than_a_packet) {
  const std::vector<Record> records{
      record("tcp", "[2001:db8::1]:5060", "[2001:db8::2]:5070", std::string(100'000, 'x'))};
  std::size_t octets = 0;
  for (const auto& packet : packets_of(to_pcapng(records))) octets += packet.size() - 60;
  EXPECT_EQ(octets, 100'000U);
}

TEST(PacketCapture, says_what_the_trace_left_out) {
  auto chunk = record("tcp", "192.0.2.1:2855", "192.0.2.2:9", "MSRP a1 SEND\r\n\r\n-------a1$\r\n");
  chunk.left_out = 65'536;
  EXPECT_THAT(to_pcapng({&chunk, 1}), HasSubstr("65536 octets of the body are not in the trace"));
}

TEST(PacketCapture, skips_what_has_no_address) {
  const std::vector<Record> records{record("udp", "-", "192.0.2.2:5070", "OPTIONS")};
  EXPECT_EQ(packets_of(to_pcapng(records)).size(), 0U);
}

}  // namespace
}  // namespace convene::trace
