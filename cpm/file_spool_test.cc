#include "cpm/file_spool.h"

#include <gtest/gtest.h>

#include "cpm/file_transfer_offer.h"
#include "msrp/test_side.h"

namespace convene::cpm {
namespace {

constexpr std::string_view text = "Trail plan: meet 08:30 at the north gate.";

sdp::FileSelector selector(std::string_view of = text) {
  return {.name = "plan.txt",
          .size = text.size(),
          .type = "text/plain",
          .hashes = {{.octets = digest_of(Digest::sha1, of)}}};
}

struct FileSpoolTest : testing::Test {
  Result<> begin(std::string_view content_type, std::optional<std::uint64_t> total = {}) {
    incoming = bodies.create({}).value();
    return spool.begin({.session = {},
                        .message = {},
                        .message_id = "file-1",
                        .content_type = std::string{content_type},
                        .total = total,
                        .body = incoming});
  }
  Result<> arrive(std::string_view octets) {
    EXPECT_TRUE(bodies.write(incoming, arrived, std::as_bytes(std::span{octets})));
    arrived += octets.size();
    return spool.grow(arrived, bodies);
  }
  std::string file() { return bodies.text(*spool.body()).substr(0, spool.ready()); }

  msrp::MemoryBodies bodies;
  FileSpool spool{selector()};
  msrp::BodyId incoming;
  std::uint64_t arrived = 0;
};

TEST_F(FileSpoolTest, shows_what_has_arrived) {
  ASSERT_TRUE(begin("text/plain", text.size()));
  ASSERT_TRUE(arrive(text.substr(0, 10)));
  EXPECT_EQ(file(), text.substr(0, 10));
  ASSERT_TRUE(arrive(text.substr(10)));
  ASSERT_TRUE(spool.finish(text.size(), bodies));
  EXPECT_TRUE(spool.is_complete());
  EXPECT_EQ(file(), text);
}

// G-31: the last octets of a wrong file are not shown to anybody.
TEST_F(FileSpoolTest, refuses_a_file_with_another_hash) {
  spool = FileSpool{selector("another file")};
  ASSERT_TRUE(begin("text/plain"));
  ASSERT_TRUE(arrive(text.substr(0, 10)));
  EXPECT_EQ(arrive(text.substr(10)).error().fault, Fault::malformed);
  EXPECT_LT(spool.ready(), text.size());
}

TEST_F(FileSpoolTest, refuses_another_size_at_once) {
  EXPECT_EQ(begin("text/plain", text.size() + 1).error().fault, Fault::malformed);
}

TEST_F(FileSpoolTest, refuses_more_octets_than_announced) {
  ASSERT_TRUE(begin("text/plain"));
  EXPECT_EQ(arrive(std::string{text} + "x").error().fault, Fault::too_large);
}

TEST_F(FileSpoolTest, refuses_fewer_octets_than_announced) {
  ASSERT_TRUE(begin("text/plain"));
  ASSERT_TRUE(arrive(text.substr(0, 10)));
  EXPECT_EQ(spool.finish(10, bodies).error().fault, Fault::malformed);
}

// G-18, RFC 5547 9.1: octet by octet, the wrapper is taken off.
TEST_F(FileSpoolTest, unwraps_a_file_in_cpim) {
  const auto prefix = cpm::file_prefix({.uri = "sip:alice@example.com"},
                                       {.uri = "sip:grp@cf.example.com"}, selector());
  const auto all = prefix + std::string{text};
  ASSERT_TRUE(begin("message/cpim", all.size()));
  for (const char& octet : all) ASSERT_TRUE(arrive({&octet, 1}));
  ASSERT_TRUE(spool.finish(all.size(), bodies));

  EXPECT_EQ(file(), text);
  EXPECT_EQ(spool.content_type(), "text/plain");
  EXPECT_EQ(cpim::from_of(*spool.wrapper())->uri, "sip:alice@example.com");
}

TEST_F(FileSpoolTest, refuses_a_wrapper_without_end) {
  ASSERT_TRUE(begin("message/cpim"));
  EXPECT_EQ(arrive("From: <sip:a@b>\r\nX: " + std::string(20'000, 'x')).error().fault,
            Fault::too_large);
}

TEST_F(FileSpoolTest, leaves_no_bodies) {
  const auto prefix = cpm::file_prefix({.uri = "sip:a@b"}, {.uri = "sip:c@d"}, selector());
  ASSERT_TRUE(begin("message/cpim"));
  ASSERT_TRUE(arrive(prefix + std::string{text}));
  EXPECT_EQ(bodies.bodies(), 2U);
  spool.drop(bodies);
  EXPECT_EQ(bodies.bodies(), 0U);
}

}  // namespace
}  // namespace convene::cpm
