#include "msrp/head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "base/test_tree.h"
#include "msrp/frame_writer.h"
#include "msrp/transaction_ids.h"

namespace convene::msrp {
namespace {

// Headers as a request has them after its start line.
Result<Head> head_of(std::vector<HeaderLine> headers, bool has_body = false) {
  headers.insert(headers.begin(), {{"To-Path", "msrp://a/1;tcp"}, {"From-Path", "msrp://b/2;tcp"}});
  return parse_head({.transaction_id = "abcd",
                     .method = "SEND",
                     .comment = {},
                     .headers = headers,
                     .has_body = has_body});
}

std::string_view flaw_of(std::vector<HeaderLine> headers, bool has_body = false) {
  return head_of(std::move(headers), has_body)->flaw;
}

// Decodes one frame and prints it again from its typed head.
std::string printed_again(const std::string& frame) {
  ReadBuffers buffers;
  ChunkDecoder decoder{buffers};
  std::memcpy(decoder.prepare().data(), frame.data(), frame.size());
  decoder.commit(frame.size());

  std::string again;
  std::string transaction_id;
  auto after = After::headers;
  for (;;) {
    const auto event = decoder.next().value();
    if (std::holds_alternative<NeedOctets>(event)) return again;
    if (const auto* begin = std::get_if<ChunkBegin>(&event)) {
      const auto head = parse_head(*begin).value();
      EXPECT_EQ(head.flaw, "");
      append_head(again, head);
      transaction_id = head.transaction_id;
      if (head.has_body) after = After::body;
    }
    if (const auto* body = std::get_if<ChunkBody>(&event))
      again.append(reinterpret_cast<const char*>(body->octets.data()), body->octets.size());
    if (const auto* end = std::get_if<ChunkEnd>(&event))
      append_end_line(again, transaction_id, end->flag, after);
  }
}

std::string flow(const std::string& name) {
  std::ifstream file{test_tree() / "tests/flows" / name, std::ios::binary};
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(MsrpHead, is_found_and_printed_as_the_flows_have_it) {
  for (const char* name :
       {"010-f1-10-bob-to-cf-binding-send-empty.txt", "011-f1-11-cf-to-bob-200.txt",
        "014-f2-1-alice-to-cf-send.txt", "015-f2-2-cf-to-alice-200-hop-by-hop.txt",
        "016-f2-3-cf-to-bob-send-new-message-id-rewritten-from-and-to.txt",
        "017-f2-4-bob-to-cf-send-report-cf-passes-it-to-alice-only.txt",
        "025-f3-8-alice-to-cf-send-chunk-1.txt", "026-f3-9-cf-to-alice-200.txt",
        "027-f3-10-alice-to-cf-send-chunk-2-last.txt",
        "028-f3-11-cf-to-bob-send-own-message-id-own-chunking.txt",
        "059-f11-1-bob-to-cf-413-his-copy-is-aborted-others-go-on.txt",
        "060-f11-2-cf-to-bob-interrupted-chunk-ended-with-the-abort-flag.txt",
        "061-f11-3-alice-aborts-end-line-then-bye-cf-aborts-every-unfinis.txt"}) {
    const auto frame = flow(name);
    EXPECT_EQ(printed_again(frame), frame) << name;
  }
}

// RFC 4975 7.1
TEST(MsrpHead, reads_every_header_into_its_place) {
  const auto head = head_of({{"message-id", "m1"},
                             {"BYTE-RANGE", "1-*/24"},
                             {"Success-Report", "yes"},
                             {"Failure-Report", "Partial"},
                             {"Status", "000 413 Stop"},
                             {"Use-Nickname", "\"Bo\""},
                             {"Content-Type", "text/plain"},
                             {"X-Unknown", "ignored"}},
                            true);
  EXPECT_EQ(head, (Head{.transaction_id = "abcd",
                        .method = "SEND",
                        .comment = {},
                        .to_path = "msrp://a/1;tcp",
                        .from_path = "msrp://b/2;tcp",
                        .message_id = "m1",
                        .byte_range = ByteRange{.first = 1, .last = {}, .total = 24},
                        .success_report = true,
                        .failure_report = FailureReport::partial,
                        .report_status = 413,
                        .use_nickname = "\"Bo\"",
                        .content_type = "text/plain",
                        .has_body = true,
                        .flaw = {}}));
}

// RFC 4975 7.1: To-Path MUST be the first header, From-Path the second.
TEST(MsrpHead, cannot_be_answered_without_its_paths_first) {
  const auto parse = [](std::vector<HeaderLine> headers) {
    return parse_head(
        {.transaction_id = "abcd", .method = "SEND", .comment = {}, .headers = headers});
  };
  EXPECT_TRUE(parse({{"To-Path", "a"}, {"From-Path", "b"}}));
  EXPECT_FALSE(parse({}));
  EXPECT_FALSE(parse({{"To-Path", "a"}}));
  EXPECT_FALSE(parse({{"From-Path", "b"}, {"To-Path", "a"}}));
  EXPECT_FALSE(parse({{"Message-ID", "1"}, {"To-Path", "a"}, {"From-Path", "b"}}));
  EXPECT_FALSE(parse({{"To-Path", "a"}, {"To-Path", "a"}, {"From-Path", "b"}}));
  EXPECT_FALSE(parse({{"To-Path", ""}, {"From-Path", "b"}}));
}

// What cannot be right is answered with 400, and named.
TEST(MsrpHead, names_its_flaw) {
  EXPECT_EQ(flaw_of({{"Message-ID", "m1"}, {"Byte-Range", "1-8/8"}}), "");
  EXPECT_EQ(flaw_of({{"Byte-Range", "0-8/8"}}), "Byte-Range");
  EXPECT_EQ(flaw_of({{"Byte-Range", "1-8/8"}, {"Byte-Range", "1-8/8"}}), "Byte-Range");
  EXPECT_EQ(flaw_of({{"Message-ID", "1"}, {"Message-ID", "2"}}), "Message-ID");
  EXPECT_EQ(flaw_of({{"Message-ID", std::string(257, 'x')}}), "Message-ID");
  EXPECT_EQ(flaw_of({{"Message-ID", std::string(256, 'x')}}), "");
  EXPECT_EQ(flaw_of({{"Success-Report", "partial"}}), "Success-Report");
  EXPECT_EQ(flaw_of({{"Failure-Report", "maybe"}}), "Failure-Report");
  EXPECT_EQ(flaw_of({{"Content-Type", std::string(257, 'x')}}, true), "Content-Type");
  EXPECT_EQ(flaw_of({{"To-Path", "msrp://a/1;tcp"}}), "path twice");
  EXPECT_EQ(flaw_of({{"Content-Type", "text/plain"}}), "Content-Type without a body");
}

TEST(MsrpHead, ignores_a_status_of_an_unknown_namespace) {
  EXPECT_EQ(head_of({{"Status", "001 200 OK"}})->report_status, std::nullopt);
  EXPECT_EQ(head_of({{"Status", "000 2"}})->report_status, std::nullopt);
  EXPECT_EQ(head_of({{"Status", "000 200"}})->report_status, 200);
}

// RFC 4975 7.2
TEST(MsrpResponse, goes_to_the_leftmost_hop_with_the_comment_of_its_status) {
  EXPECT_EQ(leftmost_uri("msrp://r/1;tcp msrp://a/2;tcp"), "msrp://r/1;tcp");
  EXPECT_EQ(response("bb01", 200, "msrp://198.51.100.12:9/bob01;tcp",
                     "msrp://192.0.2.20:2855/cf-bob01;tcp"),
            flow("011-f1-11-cf-to-bob-200.txt"));
  EXPECT_EQ(response("cb31", 413, "msrp://192.0.2.20:2855/cfft-bob;tcp",
                     "msrp://198.51.100.12:9/bobft;tcp"),
            flow("059-f11-1-bob-to-cf-413-his-copy-is-aborted-others-go-on.txt"));
}

TEST(MsrpTransactionId, is_16_hex_digits_and_back) {
  EXPECT_EQ(TransactionId{0x0123456789abcdefU}.text(), "0123456789abcdef");
  EXPECT_EQ(TransactionId{0x1}.text(), "0000000000000001");
  EXPECT_EQ(transaction_value("0123456789abcdef"), 0x0123456789abcdefU);
  for (const char* other : {"", "bb01", "0123456789abcdeg", "0123456789abcdef0"})
    EXPECT_EQ(transaction_value(other), 0U);
}

// Design: whoever knows one id must not be able to guess another.
TEST(MsrpTransactionId, takes_64_bits_of_chance_each) {
  SeededRandom random{3};
  TransactionIds ids{random};
  std::uint64_t ones = 0;
  std::uint64_t zeroes = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto id = ids.draw();
    ones |= id;
    zeroes |= ~id;
  }
  EXPECT_EQ(ones, ~std::uint64_t{0});
  EXPECT_EQ(zeroes, ~std::uint64_t{0});
}

}  // namespace
}  // namespace convene::msrp
