#include "mime/multipart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::mime {
namespace {

using testing::SizeIs;

const Part sdp{Headers{{"Content-Type", "application/sdp"}}, "v=0\r\n"};
const Part icon{
    Headers{
        {"Content-Type", "image/png"}, {"Content-ID", "<icon@a>"}, {"Content-Disposition", "icon"}},
    "\x89PNG\r\n"};

ContentType mixed(std::string_view boundary) {
  return {"multipart/mixed", {{"boundary", std::string{boundary}}}};
}

Fault fault_of(const ContentType& type, std::string_view body) {
  const auto parsed = parse_multipart(type, body);
  EXPECT_FALSE(parsed) << body.substr(0, 100);
  return parsed ? Fault::closed : parsed.error().fault;
}

TEST(Multipart, is_printed_and_parsed) {
  const auto made = make_mixed("b1", {sdp, icon});
  ASSERT_TRUE(made);
  const auto text = to_text(*made);
  EXPECT_EQ(text,
            "--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n"
            "--b1\r\nContent-Type: image/png\r\nContent-ID: <icon@a>\r\n"
            "Content-Disposition: icon\r\n\r\n\x89PNG\r\n\r\n--b1--\r\n");
  EXPECT_EQ(to_text(made->type), "multipart/mixed;boundary=b1");
  EXPECT_EQ(parse_multipart(made->type, text), *made);
}

// RFC 2046 5.1.1: the line end before the delimiter belongs to it.
TEST(Multipart, drops_preamble_padding_and_epilogue) {
  const auto parsed = parse_multipart(
      mixed("b"), "preamble --b\r\n--b \t\r\n\r\none\r\n--bb\r\n\r\n--b\n\ntwo\n--b--  \r\nend");
  ASSERT_TRUE(parsed) << parsed.error().detail;
  ASSERT_THAT(parsed->parts, SizeIs(2));
  EXPECT_EQ(parsed->parts[0], (Part{{}, "one\r\n--bb\r\n"}));
  EXPECT_EQ(parsed->parts[1], (Part{{}, "two"}));
}

TEST(Multipart, may_hold_empty_parts_and_parts_without_a_body) {
  const auto parsed =
      parse_multipart(mixed("b"), "--b\r\n--b\r\n\r\n--b\r\nContent-Type: a/b\r\n--b--");
  ASSERT_TRUE(parsed);
  ASSERT_THAT(parsed->parts, SizeIs(3));
  EXPECT_EQ(parsed->parts[0], Part{});
  EXPECT_EQ(parsed->parts[1], Part{});
  EXPECT_EQ(parsed->parts[2], (Part{Headers{{"Content-Type", "a/b"}}, ""}));
  EXPECT_EQ(parse_multipart(parsed->type, to_text(*parsed)), *parsed);
}

TEST(Multipart, is_refused_without_boundary_part_or_end) {
  EXPECT_EQ(fault_of({"multipart/mixed", {}}, "--b\r\n\r\n--b--"), Fault::malformed);
  EXPECT_EQ(fault_of(mixed(std::string(71, 'b')), ""), Fault::malformed);
  EXPECT_EQ(fault_of(mixed("b\xC3"), ""), Fault::malformed);
  EXPECT_EQ(fault_of(mixed("b"), ""), Fault::malformed);
  EXPECT_EQ(fault_of(mixed("b"), "--b--\r\n"), Fault::malformed);
  EXPECT_EQ(fault_of(mixed("b"), "--b\r\n\r\nbody"), Fault::malformed);
  EXPECT_EQ(fault_of(mixed("b"), "--b\r\nno header\r\n\r\n--b--"), Fault::malformed);
}

TEST(Multipart, of_ten_thousand_parts_is_refused) {
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "--b\r\n\r\n\r\n";
  EXPECT_EQ(fault_of(mixed("b"), many + "--b--"), Fault::too_large);
}

TEST(Multipart, nested_a_hundred_deep_is_refused) {
  Part part = sdp;
  std::size_t depth = 0;
  const auto wrap = [&] {
    const auto made = make_mixed("b" + std::to_string(++depth), {part});
    part = {Headers{{"Content-Type", to_text(made->type)}}, to_text(*made)};
  };
  while (depth < max_nesting) wrap();
  EXPECT_TRUE(leaves_of(*part.headers.value("Content-Type"), part.body));
  while (depth < 100) wrap();
  EXPECT_EQ(leaves_of(*part.headers.value("Content-Type"), part.body).error().fault,
            Fault::too_large);
}

TEST(Multipart, builders_refuse_a_boundary_that_occurs) {
  EXPECT_FALSE(make_mixed("b", {{{}, "a --b"}}));
  EXPECT_FALSE(make_mixed("b", {{Headers{{"X", "--b"}}, ""}}));
  EXPECT_FALSE(make_mixed("", {sdp}));
  EXPECT_FALSE(make_related("b\r\n", {sdp}));
}

// RFC 2387 3.1
TEST(Multipart, related_names_the_type_of_its_root) {
  const auto made = make_related("b8rel", {sdp, icon});
  ASSERT_TRUE(made);
  EXPECT_EQ(to_text(made->type), "multipart/related;boundary=b8rel;type=\"application/sdp\"");
  EXPECT_EQ(*root_of(*made), sdp);
}

// RFC 2387 3.2
TEST(Multipart, related_may_start_elsewhere) {
  Multipart related{{"multipart/related", {{"start", "<icon@a>"}}}, {sdp, icon}};
  EXPECT_EQ(*root_of(related), icon);
  related.type.params = {{"start", "gone@a"}};
  EXPECT_EQ(*root_of(related), sdp);
  EXPECT_EQ(root_of({}), nullptr);
}

TEST(Multipart, leaves_are_found_through_every_nesting) {
  const auto related = make_related("inner", {sdp, icon});
  const Part nested{Headers{{"Content-Type", to_text(related->type)}}, to_text(*related)};
  const Part list{Headers{{"Content-Type", "application/resource-lists+xml"}}, "<x/>"};
  const auto outer = make_mixed("outer", {nested, list});
  ASSERT_TRUE(outer);

  const auto leaves = leaves_of(to_text(outer->type), to_text(*outer));

  ASSERT_TRUE(leaves);
  EXPECT_THAT(*leaves, testing::ElementsAre(sdp, icon, list));
  EXPECT_EQ(*find_by_type(*leaves, "Application/SDP"), sdp);
  EXPECT_EQ(*find_by_content_id(*leaves, "icon@a"), icon);
  EXPECT_EQ(*find_by_disposition(*leaves, "icon"), icon);
  EXPECT_EQ(find_by_type(*leaves, "message/cpim"), nullptr);
  EXPECT_EQ(find_by_content_id(*leaves, ""), nullptr);
}

TEST(Multipart, leaves_of_a_single_body_are_itself) {
  const auto leaves = leaves_of("application/sdp", "v=0\r\n");
  ASSERT_TRUE(leaves);
  EXPECT_THAT(*leaves, testing::ElementsAre(sdp));
}

}  // namespace
}  // namespace convene::mime
