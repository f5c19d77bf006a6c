#include "cpm/file_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/random.h"
#include "cpm/flow_messages.h"
#include "cpm/session_offer.h"
#include "mime/multipart.h"

// Several files in one INVITE, each with what is about it. R4.1e; conversation 14.5, 14.6
namespace convene::cpm {
namespace {

using testing::SizeIs;

mime::Part icon(std::string_view id, std::string_view octets = "pixels") {
  return {.headers = {{"Content-Type", "image/png"},
                      {"Content-Transfer-Encoding", "base64"},
                      {"Content-ID", "<" + std::string{id} + ">"},
                      {"Content-Disposition", "icon"}},
          .body = to_base64(octets)};
}
cpim::Message wrapper(std::string_view id) {
  return file_wrapper(id, "2025-11-22T10:05:00Z", {.positive_delivery = true}, "text/plain");
}

// The two files of flow F9.1.
struct FilePartsTest : testing::Test {
  FilePartsTest() : offer{read_file_transfer_offer(flow("f9-1")).value()} {}

  FileMedia& file(std::size_t index) { return *offer.files[index]; }
  sip::Message written() {
    SeededRandom random{1};
    auto invite = sip::Message::request("INVITE", "sip:x@example.com");
    write_file_transfer_offer(invite, offer, {.session_id = "1"}, random);
    return invite;
  }
  // What a receiver reads of it.
  FileTransferOffer read() { return read_file_transfer_offer(written()).value(); }
  // ... of the description with these parts beside it.
  FileTransferOffer read_with(std::vector<mime::Part> parts) {
    SeededRandom random{1};
    auto invite = written();
    parts.insert(parts.begin(), {.headers = {{"Content-Type", "application/sdp"}},
                                 .body = std::string{invite.body()}});
    set_parts(invite, std::move(parts), random);
    return read_file_transfer_offer(invite).value();
  }
  static mime::Part part_of(std::string_view imdn_id, std::string_view content_id = {}) {
    mime::Part part{.headers = {{"Content-Type", "message/cpim"}},
                    .body = cpim::to_text(wrapper(imdn_id))};
    if (!content_id.empty()) {
      part.headers.add("Content-ID", "<" + std::string{content_id} + ">");
    }
    return part;
  }
  static std::string imdn_id(const FileMedia& file) {
    return file.wrapper ? cpim::imdn_message_id(*file.wrapper) : "none";
  }

  FileTransferOffer offer;
};

TEST_F(FilePartsTest, give_each_file_its_own_icon) {
  for (const auto index : {0U, 1U}) {
    file(index).file.icon = "icon-" + std::to_string(index) + "@example.com";
    file(index).icon = icon(file(index).file.icon, "pixels " + std::to_string(index));
  }
  const auto there = read();
  EXPECT_EQ(there.files, offer.files);
  EXPECT_EQ(mime::decoded_body(there.files[1]->icon.value()), "pixels 1");
}

TEST_F(FilePartsTest, give_each_file_its_own_wrapper) {
  file(0).wrapper = wrapper("first");
  file(1).wrapper = wrapper("second");
  const auto there = read();
  EXPECT_EQ(imdn_id(*there.files[0]), "first");
  EXPECT_EQ(imdn_id(*there.files[1]), "second");
}

// The Content-ID tells, not the order.
TEST_F(FilePartsTest, are_told_apart_by_the_file_transfer_id) {
  const auto there = read_with({part_of("second", file(1).file.transfer_id + "@example.com"),
                                part_of("first", file(0).file.transfer_id + "@example.com")});
  EXPECT_EQ(imdn_id(*there.files[0]), "first");
  EXPECT_EQ(imdn_id(*there.files[1]), "second");
}

TEST_F(FilePartsTest, of_one_file_are_nothing_to_the_other) {
  const auto there = read_with({part_of("first", file(0).file.transfer_id + "@example.com")});
  EXPECT_EQ(imdn_id(*there.files[0]), "first");
  EXPECT_EQ(imdn_id(*there.files[1]), "none");
}

TEST_F(FilePartsTest, are_named_where_another_file_has_none) {
  file(1).wrapper = wrapper("second");
  const auto there = read();
  EXPECT_EQ(imdn_id(*there.files[0]), "none");
  EXPECT_EQ(imdn_id(*there.files[1]), "second");
}

TEST_F(FilePartsTest, that_name_no_file_are_about_all) {
  for (const auto* id : {"", "other@example.com"}) {
    const auto there = read_with({part_of("both", id)});
    EXPECT_EQ(imdn_id(*there.files[0]), "both");
    EXPECT_EQ(imdn_id(*there.files[1]), "both");
  }
}

TEST_F(FilePartsTest, that_are_about_all_are_written_once) {
  file(0).wrapper = file(1).wrapper = wrapper("both");
  const auto invite = written();
  EXPECT_THAT(mime::leaves_of(invite.header(sip::Name::content_type), invite.body()).value(),
              SizeIs(2));
  EXPECT_EQ(imdn_id(*read().files[1]), "both");
}

// G-23: the icon of one file goes, that of the other stays.
TEST_F(FilePartsTest, drop_an_icon_that_nobody_should_get) {
  file(0).file.icon = "large@example.com";
  file(0).icon = icon("large@example.com", std::string(max_icon_octets + 1, 'x'));
  file(1).file.icon = "small@example.com";
  file(1).icon = icon("small@example.com");
  const auto there = read();
  EXPECT_FALSE(there.files[0]->icon);
  EXPECT_EQ(there.files[0]->file.icon, "");
  EXPECT_TRUE(there.files[1]->icon);
}

TEST_F(FilePartsTest, of_a_broken_wrapper_refuse_the_offer) {
  SeededRandom random{1};
  auto broken = part_of("second", "second@example.com");
  broken.body = "From nobody\r\n";
  auto invite = written();
  set_parts(invite,
            {{.headers = {{"Content-Type", "application/sdp"}}, .body = std::string{invite.body()}},
             part_of("first"),
             broken},
            random);
  EXPECT_EQ(read_file_transfer_offer(invite).error().status, 400);
}

}  // namespace
}  // namespace convene::cpm
