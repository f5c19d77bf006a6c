// What every message store does, whichever it is.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "io/embedded_reader.h"
#include "store/message_object.h"
#include "store/stored_object.h"
#include "store/test_objects.h"
#include "tests/store_fixture.h"

namespace convene::store {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

class MessageStore : public StoreUnderTest {
 protected:
  Write in_session(std::vector<Object> objects) {
    return {.account = account,
            .folder = session,
            .session_info = make_session_info_object(session_headers(), trail_session()),
            .objects = std::move(objects)};
  }
  Write in_conversation(std::vector<Object> objects) {
    return {.account = account, .folder = conversation, .objects = std::move(objects)};
  }
  static Object message(const std::string& id, std::string_view text = "Hello") {
    auto headers = alices_headers();
    headers.imdn_message_id = id;
    return make_message_object(
        headers, "From: <sip:a@b>\r\n\r\nContent-Type: text/plain\r\n\r\n" + std::string{text});
  }
  static Object history(Piece file) {
    return make_file_transfer_history_object(transfer_headers(), trail_transfer(std::move(file)),
                                             "cpm")
        .value();
  }
  static std::string some_octets(std::size_t count) {
    std::string octets;
    for (std::size_t i = 0; i < count; ++i)
      octets += static_cast<char>((i * 2'654'435'761U) >> 13U & 0xFFU);
    return octets;
  }

  // Files of the embedded store, also those that no object has.
  std::size_t files_kept() const {
    std::size_t count = 0;
    for (const auto& each : std::filesystem::recursive_directory_iterator{files})
      count += each.is_regular_file() ? 1 : 0;
    return count;
  }

  std::string files = io::embedded_files_in(state);
  Folder conversation = conversation_folder({}, alices_headers().ids, "");
  Folder session = session_folder({}, alices_headers().ids, "");
};

// R5.1b, R5.1b2, R5.1c; flow F6: Message-UID 1 is the Session Info Object, 2 the transfer.
TEST_F(MessageStore, makes_the_session_folder_with_its_session_info) {
  const auto written = answer<Written>(in_session({history(plan)}));

  EXPECT_EQ(written.session_info, 1);
  EXPECT_THAT(written.objects, ElementsAre(2));
  EXPECT_NE(written.uid_validity, 0);
  EXPECT_EQ(read_whole(session, 1), cpm::flow_text("f6-2a"));
  EXPECT_EQ(read_whole(session, 2), text_of(history(plan)));
}

// R5.1a: out of a session there is only the transfer, and its own UID (A12).
TEST_F(MessageStore, keeps_a_transfer_without_session_in_its_conversation) {
  const auto written = answer<Written>(in_conversation({history(plan)}));

  EXPECT_EQ(written.session_info, std::nullopt);
  EXPECT_THAT(written.objects, ElementsAre(1));
}

// R5.1c: the session's UID stays the same, whatever comes after it.
TEST_F(MessageStore, tells_the_same_session_info_again) {
  const auto first = answer<Written>(in_session({message("m1")}));
  const auto second = answer<Written>(in_session({message("m2")}));

  EXPECT_EQ(second.session_info, first.session_info);
  EXPECT_EQ(second.uid_validity, first.uid_validity);
  EXPECT_THAT(second.objects, ElementsAre(3));
}

// A13: a folder that lost its Session Info Object, or never had one, gets it.
TEST_F(MessageStore, adds_the_session_info_that_a_folder_lacks) {
  auto without = in_session({message("m1")});
  without.session_info.reset();
  answer<Written>(without);
  EXPECT_EQ(answer<Written>(in_session({})).session_info, 2);
}

// Two workers meet: there is still one Session Info Object.
TEST_F(MessageStore, has_one_session_info_when_many_ask_at_once) {
  std::vector<Request> requests;
  for (int i = 0; i < 20; ++i)
    requests.emplace_back(in_session({message("m" + std::to_string(i))}));
  for (const auto& told : ask_all(requests)) {
    ASSERT_TRUE(told) << told.error().detail;
    EXPECT_EQ(std::get<Written>(*told).session_info, 1);
  }
  EXPECT_THAT(answer<ObjectStates>(ListObjects{.account = account, .folder = session}), SizeIs(21));
}

// G-34
TEST_F(MessageStore, gives_a_file_back_octet_for_octet) {
  const auto octets = some_octets(3'000'001);
  answer<Written>(in_conversation({history(file(octets))}));

  const auto object = parse_object(read_whole(conversation, 1, 500'000));
  ASSERT_TRUE(object) << object.error().detail;
  const auto& content = std::get<FileTransferHistory>(object->content).files.at(0).content;
  EXPECT_TRUE(std::get<std::string>(content->file) == octets);
}

// After a failure nobody knows whether it was stored: it is not there twice.
TEST_F(MessageStore, does_not_store_a_repetition_twice) {
  answer<Written>(in_session({message("m1")}));
  auto again = in_session({message("m1"), message("m2")});
  again.may_be_there = true;

  EXPECT_THAT(answer<Written>(again).objects, ElementsAre(2, 3));
  EXPECT_THAT(answer<Written>(again).objects, ElementsAre(2, 3));
}

TEST_F(MessageStore, lists_folders_and_what_is_in_them) {
  answer<Written>(in_session({message("m1")}));
  const auto folders = answer<Folders>(ListFolders{.account = account});
  ASSERT_THAT(folders, SizeIs(1));
  EXPECT_EQ(folders[0].folder, session);
  EXPECT_EQ(folders[0].objects, 2);
  EXPECT_EQ(folders[0].uid_next, 3);

  const auto objects = answer<ObjectStates>(
      ListObjects{.account = account, .folder = session, .with_headers = true});
  ASSERT_THAT(objects, SizeIs(2));
  EXPECT_THAT(objects[0].flags, ElementsAre("\\Seen"));
  EXPECT_EQ(objects[0].octets, cpm::flow_text("f6-2a").size());
  EXPECT_TRUE(cpm::flow_text("f6-2a").starts_with(objects[0].headers));
  EXPECT_TRUE(objects[0].headers.ends_with("\r\n\r\n"));
}

// RFC 7162: a client that knows the modseq is told what changed, and nothing else.
TEST_F(MessageStore, lists_what_changed_since) {
  answer<Written>(in_session({message("m1"), message("m2")}));
  const auto since = answer<Folders>(ListFolders{.account = account}).at(0).modseq;
  answer<Done>(ChangeFlags{
      .account = account, .folder = session, .uids = {2}, .flags = {"\\Seen", "ft-complete"}});

  const auto changed = answer<ObjectStates>(
      ListObjects{.account = account, .folder = session, .changed_since = since});
  ASSERT_THAT(changed, SizeIs(1));
  EXPECT_EQ(changed[0].uid, 2);
  EXPECT_THAT(changed[0].flags, testing::UnorderedElementsAre("\\Seen", "ft-complete"));
  EXPECT_GT(changed[0].modseq, since);
}

TEST_F(MessageStore, takes_flags_away) {
  answer<Written>(in_session({}));
  answer<Done>(ChangeFlags{.account = account,
                           .folder = session,
                           .uids = {1},
                           .change = FlagChange::take,
                           .flags = {"\\Seen"}});
  const auto objects = answer<ObjectStates>(ListObjects{.account = account, .folder = session});
  EXPECT_THAT(objects.at(0).flags, testing::IsEmpty());
}

// G-11: how a client finds the transfer of its IMDN-Message-ID.
TEST_F(MessageStore, searches_headers) {
  answer<Written>(in_session({message("m1"), message("m2")}));
  const Search search{
      .account = account, .folder = session, .header = "IMDN-Message-ID", .value = "m2"};
  EXPECT_THAT(answer<Uids>(search), ElementsAre(3));
}

TEST_F(MessageStore, knows_what_is_not_there) {
  EXPECT_THAT(answer<Folders>(ListFolders{.account = account}), testing::IsEmpty());
  EXPECT_EQ(ask(Read{.account = account, .folder = session, .uid = 1}).error().fault,
            Fault::not_found);
  answer<Written>(in_session({}));
  EXPECT_EQ(ask(Read{.account = account, .folder = session, .uid = 9}).error().fault,
            Fault::not_found);
}

// One user never sees another's folders.
TEST_F(MessageStore, keeps_users_apart) {
  answer<Written>(in_session({message("m1")}));
  const auto other = account + "-other";
  EXPECT_THAT(answer<Folders>(ListFolders{.account = other}), testing::IsEmpty());
  EXPECT_FALSE(ask(ListObjects{.account = other, .folder = session}));
}

TEST_F(MessageStore, takes_any_conversation_id) {
  for (const std::string id : {"a/../b", "%*", "x.y@host:5060", "\"q\"", "日本", "a\r\nb"}) {
    auto what = in_session({message("m1")});
    auto ids = alices_headers().ids;
    ids.conversation = id;
    what.folder = session_folder({}, ids, "");
    EXPECT_EQ(answer<Written>(what).session_info, 1) << id;
  }
  EXPECT_THAT(answer<Folders>(ListFolders{.account = account}), SizeIs(6));
}

// A group's file costs once what it costs.
TEST_F(MessageStore, keeps_one_file_for_all_members) {
  if (!is_embedded()) GTEST_SKIP() << "the server's business";
  const auto octets = some_octets(100'000);
  const auto first = account;
  answer<Written>(in_session({history(file(octets))}));
  account += "-other";
  answer<Written>(in_session({history(file(octets))}));
  EXPECT_EQ(files_kept(), 1);

  answer<Done>(Erase{.account = first});
  EXPECT_EQ(files_kept(), 1);
  EXPECT_EQ(read_whole(session, 2, 100'000), text_of(history(octets)));
  answer<Done>(Erase{.account = account});
  EXPECT_EQ(files_kept(), 0);
}

// A crash between the file and its row leaves a file that nobody knows.
TEST_F(MessageStore, clears_away_files_that_no_object_has) {
  if (!is_embedded()) GTEST_SKIP() << "the server's business";
  answer<Written>(in_session({history(file(some_octets(1'000)))}));
  std::filesystem::create_directories(files + "/00");
  std::ofstream{files + "/00/11"} << "left";
  std::ofstream{files + "/incoming/file"} << "left";
  reopen();
  EXPECT_EQ(files_kept(), 1);
}

TEST_F(MessageStore, erases_a_user) {
  answer<Written>(in_session({history(file(some_octets(200'000)))}));
  answer<Done>(Erase{.account = account});
  EXPECT_THAT(answer<Folders>(ListFolders{.account = account}), testing::IsEmpty());
  answer<Done>(Erase{.account = account});  // again does no harm
}

TEST_F(MessageStore, has_it_all_after_a_restart) {
  const auto before = answer<Written>(in_session({message("m1"), history(file(some_octets(99)))}));
  reopen();
  EXPECT_EQ(read_whole(session, 1), cpm::flow_text("f6-2a"));
  EXPECT_EQ(read_whole(session, 3), text_of(history(some_octets(99))));
  const auto after = answer<Written>(in_session({message("m2")}));
  EXPECT_EQ(after.uid_validity, before.uid_validity);
  EXPECT_THAT(after.objects, ElementsAre(4));
}

}  // namespace
}  // namespace convene::store
