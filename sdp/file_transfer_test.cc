#include "sdp/file_transfer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::sdp {
namespace {

using testing::ElementsAre;

constexpr std::string_view plan =
    "name:\"plan.txt\" type:text/plain size:65 "
    "hash:sha-1:06:30:56:28:9A:2C:6D:69:D6:E4:C3:04:7C:6C:CB:15:2E:B8:E6:4E";

// RFC 5547 6
TEST(FileSelector, names_a_file_by_name_type_size_and_hash) {
  const auto selector = parse_file_selector(plan);
  ASSERT_TRUE(selector) << selector.error().detail;
  EXPECT_EQ(selector->name, "plan.txt");
  EXPECT_EQ(selector->type, "text/plain");
  EXPECT_EQ(selector->size, 65);
  EXPECT_EQ(sha1_of(*selector)->size(), 20);
  EXPECT_EQ(to_text(*selector), plan);
}

// RFC 5547 6: filename-char is any octet but NUL, CR, LF, double quote and percent.
TEST(FileSelector, encodes_what_a_name_may_not_hold) {
  const std::string name = "50% \"off\"\r\n: my J\xC3\xBCrgen.txt";
  const auto text = to_text(FileSelector{.name = name});
  EXPECT_EQ(text, "name:\"50%25 %22off%22%0D%0A: my J\xC3\xBCrgen.txt\"");
  EXPECT_EQ(parse_file_selector(text)->name, name);
}

TEST(FileSelector, may_hold_blanks_and_colons_in_its_name) {
  const auto selector = parse_file_selector("size:1 name:\"a size:2 b\" type:text/plain");
  ASSERT_TRUE(selector);
  EXPECT_EQ(selector->name, "a size:2 b");
  EXPECT_EQ(selector->size, 1);
}

TEST(FileSelector, may_have_a_type_with_quoted_parameters) {
  const auto selector = parse_file_selector("type:text/plain;charset=\"UTF-8\";x=\"a b\" size:3");
  ASSERT_TRUE(selector);
  EXPECT_EQ(selector->type, "text/plain;charset=\"UTF-8\";x=\"a b\"");
  EXPECT_EQ(selector->size, 3);
  EXPECT_EQ(to_text(FileSelector{.type = "text/plain; charset=\"a b\""}),
            "type:text/plain;charset=\"a b\"");
}

TEST(FileSelector, forgives_a_percent_that_encodes_nothing_and_a_hash_without_colons) {
  const auto selector = parse_file_selector(
      "name:\"100% real.txt\" hash:SHA-1:063056289a2c6d69d6e4c3047c6ccb152eb8e64e");
  ASSERT_TRUE(selector);
  EXPECT_EQ(selector->name, "100% real.txt");
  EXPECT_EQ(sha1_of(*selector), sha1_of(*parse_file_selector(plan)));
}

TEST(FileSelector, keeps_hashes_and_selectors_that_it_does_not_know) {
  constexpr std::string_view text = "hash:sha-256:AA:BB owner:\"bob the builder\"";
  const auto selector = parse_file_selector(text);
  ASSERT_TRUE(selector);
  EXPECT_THAT(selector->hashes, ElementsAre(FileHash{"sha-256", "\xAA\xBB"}));
  EXPECT_THAT(selector->others, ElementsAre("owner:\"bob the builder\""));
  EXPECT_EQ(sha1_of(*selector), std::nullopt);
  EXPECT_EQ(to_text(*selector), text);
}

TEST(FileSelector, may_be_empty) { EXPECT_EQ(parse_file_selector(""), FileSelector{}); }

TEST(FileSelector, is_refused_when_it_breaks_the_grammar) {
  for (const char* text :
       {"name:plan.txt", "name:\"\"", "name:\"a", "name:\"a%00b\"", "name:\"a\"b\"c\"", "size:-1",
        "size:", "size:18446744073709551616", "type:text", "type:/x", "hash:sha-1:AA", "hash:AA",
        "hash:sha-1:", "hash:sha-256:A", "hash:x:AA:", "size:1 size:2", "name:\"a\" name:\"b\""})
    EXPECT_FALSE(parse_file_selector(text)) << text;
}

// What has been read before the mistake is given back, however long it is.
TEST(FileSelector, leaves_nothing_behind_when_it_is_refused) {
  const std::string algorithm(100, 'a');
  EXPECT_FALSE(parse_file_selector("hash:" + algorithm + ":no digits"));
}

TEST(FileSelector, selects_a_file_by_what_both_name) {
  const auto whole = *parse_file_selector(plan);
  EXPECT_TRUE(selects({.name = "plan.txt"}, whole));
  EXPECT_TRUE(selects({.type = "TEXT/plain", .hashes = whole.hashes}, whole));
  EXPECT_FALSE(selects({.name = "plan.txt", .size = 66}, whole));
  EXPECT_FALSE(selects({.hashes = {{"sha-1", std::string(20, 'x')}}}, whole));
}

// RFC 5547 6: the first octet is 1, both ends belong to the range.
TEST(FileRange, counts_from_one) {
  EXPECT_EQ(parse_file_range("41-65"), (FileRange{41, 65}));
  EXPECT_EQ(parse_file_range("1-*"), (FileRange{1, std::nullopt}));
  EXPECT_EQ(to_text(FileRange{41, 65}), "41-65");
  EXPECT_EQ(to_text(FileRange{}), "1-*");
  for (const char* text : {"", "0-5", "5-4", "1", "1-", "*-5", "1-5 ", "1-18446744073709551616"})
    EXPECT_FALSE(parse_file_range(text)) << text;
}

TEST(FileDate, keeps_its_dates_as_written) {
  constexpr std::string_view text =
      "creation:\"Mon, 15 May 2006 15:01:31 +0300\" read:\"Tue, 16 May 2006 15:01:31 +0300\"";
  const auto date = parse_file_date(text);
  ASSERT_TRUE(date);
  EXPECT_EQ(date->creation, "Mon, 15 May 2006 15:01:31 +0300");
  EXPECT_EQ(date->modification, std::nullopt);
  EXPECT_EQ(to_text(*date), text);
  for (const char* bad : {"creation", "born:\"x\"", "creation:x", "read:\"a\" read:\"b\""})
    EXPECT_FALSE(parse_file_date(bad)) << bad;
}

TEST(FileOfMedia, is_read_and_written) {
  const FileDescription file{.selector = *parse_file_selector(plan),
                             .transfer_id = "vBnG916bdberum2fFEABR1FR3ExZMUrd",
                             .disposition = "attachment",
                             .date = FileDate{.creation = "Mon, 15 May 2006 15:01:31 +0300"},
                             .icon = "icon%7d1@alice.example.com",
                             .range = FileRange{41, 65}};
  Media media;
  set_file(media, file);

  EXPECT_EQ(media.attributes.value("file-selector"), plan);
  EXPECT_EQ(media.attributes.value("file-icon"), "cid:icon%257d1@alice.example.com");
  EXPECT_EQ(file_of(media), file);
}

// RFC 5547 8.3.1: an answer has neither icon, disposition nor date.
TEST(FileOfMedia, loses_what_is_empty) {
  Media media;
  media.attributes = {{"file-icon", "cid:a@b"}, {"file-disposition", "render"}, {"file-date", "x"}};
  set_file(media, {.selector = {}, .transfer_id = "t"});
  EXPECT_EQ(media.attributes, (Attributes{{"file-selector"}, {"file-transfer-id", "t"}}));
}

TEST(FileOfMedia, is_nothing_in_a_chat) { EXPECT_EQ(file_of(Media{}), std::nullopt); }

TEST(FileOfMedia, needs_both_selector_and_transfer_id) {
  Media media;
  media.attributes = {{"file-selector", std::string{plan}}};
  EXPECT_FALSE(file_of(media));
  media.attributes = {{"file-transfer-id", "x"}};
  EXPECT_FALSE(file_of(media));
}

// A bad icon costs the icon, not the file.
TEST(FileOfMedia, drops_an_unreadable_icon_or_date) {
  Media media;
  media.attributes = {{"file-selector", std::string{plan}},
                      {"file-transfer-id", "x"},
                      {"file-icon", "http://evil"},
                      {"file-date", "yesterday"}};
  const auto file = file_of(media);
  ASSERT_TRUE(file && *file);
  EXPECT_EQ((*file)->icon, "");
  EXPECT_EQ((*file)->date, std::nullopt);
}

}  // namespace
}  // namespace convene::sdp
