#include "msrp/chunk_decoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

namespace convene::msrp {
namespace {

// What a stream was cut into: "SEND To-Path=a From-Path=b [body]$ ...", and "error" where it broke.
using Transcript = std::string;

void transcribe(const ChunkEvent& event, Transcript& seen) {
  if (const auto* begin = std::get_if<ChunkBegin>(&event)) {
    seen.append(begin->method.empty() ? std::to_string(begin->status) : std::string{begin->method});
    seen.append(" ").append(begin->transaction_id).append(" ").append(begin->comment);
    for (const auto& line : begin->headers)
      seen.append(" ").append(line.name).append("=").append(line.value);
    seen.append(begin->has_body ? " [" : " ");
  }
  if (const auto* body = std::get_if<ChunkBody>(&event))
    seen.append(reinterpret_cast<const char*>(body->octets.data()), body->octets.size());
  if (const auto* end = std::get_if<ChunkEnd>(&event))
    seen.append("]").append(1, static_cast<char>(end->flag)).append("\n");
}

// Decodes `stream` as it would arrive in reads that end at `cuts`.
Transcript decode(std::string_view stream, const std::vector<std::size_t>& cuts) {
  static ReadBuffers buffers;
  ChunkDecoder decoder{buffers};
  Transcript seen;
  std::size_t at = 0;
  std::size_t cut = 0;
  while (at < stream.size()) {
    const auto until = cut < cuts.size() ? cuts[cut++] : stream.size();
    while (at < until) {
      const auto room = decoder.prepare();
      const auto count = std::min(room.size(), until - at);
      std::memcpy(room.data(), stream.data() + at, count);
      decoder.commit(count);
      at += count;
      for (;;) {
        const auto event = decoder.next();
        if (!event) return seen + "error";
        if (std::holds_alternative<NeedOctets>(*event)) break;
        transcribe(*event, seen);
      }
    }
  }
  return seen;
}

Transcript decode(std::string_view stream) { return decode(stream, {}); }

bool is_refused(std::string_view stream) { return decode(stream).ends_with("error"); }

// Every place where TCP may cut a stream in two, and octet by octet.
void expect_same_however_cut(std::string_view stream) {
  const auto whole = decode(stream);
  std::vector<std::size_t> each;
  for (std::size_t at = 1; at < stream.size(); ++at) {
    ASSERT_EQ(decode(stream, {at}), whole) << "cut at " << at;
    each.push_back(at);
  }
  EXPECT_EQ(decode(stream, each), whole);
}

std::string send(std::string_view transaction, std::string_view body, char flag) {
  return "MSRP " + std::string{transaction} + " SEND\r\nTo-Path: a\r\nFrom-Path: b\r\n\r\n" +
         std::string{body} + "\r\n-------" + std::string{transaction} + flag + "\r\n";
}

Transcript sent(std::string_view transaction, std::string_view body, char flag) {
  return "SEND " + std::string{transaction} + "  To-Path=a From-Path=b [" + std::string{body} +
         "]" + flag + "\n";
}

constexpr std::string_view two_chunks =
    "MSRP a786hjs2 SEND\r\nTo-Path: msrp://b.example:7394/2s93i9ek2a;tcp\r\nFrom-Path: "
    "msrp://a.example:7654/iau39soe2843z;tcp\r\n"
    "Message-ID: 87652491\r\nByte-Range: 1-8/16\r\nContent-Type: "
    "text/plain\r\n\r\nabcd\r\n--\r\n-------a786hjs2+\r\n"
    "MSRP d93kswow SEND\r\nTo-Path: msrp://b.example:7394/2s93i9ek2a;tcp\r\nFrom-Path: "
    "msrp://a.example:7654/iau39soe2843z;tcp\r\n"
    "Message-ID: 87652491\r\nByte-Range: 9-16/16\r\nContent-Type: "
    "text/plain\r\n\r\nEFGHIJKL\r\n-------d93kswow$\r\n";

// RFC 4975 7.1
TEST(ChunkDecoder, hands_out_two_chunks_of_a_message) {
  EXPECT_EQ(decode(two_chunks),
            "SEND a786hjs2  To-Path=msrp://b.example:7394/2s93i9ek2a;tcp "
            "From-Path=msrp://a.example:7654/iau39soe2843z;tcp Message-ID=87652491 "
            "Byte-Range=1-8/16 Content-Type=text/plain [abcd\r\n--]+\n"
            "SEND d93kswow  To-Path=msrp://b.example:7394/2s93i9ek2a;tcp "
            "From-Path=msrp://a.example:7654/iau39soe2843z;tcp Message-ID=87652491 "
            "Byte-Range=9-16/16 Content-Type=text/plain [EFGHIJKL]$\n");
  expect_same_however_cut(two_chunks);
}

// RFC 4975 7.1: the body is any octets; only its own whole end-line ends it.
TEST(ChunkDecoder, is_not_fooled_by_what_a_body_contains) {
  std::string all_octets;
  for (int octet = 0; octet < 256; ++octet) all_octets += static_cast<char>(octet);
  const std::vector<std::string> bodies = {"",
                                           "\r",
                                           "\n",
                                           "\r\n",
                                           "\r\n\r\n",
                                           "-",
                                           "-------",
                                           "\r\n-------",
                                           "\r\n-------d93k",
                                           "\r\n-------d93kswow",
                                           "\r\n-------d93kswow!",
                                           "\r\n-------d93kswow$\r",
                                           "\r\n-------d93kswow$\n",
                                           "\r\n-------d93kswow$x\r\n",
                                           "\r\n-------d93kswowX$\r\n",
                                           "\r\n-------other123$\r\n",
                                           "-------d93kswow",
                                           "\r\r\n-------d93kswo\r\n-------d93kswow",
                                           "MSRP d93kswow SEND\r\nTo-Path: x\r\n\r\n",
                                           std::string(50, '\r'),
                                           std::string(50, '-'),
                                           all_octets};
  for (const auto& body : bodies) {
    for (const char flag : {'$', '+', '#'}) {
      const auto stream = send("d93kswow", body, flag) + send("abcd", body, '$');
      EXPECT_EQ(decode(stream), sent("d93kswow", body, flag) + sent("abcd", body, '$'));
    }
    expect_same_however_cut(send("d93kswow", body, '+') + "MSRP abcd");
  }
}

TEST(ChunkDecoder, takes_a_transaction_id_for_no_other_that_it_begins) {
  const auto stream =
      send("abcd", "\r\n-------abcdef$\r\n", '+') + send("abcdef", "\r\n-------abcd$", '$');
  EXPECT_EQ(decode(stream),
            sent("abcd", "\r\n-------abcdef$\r\n", '+') + sent("abcdef", "\r\n-------abcd$", '$'));
  expect_same_however_cut(stream);
}

// RFC 4975 7.1: without a body there is no empty line.
TEST(ChunkDecoder, knows_requests_and_responses_without_a_body) {
  constexpr std::string_view stream =
      "MSRP bb01 SEND\r\nTo-Path: a\r\nFrom-Path: b\r\nMessage-ID: bind1\r\n-------bb01$\r\n"
      "MSRP bb01 200 OK\r\nTo-Path: b\r\nFrom-Path: a\r\n-------bb01$\r\n"
      "MSRP bb02 413\r\nTo-Path: b\r\nFrom-Path: a\r\n-------bb02$\r\n"
      "MSRP bb03 REPORT\r\nTo-Path: b\r\nFrom-Path: a\r\n-------bb03+\r\n";
  EXPECT_EQ(decode(stream),
            "SEND bb01  To-Path=a From-Path=b Message-ID=bind1 ]$\n"
            "200 bb01 OK To-Path=b From-Path=a ]$\n"
            "413 bb02  To-Path=b From-Path=a ]$\n"
            "REPORT bb03  To-Path=b From-Path=a ]+\n");
  expect_same_however_cut(stream);
}

TEST(ChunkDecoder, takes_an_empty_body_without_its_own_line_end) {
  constexpr std::string_view stream =
      "MSRP abcd SEND\r\nTo-Path: a\r\nFrom-Path: b\r\n\r\n-------abcd$\r\n"
      "MSRP abcd SEND\r\nTo-Path: a\r\nFrom-Path: b\r\n\r\n-------abcd!\r\n\r\n-------abcd$\r\n";
  EXPECT_EQ(decode(stream), sent("abcd", "", '$') + sent("abcd", "-------abcd!\r\n", '$'));
  expect_same_however_cut(stream);
}

TEST(ChunkDecoder, reads_headers_as_tolerantly_as_others_write_them) {
  EXPECT_EQ(decode("MSRP abcd SEND\r\nTO-PATH:a\r\nfrom-path:   b \t\r\nX-Other: c:d "
                   "\r\nY:\r\n-------abcd$\r\n"),
            "SEND abcd  TO-PATH=a from-path=b X-Other=c:d Y= ]$\n");
}

TEST(ChunkDecoder, refuses_what_is_not_msrp) {
  for (const std::string_view stream : {"GET / HTTP/1.1\r\n", "M\r\n", "MSRQ abcd SEND\r\n",
                                        "\r\nMSRP abcd SEND\r\n", "\x16\x03\x01"})
    EXPECT_TRUE(is_refused(stream)) << stream;
}

// RFC 4975 9: transact-id, method, status-code.
TEST(ChunkDecoder, refuses_a_malformed_start_line) {
  const auto with_id = [](const std::string& id) { return "MSRP " + id + " SEND\r\n"; };
  EXPECT_FALSE(is_refused(with_id("abcd")));
  EXPECT_FALSE(is_refused(with_id(std::string(32, 'a'))));
  EXPECT_TRUE(is_refused(with_id("abc")));
  EXPECT_TRUE(is_refused(with_id(std::string(33, 'a'))));
  EXPECT_TRUE(is_refused(with_id("ab_d")));
  EXPECT_TRUE(is_refused(with_id("-bcd")));
  for (const std::string_view line :
       {"MSRP abcd\r\n", "MSRP abcd \r\n", "MSRP abcd send\r\n", "MSRP abcd 20\r\n",
        "MSRP abcd 2000\r\n", "MSRP abcd 20a OK\r\n", "MSRP abcd SEND X\r\n", "MSRP  abcd SEND\r\n",
        "MSRP abcd 099 No\r\n", "MSRP abcd SEND\n"})
    EXPECT_TRUE(is_refused(line)) << line;
  EXPECT_FALSE(is_refused("MSRP abcd " + std::string(32, 'X') + "\r\n"));
  EXPECT_TRUE(is_refused("MSRP abcd " + std::string(33, 'X') + "\r\n"));
}

TEST(ChunkDecoder, refuses_malformed_headers) {
  using namespace std::string_view_literals;
  for (const auto line :
       {"no colon\r\n"sv, ": no name\r\n"sv, "X: a\n"sv, "X: \0\r\n"sv, "X: \x1b[2J\r\n"sv,
        "X: a\rb\r\n"sv, "-------abce$\r\n"sv, "-------abcd!\r\n"sv})
    EXPECT_TRUE(is_refused("MSRP abcd SEND\r\n" + std::string{line})) << line;
}

TEST(ChunkDecoder, takes_at_most_8192_octets_of_head) {
  const std::string begin = "MSRP abcd SEND\r\nX: ";
  const auto of_size = [&](std::size_t size) {
    return begin + std::string(size - begin.size() - 4, 'x') + "\r\n\r\n";
  };
  EXPECT_FALSE(is_refused(of_size(8'191)));
  EXPECT_FALSE(is_refused(of_size(8'192)));
  EXPECT_TRUE(is_refused(of_size(8'193)));
  EXPECT_TRUE(is_refused(begin + std::string(20'000, 'x')));
}

TEST(ChunkDecoder, takes_at_most_64_lines_of_head) {
  const auto of_lines = [](int count) {
    std::string stream = "MSRP abcd SEND\r\n";
    for (int line = 2; line < count; ++line) stream += "X: y\r\n";
    return stream + "\r\n";
  };
  EXPECT_FALSE(is_refused(of_lines(64)));
  EXPECT_TRUE(is_refused(of_lines(65)));
}

// RFC 4975 7.1: only SEND has bodies over 10,240 octets.
TEST(ChunkDecoder, refuses_a_large_body_of_anything_but_send) {
  const auto report = [](std::size_t size) {
    return "MSRP abcd REPORT\r\nTo-Path: a\r\nFrom-Path: b\r\n\r\n" + std::string(size, 'x') +
           "\r\n-------abcd$\r\n";
  };
  EXPECT_FALSE(is_refused(report(10'240)));
  EXPECT_TRUE(is_refused(report(10'241)));
  EXPECT_FALSE(is_refused(send("abcd", std::string(1'000'000, 'x'), '$')));
}

TEST(ChunkDecoder, says_nothing_more_after_an_error) {
  ReadBuffers buffers;
  ChunkDecoder decoder{buffers};
  std::memcpy(decoder.prepare().data(), "GET ", 4);
  decoder.commit(4);
  EXPECT_FALSE(decoder.next());
  EXPECT_FALSE(decoder.next());
}

// Whatever is damaged and however it is cut, the verdict is the same.
TEST(ChunkDecoder, gives_one_verdict_on_damaged_streams_however_cut) {
  std::mt19937 random{11};
  constexpr std::string_view spice = "\r\n-$+#: MSRPabcd";
  for (int round = 0; round < 1'000; ++round) {
    auto stream = send("d93kswow", "hello\r\n-------d93kswo", '+') + send("abcd", "", '$');
    for (auto damage = random() % 6; damage > 0; --damage)
      stream[random() % stream.size()] =
          random() % 3 == 0 ? static_cast<char>(random()) : spice[random() % spice.size()];
    std::vector<std::size_t> cuts;
    for (std::size_t at = 1 + random() % 40; at < stream.size(); at += 1 + random() % 40)
      cuts.push_back(at);
    EXPECT_EQ(decode(stream, cuts), decode(stream)) << round;
  }
}

// Between frames and inside a head the large buffer is somebody else's.
TEST(ChunkDecoder, shares_its_buffer_with_others_while_it_waits) {
  ReadBuffers buffers;
  ChunkDecoder one{buffers};
  ChunkDecoder other{buffers};
  const auto* const lent = one.prepare().data();
  std::memcpy(one.prepare().data(), "MSRP ab", 7);
  one.commit(7);
  EXPECT_TRUE(std::holds_alternative<NeedOctets>(one.next().value()));
  EXPECT_TRUE(one.is_inside_head());
  EXPECT_EQ(other.prepare().data(), lent);
}

}  // namespace
}  // namespace convene::msrp
