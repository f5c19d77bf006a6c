#include "tests/one_to_one_files.h"

// Files that break off and go on. Conversation 14.10, G-29; on a simulated network.
namespace convene::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Resumption : OneToOneFiles {
  void begin_and_break() {
    begin(slow());
    file = octets_of_file(4'000'000);
    offered = lab->file_of("alice", file);
    first = send_once();
    ASSERT_TRUE(lab->wait([&] {
      const auto progress = lab->events<client::FileProgress>("bob");
      return !progress.empty() && progress.back().octets > file.size() / 3;
    })) << lab->world().log();
    lab->world().reset_streams("alice", "bob");
    if (lab->anchors_media()) lab->world().reset_streams("alice", "cf");
    ASSERT_TRUE(wait_for<client::FileFailed>("alice")) << lab->world().log();
    ASSERT_TRUE(wait_for<client::FileFailed>("bob")) << lab->world().log();
    ASSERT_TRUE(wait_for_nothing());
    lab->world().clear_wire();
  }
  client::TransferId send_once() {
    const auto sent_files =
        lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
          return c.send_files({.address = "sip:bob@ims.example"}, {offered}, now, o);
        });
    EXPECT_TRUE(sent_files) << (sent_files ? "" : sent_files.error().detail);
    return sent_files ? sent_files->front() : client::TransferId{};
  }
  void expect_whole() {
    ASSERT_TRUE(wait_for<client::FileReceived>("bob")) << lab->world().log();
    EXPECT_THAT(lab->files("bob"), ElementsAre(file));
    EXPECT_TRUE(lab->events<client::FileReceived>("bob").at(0).hash_was_checked);
    ASSERT_TRUE(wait_for<client::FileSent>("alice")) << lab->world().log();
    EXPECT_TRUE(wait_for_nothing());
  }

  std::string file;
  client::FileToSend offered;
  client::TransferId first;
};

// The sender offers what the receiver has not confirmed.
TEST_F(Resumption, is_begun_by_the_sender_with_the_rest) {
  begin_and_break();
  const auto failed = lab->events<client::FileFailed>("alice").at(0);
  ASSERT_TRUE(failed.may_resume);
  ASSERT_GT(failed.octets, file.size() / 4);
  offered.begun = failed.octets;
  send_once();
  expect_whole();
  const auto invite = sent("alice", "INVITE").at(0);
  EXPECT_THAT(invite, HasSubstr("a=file-range:" + std::to_string(failed.octets + 1) + "-" +
                                std::to_string(file.size()) + "\r\n"));
}

// The receiver asks for what it lacks, and is given it.
TEST_F(Resumption, is_begun_by_the_receiver_who_asks_for_the_rest) {
  begin_and_break();
  const auto failed = lab->events<client::FileFailed>("bob").at(0);
  ASSERT_TRUE(failed.may_resume);
  ASSERT_TRUE(lab->with("bob", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.fetch_rest(failed.transfer, now, o);
  }));
  ASSERT_TRUE(wait_for<client::FileWanted>("alice")) << lab->world().log();
  const auto wanted = lab->events<client::FileWanted>("alice").at(0);
  EXPECT_EQ(wanted.sha1, offered.sha1);
  EXPECT_EQ(wanted.begun, failed.octets);
  ASSERT_TRUE(lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.give_file(wanted.transfer, offered, now, o);
  }));
  expect_whole();
  EXPECT_THAT(sent("bob", "INVITE").at(0),
              HasSubstr("a=file-range:" + std::to_string(failed.octets + 1) + "-"));
}

// RFC 5547 8.3.1: who has not its beginning refuses the rest.
TEST_F(Resumption, is_refused_by_who_has_not_the_beginning) {
  begin();
  file = octets_of_file(10'000);
  offered = lab->file_of("alice", file);
  offered.begun = 5'000;
  send_once();
  ASSERT_TRUE(wait_for<client::FileFailed>("alice")) << lab->world().log();
  EXPECT_EQ(lab->events<client::FileFailed>("alice").at(0).status, 488);
}

// ... nor takes it from somebody else.
TEST_F(Resumption, is_refused_from_another_sender) {
  begin_and_break();
  lab->add("carol", Device::everything);
  ASSERT_TRUE(wait_for<client::Registered>("carol"));
  auto hers = lab->file_of("carol", file);
  hers.begun = 1'000'000;
  ASSERT_TRUE(lab->with("carol", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_files({.address = "sip:bob@ims.example"}, {hers}, now, o);
  }));
  ASSERT_TRUE(wait_for<client::FileFailed>("carol")) << lab->world().log();
  EXPECT_EQ(lab->events<client::FileFailed>("carol").at(0).status, 488);
}

// It is kept for its time, and no longer.
TEST_F(Resumption, is_possible_for_an_hour) {
  begin_and_break();
  const auto kept = lab->world().bodies("bob").bodies();
  EXPECT_EQ(kept, 1U);
  lab->world().run_for(61min);
  EXPECT_EQ(lab->world().bodies("bob").bodies(), 0U);
  const auto failed = lab->events<client::FileFailed>("bob").at(0).transfer;
  EXPECT_FALSE(lab->with("bob", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.fetch_rest(failed, now, o);
  }));
}

}  // namespace
}  // namespace convene::tests
