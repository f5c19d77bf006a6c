#include "trace/trace_file.h"

#include <gmock/gmock.h>

namespace convene::trace {
namespace {

using namespace std::chrono_literals;

const Moment morning =
    Moment{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}} + 10h + 2min + 11s + 123'456us;

Record options() {
  return {.time = morning,
          .protocol = Protocol::sip,
          .transport = "udp",
          .local = "127.0.0.1:5060",
          .direction = Direction::in,
          .remote = "127.0.0.1:5070",
          .node = "focus",
          .octets = "OPTIONS sip:focus@ims.example SIP/2.0\r\n\r\n"};
}

TEST(TraceFile, is_a_line_and_the_octets_of_each_record) {
  EXPECT_EQ(to_text(options()),
            "@ 2026-11-22T10:02:11.123456Z sip udp 127.0.0.1:5060 in 127.0.0.1:5070 focus 41\n"
            "OPTIONS sip:focus@ims.example SIP/2.0\r\n\r\n\n");
}

TEST(TraceFile, reads_what_it_printed) {
  Record chunk{.time = morning + 5ms,
               .protocol = Protocol::msrp,
               .transport = "tls",
               .local = "[::1]:2855",
               .direction = Direction::out,
               .remote = "[::1]:40122",
               .node = "alice",
               .left_out = 65'536,
               .octets = "MSRP a1 SEND\r\n\n@ no record\r\n\r\n-------a1+\r\n"};

  const auto records = parse_trace(to_text(options()) + to_text(chunk));

  ASSERT_TRUE(records);
  EXPECT_THAT(*records, testing::ElementsAre(options(), chunk));
}

TEST(TraceFile, leaves_out_a_record_that_a_crash_cut_off) {
  const auto whole = to_text(options());
  const auto both = whole + whole;

  for (std::size_t size = whole.size(); size < both.size(); ++size) {
    const auto records = parse_trace(both.substr(0, size));
    ASSERT_TRUE(records) << size;
    EXPECT_EQ(records->size(), 1u) << size;
  }
}

TEST(TraceFile, says_what_is_wrong_with_a_record) {
  EXPECT_FALSE(parse_trace("# a comment\n"));
  EXPECT_FALSE(parse_trace("@ yesterday sip udp a in b n 0\n\n"));
  EXPECT_FALSE(parse_trace("@ 2026-11-22T10:02:11.123456Z smtp udp a in b n 0\n\n"));
  EXPECT_FALSE(parse_trace("@ 2026-11-22T10:02:11.123456Z sip udp a up b n 0\n\n"));
  EXPECT_FALSE(parse_trace("@ 2026-11-22T10:02:11.123456Z sip udp a in b n many\n\n"));
  EXPECT_FALSE(parse_trace("@ 2026-11-22T10:02:11.123456Z sip udp a\x01 in b n 0\n\n"));
  EXPECT_FALSE(parse_trace("@ 2026-11-22T10:02:11.123456Z sip udp  in b n 0\n\n"));
  EXPECT_FALSE(parse_trace("@ 2026-11-22T10:02:11.123456Z sip udp a in b n 0\nx\n"));
}

TEST(TraceFile, keeps_names_to_one_word) {
  auto record = options();
  record.node = "my focus\n@";

  const auto records = parse_trace(to_text(record));

  ASSERT_TRUE(records);
  EXPECT_EQ(records->front().node, "my_focus_@");
}

TEST(TraceFile, knows_which_times_exist) {
  EXPECT_EQ(parse_rfc3339("2026-11-22T10:02:11.123456Z"), morning);
  EXPECT_EQ(to_rfc3339(morning), "2026-11-22T10:02:11.123456Z");
  for (const char* wrong :
       {"", "2026-11-22", "2026-13-22T10:02:11.123456Z", "2026-02-30T10:02:11.123456Z",
        "2026-11-22T24:02:11.123456Z", "2026-11-22T10:02:11.12345Z", "2026-11-22T10:02:11.123456",
        "2026-11-22T10:02:11.123456Z ", "+026-11-22T10:02:11.123456Z"}) {
    EXPECT_FALSE(parse_rfc3339(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace convene::trace
