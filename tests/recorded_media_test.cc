#include "base/hash.h"
#include "mime/base64_lines.h"
#include "tests/recorded_lab.h"

// What the Participating Functions record of the media that passes through them, on the simulated
// network: CPM 8.5.3, conversation 1.
namespace convene::tests {
namespace {

using RecordedMedia = RecordedLab;

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// CPM 8.5.3: a message object for everybody, each in the own session's folder.
TEST_F(RecordedMedia, has_the_messages_of_a_group_for_all_its_members) {
  begin();
  lab->create_group("alice", {"bob", "carol"});
  lab->say("alice", "half past eight?");
  ASSERT_TRUE(
      lab->wait([&] { return lab->chats("bob").size() + lab->chats("carol").size() == 2; }));
  lab->say("bob", "fine");
  ASSERT_TRUE(lab->wait([&] { return lab->chats("alice").size() == 1; })) << lab->world().log();
  lab->world().run_for(5s);

  for (const auto* user : {"alice", "bob", "carol"})
    EXPECT_THAT(said(user), ElementsAre("half past eight?", "fine")) << user;
  const auto messages = objects<store::StoredMessage>(session_of("bob"));
  const auto received = read(messages.at(0)).headers;
  EXPECT_EQ(received.from, "sip:alice@ims.example");
  EXPECT_EQ(received.to, "sip:bob@ims.example");
  EXPECT_EQ(received.direction, store::Direction::received);
  const auto sent = read(messages.at(1)).headers;
  EXPECT_EQ(sent.from, "sip:bob@ims.example");
  EXPECT_EQ(sent.direction, store::Direction::sent);
  EXPECT_THAT(sent.subject, IsEmpty());
}

// Where the next one is in the same node, nothing leaves it. Conversation 1
TEST_F(RecordedMedia, goes_from_role_to_role_within_a_node) {
  begin();
  lab->create_group("alice", {"bob"});
  lab->say("alice", "hello");
  ASSERT_TRUE(lab->wait([&] { return lab->chats("bob").size() == 1; })) << lab->world().log();
  const auto& wire = lab->world().wire();
  EXPECT_TRUE(std::ranges::none_of(
      wire, [](const auto& sent) { return sent.from == "cf" && sent.to == "cf"; }));
}

TEST_F(RecordedMedia, has_the_messages_of_a_session_of_two_for_both) {
  begin();
  lab->create_session("alice", "bob", "bob");
  lab->say("alice", "hello");
  lab->say("bob", "hello yourself");
  ASSERT_TRUE(
      lab->wait([&] { return lab->chats("alice").size() + lab->chats("bob").size() == 2; }));
  lab->world().run_for(5s);
  for (const auto* user : {"alice", "bob"}) EXPECT_THAT(said(user), SizeIs(2)) << user;
  EXPECT_EQ(lab->count<client::ChatSent>("alice"), 1U);
}

// R5.1, message-storage 3.2: the file itself, and that it came over whole.
TEST_F(RecordedMedia, has_a_file_itself_for_both) {
  begin();
  lab->create_group("alice", {"bob"});
  const auto octets = octets_of_file(100'000);
  lab->send_file("alice", octets);
  ASSERT_TRUE(lab->wait([&] { return !lab->files("bob").empty(); })) << lab->world().log();
  lab->world().run_for(60s);
  for (const auto* user : {"alice", "bob"}) {
    const auto files = objects<store::FileTransferHistory>(session_of(user));
    ASSERT_THAT(files, SizeIs(1)) << user;
    EXPECT_THAT(files[0].flags, Contains("ft-complete")) << user;
    EXPECT_THAT(files[0].text, HasSubstr(mime::to_base64_lines(octets))) << user;
  }
  EXPECT_EQ(lab->world().bodies("cf").bodies(), 0U);
}

// RFC 4975 14.4: what is over TLS is so on both sides of whoever records it.
TEST_F(RecordedMedia, has_what_is_over_tls) {
  auto settings = recording();
  settings.policy.media.security = cpm::MediaSecurity::require;
  settings.adjust = [](const std::string&, client::Settings& client) {
    client.security = cpm::MediaSecurity::require;
  };
  begin(std::move(settings));
  lab->create_group("alice", {"bob"});
  lab->say("alice", "nobody else reads this");
  ASSERT_TRUE(lab->wait([&] { return lab->chats("bob").size() == 1; })) << lab->world().log();
  const auto octets = octets_of_file(100'000);
  lab->send_file("alice", octets);
  ASSERT_TRUE(lab->wait([&] { return !lab->files("bob").empty(); })) << lab->world().log();
  lab->world().run_for(60s);
  for (const auto* user : {"alice", "bob"}) {
    EXPECT_THAT(said(user), ElementsAre("nobody else reads this")) << user;
    const auto files = objects<store::FileTransferHistory>(session_of(user));
    ASSERT_THAT(files, SizeIs(1)) << user;
    EXPECT_THAT(files[0].text, HasSubstr(mime::to_base64_lines(octets))) << user;
  }
  const auto& wire = lab->world().wire();
  EXPECT_TRUE(std::ranges::none_of(
      wire, [](const auto& sent) { return sent.octets.contains(" TCP/MSRP *"); }));
}

// CPM 8.5.3, conversation 13: whatever its size, a message object for each of them.
TEST_F(RecordedMedia, has_large_messages_for_all) {
  for (const std::size_t size : {5'000, 400'000}) {
    SCOPED_TRACE(size);
    begin();
    const std::string text(size, 'x');
    ASSERT_TRUE(lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_message(
          {.to = {"sip:bob@ims.example", "sip:carol@ims.example"}, .octets = text}, now, o);
    }));
    ASSERT_TRUE(lab->wait([&] {
      return lab->chats("bob").size() + lab->chats("carol").size() == 2;
    })) << lab->world().log();
    lab->world().run_for(60s);
    std::vector<std::string> ids;
    for (const auto* user : {"alice", "bob", "carol"}) {
      std::size_t count = 0;  // of the message; alice has the reports, too
      for (const auto& kept : objects<store::StoredMessage>(folder(user, 2))) {
        const auto object = read(kept);
        const auto message =
            cpim::parse_message(std::get<store::StoredMessage>(object.content).cpim);
        if (!message || message->body != text) continue;
        ++count;
        ids.push_back(object.headers.imdn_message_id);
      }
      EXPECT_EQ(count, 1U) << user;
    }
    EXPECT_THAT(ids, testing::Each(ids.front()));
    EXPECT_EQ(lab->world().bodies("cf").bodies(), 0U);
    EXPECT_EQ(lab->leftovers(), "") << lab->world().log();
  }
}

// A file that stops in the middle: known as such, without its octets, and nothing is left of it.
TEST_F(RecordedMedia, knows_that_a_file_came_over_in_part) {
  auto settings = recording();
  settings.world.link.octets_per_second = 400'000;
  begin(std::move(settings));
  const auto file = lab->file_of("alice", octets_of_file(1'000'000));
  ASSERT_TRUE(lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_files({.address = "sip:bob@ims.example"}, {file}, now, o);
  }));
  ASSERT_TRUE(lab->wait([&] {
    const auto seen = lab->events<client::FileProgress>("bob");
    return !seen.empty() && seen.back().octets > 300'000;
  })) << lab->world().log();
  lab->world().reset_streams("cf", "bob");
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::FileFailed>("alice") == 1; }));
  lab->world().run_for(5min);
  const auto& conversation = folder("alice", 2);
  ASSERT_THAT(conversation.objects, SizeIs(1));
  EXPECT_THAT(conversation.objects[0].flags, Contains("ft-partial"));
  EXPECT_THAT(conversation.objects[0].text, Not(HasSubstr("Content-Transfer-Encoding: base64")));
  EXPECT_EQ(lab->world().bodies("cf").bodies(), 0U);
  EXPECT_EQ(lab->leftovers(), "") << lab->world().log();
}

// Durable before acknowledged.
TEST_F(RecordedMedia, is_acknowledged_when_its_record_is_kept) {
  begin();
  lab->create_session("alice", "bob", "bob");
  lab->world().run_for(5s);
  lab->world().disk("cf").delay = 1s;
  lab->say("alice", "hello");
  lab->world().run_for(900ms);
  EXPECT_EQ(lab->chats("bob").size(), 1U);
  EXPECT_EQ(lab->count<client::ChatSent>("alice"), 0U);
  lab->world().run_for(2s);
  EXPECT_EQ(lab->count<client::ChatSent>("alice"), 1U);
}

// A disk that is full takes nothing from those who talk, and what they said is not lost.
TEST_F(RecordedMedia, is_not_lost_on_a_full_disk) {
  begin();
  lab->create_session("alice", "bob", "bob");
  lab->world().run_for(5s);
  lab->world().disk("cf").fault = sim::Disk::Fault::refuses;
  lab->say("alice", "hello");
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::ChatSent>("alice") == 1; }));
  EXPECT_THAT(said("alice"), IsEmpty());
  lab->world().disk("cf").fault = sim::Disk::Fault::none;
  lab->world().run_for(1min);
  EXPECT_THAT(said("alice"), ElementsAre("hello"));
  EXPECT_THAT(said("bob"), ElementsAre("hello"));
}

// R5.1: who does not want a history talks from end to end.
TEST_F(RecordedMedia, does_not_pass_through_for_users_without_history) {
  auto settings = recording();
  settings.participating->preferences.offline_storage = false;
  begin(std::move(settings));
  lab->create_session("alice", "bob", "bob");
  lab->say("alice", "hello");
  ASSERT_TRUE(lab->wait([&] { return lab->chats("bob").size() == 1; }));
  EXPECT_EQ(lab->server().snapshot().participating.media, 0U);
}

// R6.1: a session's media is released at its BYE.
TEST_F(RecordedMedia, is_released_with_its_session) {
  begin();
  lab->create_session("alice", "bob", "bob");
  EXPECT_EQ(lab->server().snapshot().participating.media, 2U) << "one for each user";
  leave("alice");
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::Ended>("bob") == 1; }));
  EXPECT_EQ(lab->server().snapshot().participating.media, 0U);
}

}  // namespace
}  // namespace convene::tests
