#include "io/file_body_store.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <optional>

#include "base/text.h"
#include "io/test_directory.h"

namespace convene::io {
namespace {

std::span<const std::byte> octets_of(std::string_view text) {
  return std::as_bytes(std::span{text});
}

struct FileBodyStoreTest : testing::Test {
  FileBodyStoreTest() { open({.body = 1'000, .total = 2'500, .free_floor = 0}); }

  void open(SpoolQuota quota) { store.emplace(spool.path(), quota); }
  msrp::BodyId body_with(std::string_view octets) {
    const auto body = store->create({}).value();
    EXPECT_TRUE(store->write(body, 0, octets_of(octets)));
    return body;
  }
  std::string all(msrp::BodyId body) {
    std::string octets(store->size(body), '\0');
    EXPECT_EQ(store->read(body, 0, std::as_writable_bytes(std::span{octets})), octets.size());
    return octets;
  }

  TestDirectory spool;
  TestDirectory downloads;
  std::optional<FileBodyStore> store;
};

TEST_F(FileBodyStoreTest, keeps_octets_at_their_offsets_in_a_file_without_a_name) {
  const auto body = store->create(6).value();

  EXPECT_TRUE(store->write(body, 3, octets_of("def")));
  EXPECT_TRUE(store->write(body, 0, octets_of("abc")));

  EXPECT_EQ(all(body), "abcdef");
  EXPECT_EQ(spool.files(), 0);
  std::array<std::byte, 8> out;
  EXPECT_EQ(store->read(body, 4, out), 2);
  EXPECT_EQ(store->read(body, 9, out), 0);
}

TEST_F(FileBodyStoreTest, refuses_what_exceeds_the_quota_of_a_body) {
  EXPECT_EQ(store->create(1'001).error().fault, Fault::too_large);
  const auto body = store->create({}).value();
  EXPECT_TRUE(store->write(body, 999, octets_of("x")));
  EXPECT_EQ(store->write(body, 1'000, octets_of("x")).error().fault, Fault::too_large);
  EXPECT_EQ(store->write(body, UINT64_MAX, octets_of("x")).error().fault, Fault::too_large);
}

TEST_F(FileBodyStoreTest, counts_what_bodies_announce_until_they_are_dropped) {
  const auto first = store->create(1'000).value();
  store->create(1'000).value();

  EXPECT_EQ(store->create(501).error().fault, Fault::too_large);
  const auto third = store->create({}).value();
  EXPECT_TRUE(store->write(third, 0, octets_of(std::string(500, 'x'))));
  EXPECT_EQ(store->write(third, 500, octets_of("x")).error().fault, Fault::too_large);
  store->drop(first);

  EXPECT_TRUE(store->write(third, 500, octets_of("x")));
  EXPECT_EQ(store->total(), 1'501);
  EXPECT_EQ(store->bodies(), 2);
}

TEST_F(FileBodyStoreTest, leaves_the_file_system_its_free_floor) {
  open({.body = 1'000, .total = 2'500, .free_floor = UINT64_MAX});

  EXPECT_EQ(store->create(1).error().fault, Fault::too_large);
  EXPECT_EQ(store->create({}).error().fault, Fault::too_large);
}

TEST_F(FileBodyStoreTest, does_not_start_without_its_directory) {
  EXPECT_THROW(FileBodyStore(spool / "missing/deep"), std::system_error);
  EXPECT_NO_THROW(FileBodyStore(spool / "new"));
  EXPECT_EQ(std::filesystem::status(spool / "new").permissions(),
            std::filesystem::perms::owner_all);
}

TEST_F(FileBodyStoreTest, shows_slices_without_copying_also_after_a_drop) {
  const auto body = body_with("0123456789");

  store->drop(body);
  const auto views = store->view({.body = body, .offset = 2, .size = 5}).value();
  store->sweep();

  ASSERT_EQ(views.size(), 1);
  EXPECT_EQ(views[0].octets, "23456");
  EXPECT_EQ(store->bodies(), 0);
}

TEST_F(FileBodyStoreTest, shows_octets_that_were_written_after_the_window_was_mapped) {
  open({.body = 64U << 20, .total = 64U << 20, .free_floor = 0});
  const auto octets = noise(9'000'000, 1);
  const auto body = body_with(octets.substr(0, 100));
  EXPECT_EQ(store->view({.body = body, .offset = 0, .size = 100}).value().size(), 1);

  EXPECT_TRUE(store->write(body, 100, octets_of(octets.substr(100))));

  const auto views = store->view({.body = body, .offset = 0, .size = octets.size()}).value();
  std::string seen;
  for (const auto& view : views) seen += view.octets;
  EXPECT_TRUE(seen == octets);
}

TEST_F(FileBodyStoreTest, adopts_a_file_to_send_but_never_changes_it) {
  write_file(downloads / "photo.jpg", "octets of a photo");

  const auto [body, size] = store->adopt(downloads / "photo.jpg").value();

  EXPECT_EQ(size, 17);
  EXPECT_EQ(all(body), "octets of a photo");
  EXPECT_EQ(store->write(body, 0, octets_of("x")).error().fault, Fault::unsupported);
  EXPECT_EQ(store->total(), 0);
  EXPECT_EQ(store->adopt(downloads / "missing").error().fault, Fault::not_found);
  EXPECT_EQ(store->adopt(downloads.path()).error().fault, Fault::unsupported);
  EXPECT_EQ(store->adopt("/dev/zero").error().fault, Fault::unsupported);
}

TEST_F(FileBodyStoreTest, saves_a_body_and_never_over_another_file) {
  const auto body = body_with("new");
  write_file(downloads / "photo.jpg", "old");

  EXPECT_EQ(store->save_as(body, downloads.path(), "photo.jpg"), downloads / "photo (1).jpg");
  EXPECT_EQ(store->save_as(body, downloads.path(), "photo.jpg"), downloads / "photo (2).jpg");

  EXPECT_EQ(read_file(downloads / "photo.jpg"), "old");
  EXPECT_EQ(read_file(downloads / "photo (1).jpg"), "new");
  EXPECT_EQ(downloads.files(), 3);
}

TEST_F(FileBodyStoreTest, saves_into_no_other_directory_whatever_the_peer_wished) {
  const auto body = body_with("x");

  for (const auto* const wanted :
       {"../../etc/passwd", "/etc/passwd", "..\\passwd", "a/../passwd"}) {
    EXPECT_TRUE(store->save_as(body, downloads.path(), wanted)->starts_with(downloads / "passwd"))
        << wanted;
  }
  EXPECT_EQ(store->save_as(body, downloads.path(), ".."), downloads / "file");
  EXPECT_EQ(downloads.files(), 5);
}

TEST_F(FileBodyStoreTest, does_not_write_through_a_link_with_the_wanted_name) {
  const auto body = body_with("new");
  write_file(spool / "target", "old");
  std::filesystem::create_symlink(spool / "target", downloads / "photo.jpg");

  EXPECT_EQ(store->save_as(body, downloads.path(), "photo.jpg"), downloads / "photo (1).jpg");

  EXPECT_EQ(read_file(spool / "target"), "old");
}

TEST_F(FileBodyStoreTest, copies_an_adopted_file_and_across_file_systems) {
  write_file(downloads / "mine.txt", "mine");
  const auto adopted = store->adopt(downloads / "mine.txt").value().body;
  const auto saved = store->save_as(adopted, downloads.path(), "mine.txt").value();
  write_file(saved, "changed");
  EXPECT_EQ(read_file(downloads / "mine.txt"), "mine");

  const auto body = body_with("from the spool");
  const std::string elsewhere = "/dev/shm";
  if (!std::filesystem::exists(elsewhere)) return;
  const auto copied = store->save_as(body, elsewhere, "convene-file-body-store-test.txt").value();
  EXPECT_EQ(read_file(copied), "from the spool");
  std::filesystem::remove(copied);
}

TEST_F(FileBodyStoreTest, reports_a_directory_that_is_missing) {
  EXPECT_FALSE(store->save_as(body_with("x"), downloads / "missing", "x"));
}

TEST_F(FileBodyStoreTest, is_hashed_in_slices) {
  open({.body = 1U << 20, .total = 1U << 20, .free_floor = 0});
  const auto octets = noise(1'000'000, 2);
  const auto body = body_with(octets);
  BodyHash hash{Digest::sha1, body, octets.size()};

  int slices = 0;
  std::optional<std::string> digest;
  while (!digest) {
    digest = hash.advance(*store, 300'000).value();
    ++slices;
  }

  EXPECT_EQ(slices, 4);
  EXPECT_EQ(*digest, digest_of(Digest::sha1, octets));
}

TEST_F(FileBodyStoreTest, takes_the_digest_of_what_is_written_in_whatever_order) {
  const auto body = store->create(9).value();
  ASSERT_TRUE(store->write(body, 0, octets_of("ab")));
  const auto digest = store->digest(body, Digest::sha1);
  ASSERT_TRUE(store->write(body, 2, octets_of("c")));  // it has not begun
  ASSERT_TRUE(digest->advance(3));
  ASSERT_TRUE(store->write(body, 3, octets_of("def")));  // the next
  ASSERT_TRUE(store->write(body, 7, octets_of("hi")));   // a hole
  ASSERT_TRUE(store->write(body, 6, octets_of("g")));
  ASSERT_TRUE(digest->advance(9));

  EXPECT_EQ(to_hex(digest->finish()), digest_hex(Digest::sha1, "abcdefghi"));
}

TEST_F(FileBodyStoreTest, writes_on_when_a_digest_has_gone) {
  const auto body = body_with("abc");
  store->digest(body, Digest::sha1).reset();
  EXPECT_TRUE(store->write(body, 3, octets_of("def")));
  EXPECT_EQ(all(body), "abcdef");
}

TEST_F(FileBodyStoreTest, takes_no_digest_of_what_is_not_there) {
  const auto body = body_with("abc");
  EXPECT_EQ(store->digest(body, Digest::sha1)->advance(4).error().fault, Fault::closed);
}

}  // namespace
}  // namespace convene::io
