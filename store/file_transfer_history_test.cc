#include "store/file_transfer_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mime/base64_lines.h"
#include "store/stored_object.h"
#include "store/test_objects.h"

namespace convene::store {
namespace {

// The flow has its base64 in one line; RFC 2045 6.8 allows 76 characters.
std::string flow_in_short_lines() {
  auto text = cpm::flow_text("f6-2b");
  const auto at = text.find("VHJhaWwg") + 76;
  return text.insert(at, "\r\n");
}

// R5.1b, flow F6.2b
TEST(FileTransferHistoryObject, is_that_of_the_flow_octet_for_octet) {
  const auto object =
      make_file_transfer_history_object(transfer_headers(), trail_transfer(plan), "cpm");

  ASSERT_TRUE(object);
  EXPECT_EQ(text_of(*object), flow_in_short_lines());
  EXPECT_EQ(object->imdn_message_id, "f-9QmZt41kLw");
}

// CPM 8.5.3
TEST(FileTransferHistoryObject, is_read_back_with_its_file) {
  const auto object = parse_object(cpm::flow_text("f6-2b"));

  ASSERT_TRUE(object) << object.error().detail;
  EXPECT_EQ(object->headers, transfer_headers());
  EXPECT_EQ(std::get<FileTransferHistory>(object->content), trail_transfer(plan));
}

// G-34: a file is never in memory, and stands in the object in base64.
TEST(FileTransferHistoryObject, names_a_file_that_is_too_large_for_memory) {
  const FileContent file{.body = {7}, .octets = plan.size()};
  const auto object =
      make_file_transfer_history_object(transfer_headers(), trail_transfer(file), "cpm");

  ASSERT_TRUE(object);
  ASSERT_THAT(object->pieces, testing::SizeIs(3));
  EXPECT_EQ(object->pieces[1], Piece{file});
  EXPECT_EQ(size_of(*object), flow_in_short_lines().size());
  EXPECT_EQ(std::get<std::string>(object->pieces[0]) + mime::to_base64_lines(plan) +
                std::get<std::string>(object->pieces[2]),
            flow_in_short_lines());
}

TEST(FileTransferHistoryObject, of_a_file_that_is_not_kept_only_describes_it) {
  auto history = trail_transfer(plan);
  history.files[0].content.reset();
  const auto object = make_file_transfer_history_object(transfer_headers(), history, "cpm");

  ASSERT_TRUE(object);
  EXPECT_EQ(std::get<FileTransferHistory>(parse_object(text_of(*object))->content), history);
}

// The specification's own example has angle brackets there.
TEST(FileTransferHistoryObject, is_found_by_a_content_id_in_any_dress) {
  for (const auto* cid : {"cid:1234@x", "cid:&lt;1234@x&gt;", " &lt;1234@x&gt; ", "1234@x"}) {
    const auto history = parse_file_transfer_history(
        "<file-transfer-type>1-1</file-transfer-type><file-object><cid>" + std::string{cid} +
        "</cid></file-object>");
    ASSERT_TRUE(history) << cid;
    EXPECT_EQ(history->files.at(0).content_id, "1234@x") << cid;
  }
}

TEST(FileTransferHistoryObject, wants_another_boundary_when_the_peers_words_hold_it) {
  auto history = trail_transfer(plan);
  history.files[0].sdp = "a=x\r\n--cpm--";
  EXPECT_FALSE(make_file_transfer_history_object(transfer_headers(), history, "cpm"));
  EXPECT_TRUE(make_file_transfer_history_object(transfer_headers(), history, "cpm2"));
}

// A type is a peer's word: it cannot add a header of its own.
TEST(FileTransferHistoryObject, does_not_let_a_type_break_its_header) {
  auto history = trail_transfer(plan);
  history.files[0].content->type = "text/plain\r\nX: y";
  const auto object = make_file_transfer_history_object(transfer_headers(), history, "cpm");
  ASSERT_TRUE(object);
  EXPECT_FALSE(text_of(*object).contains("\r\nX: y"));
  EXPECT_TRUE(parse_object(text_of(*object)));
}

}  // namespace
}  // namespace convene::store
