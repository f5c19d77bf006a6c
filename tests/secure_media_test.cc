#include "tests/lab.h"

// MSRP over TLS (RFC 4975 14.4), each leg for itself, on a simulated network.
namespace convene::tests {
namespace {

using cpm::MediaSecurity;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

LabSettings with_tls(std::map<std::string, MediaSecurity> of_clients,
                     MediaSecurity of_server = MediaSecurity::accept) {
  LabSettings settings;
  settings.policy.media.security = of_server;
  settings.adjust = [of_clients](const std::string& name, client::Settings& client) {
    const auto found = of_clients.find(name);
    if (found != of_clients.end()) client.security = found->second;
  };
  return settings;
}

struct SecureMedia : testing::Test {
  void begin(LabSettings settings) {
    lab.emplace(std::move(settings));
    lab->add_cast();
  }
  bool wait_for_files(const std::vector<std::string>& names) {
    return lab->wait([&] {
      return std::ranges::all_of(
          names, [&](const auto& name) { return lab->count<client::FileReceived>(name) == 1; });
    });
  }
  // How many SDPs with a line of this transport this one sent.
  std::size_t lines(const std::string& from, const std::string& transport) {
    std::size_t count = 0;
    for (const auto& sent : lab->world().wire())
      count += sent.from == from && sent.octets.contains(" " + transport + " *") ? 1U : 0U;
    return count;
  }

  std::optional<Lab> lab;
};

// RFC 4975 14.4: who offers TLS has it, who wants it is asked again with it, the others stay as
// they are.
TEST_F(SecureMedia, of_some_shares_a_group_and_a_file_with_the_plain_media_of_others) {
  begin(with_tls({{"alice", MediaSecurity::require},
                  {"bob", MediaSecurity::require},
                  {"carol", MediaSecurity::off}}));
  lab->create_group("alice", {"bob", "carol", "dave"});
  lab->say("alice", "from TLS");
  lab->say("carol", "from plain TCP");
  ASSERT_TRUE(lab->wait([&] {
    return lab->chats("bob").size() == 2 && lab->chats("carol").size() == 1 &&
           lab->chats("dave").size() == 2 && lab->chats("alice").size() == 1;
  })) << lab->world().log();

  const auto file = octets_of_file(300'000);
  lab->send_file("alice", file);
  ASSERT_TRUE(wait_for_files({"bob", "carol"})) << lab->world().log();

  EXPECT_THAT(lab->files("bob"), ElementsAre(file));
  EXPECT_THAT(lab->files("carol"), ElementsAre(file));
  EXPECT_EQ(lines("alice", "TCP/MSRP"), 0);
  EXPECT_EQ(lines("bob", "TCP/MSRP"), 0);
  EXPECT_EQ(lines("carol", "TCP/TLS/MSRP"), 0);
  EXPECT_EQ(lines("dave", "TCP/TLS/MSRP"), 0);
  EXPECT_EQ(lines("bob", "TCP/TLS/MSRP"), 2) << "chat and file";
}

// RFC 4975 14.4
TEST_F(SecureMedia, is_everybodys_where_the_server_requires_it) {
  begin(with_tls({{"alice", MediaSecurity::require}, {"carol", MediaSecurity::off}},
                 MediaSecurity::require));
  lab->create_group("alice", {"bob"});
  lab->say("alice", "hello");
  ASSERT_TRUE(lab->wait([&] { return lab->chats("bob").size() == 1; })) << lab->world().log();

  EXPECT_EQ(lines("cf", "TCP/MSRP"), 0);
}

// RFC 4975 14.4: and who does not speak it is told why.
TEST_F(SecureMedia, that_is_required_keeps_out_who_does_not_speak_it) {
  begin(with_tls({{"alice", MediaSecurity::require}, {"carol", MediaSecurity::off}},
                 MediaSecurity::require));
  lab->create_group("alice", {"bob"});
  lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.add(lab->group_of("alice"), {"sip:carol@ims.example"}, now, o);
  });

  ASSERT_TRUE(lab->wait([&] { return lab->world().log().contains("no TLS for MSRP here"); }))
      << lab->world().log();
  lab->world().run_for(5s);
  EXPECT_THAT(lab->events<client::Joined>("carol"), IsEmpty());
}

// RFC 8122 6.2: who shows another certificate than his SDP says gets nothing; the others do not
// notice.
TEST_F(SecureMedia, with_another_certificate_than_the_sdp_says_fails_alone) {
  auto settings = with_tls({{"alice", MediaSecurity::require}, {"bob", MediaSecurity::require}});
  settings.equip = [](const std::string& name, sim::HostSettings& machine) {
    if (name == "bob") machine.certificate = "of somebody in the middle";
  };
  settings.policy.media.lost_leg_grace = 1s;
  begin(std::move(settings));
  lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.create_group(
        {.subject = "", .members = {"sip:bob@ims.example", "sip:carol@ims.example"}}, now, o);
  });
  ASSERT_TRUE(lab->wait([&] {
    return lab->count<client::Joined>("carol") == 1 &&
           lab->world().log().contains("its certificate is not the one that its SDP names");
  })) << lab->world().log();

  ASSERT_TRUE(lab->wait([&] { return lab->count<client::Ended>("bob") > 0; }))
      << lab->world().log();
  EXPECT_THAT(lab->chats("bob"), IsEmpty());
}

// RFC 4975 14.4, between two clients.
TEST_F(SecureMedia, stands_between_two_who_want_it) {
  begin(with_tls({{"alice", MediaSecurity::require}}));
  lab->create_session("alice", "bob", "bob");
  lab->say("alice", "between us");

  ASSERT_TRUE(lab->wait([&] { return lab->chats("bob").size() == 1; })) << lab->world().log();
  EXPECT_EQ(lines("bob", "TCP/TLS/MSRP"), 1);
}

}  // namespace
}  // namespace convene::tests
