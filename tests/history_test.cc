#include "cpm/service.h"
#include "tests/recorded_lab.h"

// What the Participating Functions of the users store of their sessions and files, on the simulated
// network: R5, R6.1-R6.3, R6.9.
namespace convene::tests {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct History : RecordedLab {
  // What the answers to BYE said on the wire, in their order.
  std::vector<std::string> message_uids() {
    std::vector<std::string> uids;
    for (const auto& sent : lab->world().wire()) {
      const auto at = sent.octets.find("Message-UID: ");
      if (at != std::string::npos)
        uids.push_back(sent.octets.substr(at + 13, sent.octets.find("\r\n", at) - at - 13));
    }
    return uids;
  }
  void send_and_wait(const std::string& from, const std::vector<std::string>& to,
                     const std::string& octets) {
    lab->send_file(from, octets);
    for (const auto& name : to)
      ASSERT_TRUE(lab->wait([&] { return !lab->files(name).empty(); })) << lab->world().log();
    lab->world().run_for(60s);
  }
};

// R5.0, R5.1b, R5.1c: both users' histories have the file in the folder of the group session.
TEST_F(History, has_a_file_of_a_group_in_the_folder_of_its_session) {
  begin();
  lab->create_group("alice", {"bob", "carol"});
  lab->world().clear_wire();
  send_and_wait("alice", {"bob", "carol"}, octets_of_file(30'000));

  for (const auto* user : {"alice", "bob", "carol"}) {
    const auto& session = folder(user, 3);
    EXPECT_THAT(objects<store::SessionInfo>(session), SizeIs(1)) << user;
    EXPECT_EQ(session.session_info, 1U);
    const auto files = objects<store::FileTransferHistory>(session);
    ASSERT_THAT(files, SizeIs(1)) << user;
    EXPECT_EQ(files[0].uid, 2U);
    const auto object = read(files[0]);
    const auto& history = std::get<store::FileTransferHistory>(object.content);
    EXPECT_THAT(history.files.at(0).sdp, testing::HasSubstr("name:\"plan.txt\""));
    EXPECT_EQ(object.headers.from, "sip:alice@ims.example");
  }
  // Only whose own BYE it was hears of it.
  EXPECT_THAT(message_uids(), Contains("1"));
  EXPECT_THAT(message_uids(), testing::Each("1"));
}

// R5.1b2: the chat was not stored, for its user did not want it then.
TEST_F(History, makes_the_folder_with_its_session_info_object_when_there_is_none) {
  auto settings = recording();
  settings.participating->preferences.offline_storage = false;
  begin(std::move(settings));
  lab->create_group("alice", {"bob"});
  EXPECT_THAT(history().accounts, IsEmpty());
  participating::UserPreferences alice{.uri = "sip:alice@ims.example"};
  alice.rules.push_back({.id = "all", .actions = {.offline_storage = true}});
  lab->server().load_preferences({alice});
  lab->world().clear_wire();
  send_and_wait("alice", {"bob"}, octets_of_file(30'000));

  const auto& session = folder("alice", 3);
  ASSERT_THAT(session.objects, SizeIs(2));
  const auto info = read(session.objects[0]);
  ASSERT_TRUE(std::holds_alternative<store::SessionInfo>(info.content));
  EXPECT_THAT(session.objects[0].flags, Contains("created-by-ft"));
  EXPECT_EQ(info.headers.subject, "Trail Sunday");
  EXPECT_THAT(message_uids(), ElementsAre("1"));
  EXPECT_FALSE(history().accounts.contains("bob")) << "R5.1: he does not want it";
}

// R5.1a, A12
TEST_F(History, has_a_file_without_session_in_the_conversation) {
  begin();
  auto file = lab->file_of("alice", octets_of_file(10'000));
  lab->world().clear_wire();
  const auto sent = lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_files({.address = "sip:bob@ims.example"}, {file}, now, o);
  });
  ASSERT_TRUE(sent) << sent.error().detail;
  ASSERT_TRUE(lab->wait([&] { return !lab->files("bob").empty(); })) << lab->world().log();
  lab->world().run_for(60s);

  for (const auto* user : {"alice", "bob"}) {
    const auto& conversation = folder(user, 2);
    ASSERT_THAT(conversation.objects, SizeIs(1)) << user;
    EXPECT_EQ(read(conversation.objects[0]).headers.from, "sip:alice@ims.example");
  }
  EXPECT_THAT(message_uids(), ElementsAre("1"));
}

// CPM 8.3.2.3, 8.5.3: a session's beginning and end
TEST_F(History, has_a_session_of_two_with_its_message_uid) {
  begin();
  lab->create_session("alice", "bob", "bob");
  lab->world().clear_wire();
  leave("bob");
  lab->world().run_for(60s);
  for (const auto* user : {"alice", "bob"})
    EXPECT_THAT(objects<store::SessionInfo>(folder(user, 3)), SizeIs(1)) << user;
  EXPECT_THAT(message_uids(), ElementsAre("1"));
  EXPECT_EQ(lab->leftovers(), "");
}

// CPM 8.5.3: who was in a group, and how to come back.
TEST_F(History, has_the_group_state_when_the_session_ends_but_not_the_membership) {
  begin();
  lab->create_group("alice", {"bob", "carol"});
  EXPECT_TRUE(lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.disconnect(lab->group_of("alice"), now, o);
  }));
  leave("bob");
  lab->world().run_for(60s);

  const auto states = objects<store::GroupState>(folder("alice", 3));
  ASSERT_THAT(states, SizeIs(1));
  const auto object = read(states[0]);
  const auto& state = std::get<store::GroupState>(object.content);
  EXPECT_THAT(state.last_focus_session_id, testing::StartsWith("sip:"));
  std::vector<std::string> members;
  for (const auto& one : state.participants) members.push_back(one.comm_addr);
  EXPECT_THAT(members, Contains("sip:bob@ims.example"));
  EXPECT_THAT(members, Contains("sip:carol@ims.example"));
  EXPECT_THAT(objects<store::GroupState>(folder("bob", 3)), IsEmpty()) << "he left for good";
}

// R6.3, R6.9: the chat ends at 30 % of a transfer.
TEST_F(History, lets_a_file_arrive_whose_sender_ends_the_chat) {
  auto settings = recording();
  settings.world.link.octets_per_second = 400'000;
  begin(std::move(settings));
  lab->create_group("alice", {"bob", "carol"});
  const auto octets = octets_of_file(1'000'000);
  lab->send_file("alice", octets);
  ASSERT_TRUE(lab->wait([&] {
    const auto seen = lab->events<client::FileProgress>("bob");
    return !seen.empty() && seen.back().octets > 300'000;
  })) << lab->world().log();
  leave("alice");
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::Ended>("alice") == 1; }));
  EXPECT_TRUE(lab->files("bob").empty()) << "too late to show anything";
  ASSERT_TRUE(lab->wait([&] { return !lab->files("bob").empty() && !lab->files("carol").empty(); }))
      << lab->world().log();
  EXPECT_THAT(lab->files("bob"), ElementsAre(octets));
  lab->world().run_for(60s);
  // R5.1b: the folder of the session that is over.
  EXPECT_THAT(objects<store::FileTransferHistory>(folder("alice", 3)), SizeIs(1));

  // And the other way: after the file's BYE the chat goes on.
  lab->say("bob", "thank you");
  EXPECT_TRUE(lab->wait([&] { return lab->chats("carol").size() == 1; }));
}

// The BYE is answered within 2 s, and the record is not lost.
TEST_F(History, does_not_hold_up_a_bye_for_a_slow_store_and_has_the_record_later) {
  begin();
  lab->create_group("alice", {"bob"});
  lab->world().run_for(5s);
  history().delay = 60s;
  lab->world().clear_wire();
  lab->send_file("alice", octets_of_file(10'000));
  ASSERT_TRUE(lab->wait([&] { return !lab->files("bob").empty(); }));
  lab->world().run_for(20s);
  EXPECT_THAT(message_uids(), IsEmpty());
  EXPECT_EQ(lab->server().snapshot().controlling.transfers.size(), 0U);
  EXPECT_THAT(lab->world().log(), testing::HasSubstr("without Message-UID"));

  lab->world().run_for(2min);
  EXPECT_THAT(objects<store::FileTransferHistory>(folder("alice", 3)), SizeIs(1));
}

// Kept before the server is killed: it reaches the store all the same.
TEST_F(History, survives_the_server) {
  begin();
  lab->create_group("alice", {"bob"});
  lab->world().run_for(5s);
  history().fault = sim::History::Fault::refuses;
  lab->send_file("alice", octets_of_file(10'000));
  ASSERT_TRUE(lab->wait([&] { return !lab->files("bob").empty(); }));
  lab->world().run_for(20s);
  EXPECT_GE(history().waiting(), 2U);
  lab->world().restart("cf");
  history().fault = sim::History::Fault::none;
  history().drain();
  EXPECT_THAT(objects<store::FileTransferHistory>(folder("alice", 3)), SizeIs(1));
}

// Whatever the instant at which the server is killed: what a client was told of is there.
TEST_F(History, has_what_a_message_uid_was_told_of_wherever_the_server_is_killed) {
  std::size_t told = 0;
  for (std::size_t effect = 1; effect <= 40; ++effect) {
    begin();
    lab->create_session("alice", "bob", "bob");
    lab->world().run_for(5s);
    history().delay = 1ms;
    lab->world().clear_wire();
    lab->world().crash_at_effect("cf", effect);
    leave("alice");
    lab->world().run_for(10s);
    lab->world().restart("cf");
    history().drain();
    for (const auto& uid : message_uids()) {
      ++told;
      EXPECT_EQ(uid, std::to_string(folder("alice", 3).session_info)) << "effect " << effect;
    }
    EXPECT_LE(folder("alice", 3).objects.size(), 1U) << "effect " << effect;
  }
  EXPECT_GT(told, 0U) << "all were too early";
}

// CPM 8.5.3: a message in pager mode
TEST_F(History, has_a_message_outside_any_session_for_both) {
  begin();
  lab->world().clear_wire();
  ASSERT_TRUE(lab->with("alice", [](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_message({.to = {"sip:bob@ims.example"}, .octets = "hello"}, now, o);
  }));
  ASSERT_TRUE(lab->wait([&] { return lab->chats("bob").size() == 1; }));
  lab->world().run_for(60s);
  for (const auto* user : {"alice", "bob"}) {
    const auto messages = objects<store::StoredMessage>(folder(user, 2));
    ASSERT_FALSE(messages.empty()) << user;
    EXPECT_THAT(messages[0].text, testing::HasSubstr("hello"));
  }
  EXPECT_THAT(message_uids(), Contains("1"));
  EXPECT_EQ(lab->leftovers(), "");
}

// A disk that was full: nothing is kept, and it is asked for again.
TEST_F(History, is_not_lost_on_a_full_disk) {
  begin();
  lab->create_session("alice", "bob", "bob");
  lab->world().run_for(5s);
  history().accounts.clear();
  lab->world().disk("cf").fault = sim::Disk::Fault::refuses;
  leave("alice");
  lab->world().run_for(2s);
  EXPECT_THAT(history().accounts, IsEmpty());
  EXPECT_EQ(lab->count<client::Ended>("alice"), 1U);

  lab->world().disk("cf").fault = sim::Disk::Fault::none;
  lab->world().run_for(1min);
  EXPECT_THAT(folder("alice", 3).objects, SizeIs(1));
}

}  // namespace
}  // namespace convene::tests
