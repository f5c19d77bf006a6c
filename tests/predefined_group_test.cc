#include "tests/lab.h"

// Conversation 6.2: pre-defined groups, on a simulated network.
namespace convene::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string hikers = "sip:hikers@groups.ims.example";

groups::GroupDocument document(const std::vector<std::string>& members) {
  groups::GroupDocument document{.uri = hikers, .subject = "Trails"};
  for (const auto& name : members) document.members.push_back({"sip:" + name + "@ims.example"});
  return document;
}

struct PredefinedGroup : testing::Test {
  void begin(LabSettings settings = {}) {
    settings.policy.group.group_hosts = {"groups.ims.example"};
    lab.emplace(std::move(settings));
    lab->add_cast();
  }
  client::GroupId join(const std::string& name) {
    const auto group = lab->with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.join({.focus = hikers, .ids = {}, .subject = ""}, now, o);
    });
    EXPECT_TRUE(group) << (group ? "" : group.error().detail);
    return group.value_or(client::GroupId{});
  }
  bool wait_for_joined(const std::vector<std::string>& names) {
    return lab->wait([&] {
      return std::ranges::all_of(
          names, [&](const auto& name) { return lab->count<client::Joined>(name) > 0; });
    });
  }
  std::string focus_of(const std::string& name) {
    return lab->events<client::Joined>(name).at(0).focus;
  }
  std::optional<Lab> lab;
};

// R1.10b, R1.14
TEST_F(PredefinedGroup, brings_all_its_members_together) {
  begin();
  lab->server().load_groups({document({"alice", "bob", "carol"})});
  join("alice");
  ASSERT_TRUE(wait_for_joined({"alice", "bob", "carol"})) << lab->world().log();
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::RosterChanged>("bob") > 0; }));
  EXPECT_EQ(lab->events<client::RosterChanged>("bob").back().subject, "Trails");
  EXPECT_EQ(lab->count<client::Joined>("dave"), 0U);
}

// Conversation 6.2: also when two of them begin it at once.
TEST_F(PredefinedGroup, is_one_session_whoever_begins_it) {
  begin();
  lab->server().load_groups({document({"alice", "bob", "carol"})});
  join("alice");
  join("bob");
  ASSERT_TRUE(wait_for_joined({"alice", "bob", "carol"})) << lab->world().log();
  EXPECT_EQ(focus_of("alice"), focus_of("bob"));
  EXPECT_EQ(focus_of("alice"), focus_of("carol"));
}

TEST_F(PredefinedGroup, keeps_strangers_out) {
  begin();
  lab->server().load_groups({document({"alice", "bob"})});
  join("dave");
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::Ended>("dave") == 1; }));
  EXPECT_EQ(lab->events<client::Ended>("dave").at(0).status, 403);
  EXPECT_EQ(lab->count<client::Invited>("bob"), 0U);
}

// RFC 4825 7: the document comes from an XDM server, and is asked for again by its ETag.
TEST_F(PredefinedGroup, is_fetched_when_it_is_needed) {
  LabSettings settings;
  settings.policy.document.uri_template = "http://xdm.ims.example/{group}";
  begin(settings);
  std::vector<controlling::FetchDocument> asked;
  lab->world().serve_documents([&](const controlling::FetchDocument& fetch) {
    asked.push_back(fetch);
    using enum controlling::FetchedDocument::Outcome;
    if (!fetch.etag.empty()) return controlling::FetchedDocument{.outcome = unchanged};
    return controlling::FetchedDocument{
        .outcome = found, .text = to_text(document({"alice", "bob"})), .etag = "\"1\""};
  });
  join("alice");
  ASSERT_TRUE(wait_for_joined({"alice", "bob"})) << lab->world().log();
  lab->world().run_for(2min);
  join("dave");
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::Ended>("dave") == 1; }));
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked.at(1).etag, "\"1\"");
}

// Conversation 17; a proxy makes 500 of the focus's 503 (RFC 3261 16.7 (6)).
TEST_F(PredefinedGroup, is_unavailable_without_its_server) {
  LabSettings settings;
  settings.policy.document.uri_template = "http://xdm.ims.example/{group}";
  begin(settings);
  join("alice");
  ASSERT_TRUE(lab->wait([&] { return lab->count<client::Ended>("alice") == 1; }));
  EXPECT_EQ(lab->events<client::Ended>("alice").at(0).status, 500);
  EXPECT_THAT(lab->world().log(), HasSubstr("6.2 no group document"));
}

// CPM 9.1.1, 9.1.2
TEST_F(PredefinedGroup, gets_messages_of_either_mode) {
  begin();
  lab->server().load_groups({document({"alice", "bob", "carol"})});
  for (const auto& text : {std::string{"short"}, std::string(5'000, 'x')}) {
    ASSERT_TRUE(lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_message({.to = {hikers}, .octets = text}, now, o);
    }));
    ASSERT_TRUE(lab->wait([&] {
      return std::ranges::count(lab->chats("bob"), text) == 1 &&
             std::ranges::count(lab->chats("carol"), text) == 1;
    })) << lab->world().log();
  }
  const auto received = lab->events<client::ChatReceived>("bob").back();
  EXPECT_EQ(received.group_address, hikers);
  EXPECT_EQ(received.from.address, "sip:alice@ims.example");
  EXPECT_TRUE(lab->wait([&] { return lab->leftovers().empty(); })) << lab->leftovers();
}

// RFC 5438 8: which of its members a message or a file did not reach, its sender is told by it.
TEST_F(PredefinedGroup, tells_which_members_were_not_reached) {
  begin();
  lab->server().load_groups({document({"alice", "bob", "nobody"})});
  const auto failed = [&](const std::string& id) {
    for (const auto& one : lab->client("alice").deliveries(id)) {
      if (one.recipient == "sip:nobody@ims.example") return one.delivery == imdn::Status::failed;
    }
    return false;
  };
  const cpim::DispositionNotification wants{.positive_delivery = true, .negative_delivery = true};
  for (const std::size_t size : {100U, 3'000U}) {
    const auto id = lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_message({.to = {hikers}, .octets = std::string(size, 'x'), .wants = wants}, now,
                            o);
    });
    ASSERT_TRUE(id);
    EXPECT_TRUE(lab->wait([&] { return failed(*id); })) << size << lab->world().log();
  }

  client::FileToSend offered;
  offered.wants = wants;
  const auto file = lab->file_of("alice", octets_of_file(3'000), offered);
  const auto sent = lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_files({.address = hikers}, {file}, now, o);
  });
  ASSERT_TRUE(sent);
  const auto id = lab->client("alice").transfer(sent->front())->imdn_id;
  EXPECT_TRUE(lab->wait([&] { return failed(id); })) << lab->world().log();
  EXPECT_TRUE(lab->wait([&] { return lab->files("bob").size() == 1; }));
}

}  // namespace
}  // namespace convene::tests
