#include "groups/resource_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::groups {
namespace {

using testing::ElementsAre;

constexpr std::string_view factory_list =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
    "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\" "
    "xmlns:cp=\"urn:ietf:params:xml:ns:copycontrol\">\r\n"
    "<list>\r\n"
    " <entry uri=\"sip:bob@example.com\" cp:copyControl=\"to\"/>\r\n"
    " <entry uri=\"sip:carol@example.com\" cp:copyControl=\"cc\"/>\r\n"
    "</list>\r\n"
    "</resource-lists>";

std::string with(std::string_view entries) {
  return "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists' "
         "xmlns:x='urn:ietf:params:xml:ns:copyControl'><list>" +
         std::string{entries} + "</list></resource-lists>";
}

// RFC 5366 3
TEST(ResourceList, is_printed_as_in_the_flows) {
  const ResourceList list{
      .entries = {{.uri = "sip:bob@example.com", .copy_control = CopyControl::to},
                  {.uri = "sip:carol@example.com", .copy_control = CopyControl::cc}}};
  EXPECT_EQ(to_text(list), factory_list);
  EXPECT_EQ(parse_resource_list(factory_list), list);
}

// RFC 5364 4: bcc when absent. One example of RFC 5366 writes the namespace in mixed case.
TEST(ResourceList, reads_either_spelling_of_the_copy_control_namespace) {
  const auto list = parse_resource_list(
      with("<entry uri='sip:a@b' x:copyControl='to' x:anonymize='true' x:count='3'/>"
           "<entry uri='sip:c@d'><display-name>Carol &amp; co</display-name></entry>"));
  ASSERT_TRUE(list) << list.error().detail;
  EXPECT_THAT(
      list->entries,
      ElementsAre(
          Entry{.uri = "sip:a@b", .copy_control = CopyControl::to, .anonymize = true, .count = 3},
          Entry{.uri = "sip:c@d", .display_name = "Carol & co"}));
  EXPECT_EQ(parse_resource_list(to_text(*list)), *list);
}

// RFC 5364 4
TEST(ResourceList, collapses_duplicates_to_the_strongest) {
  const auto list = parse_resource_list(
      with("<entry uri='sip:a@b'/><entry uri='sip:c@d' x:copyControl='cc'/>"
           "<entry uri=' sip:a@b' x:copyControl='to'/><entry uri='sip:a@b' x:copyControl='cc'/>"));
  ASSERT_TRUE(list);
  EXPECT_THAT(list->entries, ElementsAre(Entry{.uri = "sip:a@b", .copy_control = CopyControl::to},
                                         Entry{.uri = "sip:c@d", .copy_control = CopyControl::cc}));
}

// CPM 9.2.10: the header in the URI becomes one of that participant's INVITE.
TEST(ResourceList, keeps_the_headers_of_a_uri) {
  const std::string uri = "sip:bob@example.com;gr=urn:uuid:1?Session-Replaces=0c9d8e7f";
  const auto list = parse_resource_list(with("<entry uri='" + uri + "'/>"));
  ASSERT_TRUE(list);
  EXPECT_EQ(list->entries.at(0).uri, uri);
}

// RFC 5363 3: flat.
TEST(ResourceList, ignores_nested_lists_and_references) {
  const auto list = parse_resource_list(
      with("<list><entry uri='sip:nested@b'/></list><entry-ref ref='x'/><external anchor='y'/>"
           "<entry uri='sip:a@b'/>"));
  ASSERT_TRUE(list);
  EXPECT_THAT(list->entries, ElementsAre(Entry{.uri = "sip:a@b"}));
}

TEST(ResourceList, has_a_limit) {
  std::string entries;
  for (int i = 0; i < 11; ++i) entries += "<entry uri='sip:" + std::to_string(i) + "@b'/>";
  EXPECT_TRUE(parse_resource_list(with(entries), 11));
  EXPECT_EQ(parse_resource_list(with(entries), 10).error().fault, Fault::too_large);
  EXPECT_TRUE(parse_resource_list(with(entries + entries), 11));
}

TEST(ResourceList, is_refused_when_it_is_none) {
  EXPECT_FALSE(parse_resource_list("<list/>"));
  EXPECT_FALSE(parse_resource_list(with("<entry/>")));
  EXPECT_FALSE(parse_resource_list(with("<entry uri=' '/>")));
}

}  // namespace
}  // namespace convene::groups
