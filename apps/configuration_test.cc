#include "apps/configuration.h"

#include <gmock/gmock.h>

#include <fstream>

#include "base/test_tree.h"

namespace convene::apps {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string complaints_about(std::string_view text) {
  const auto configuration = parse_configuration(text, "convened.toml");
  return configuration ? "" : configuration.error().detail;
}

std::string file_of_the_tree(const std::string& name) {
  std::ifstream file{test_tree() / name};
  return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(Configuration, has_a_default_for_every_key) {
  const auto configuration = parse_configuration("", "convened.toml");

  ASSERT_TRUE(configuration);
  EXPECT_EQ(to_toml(*configuration), to_toml(Configuration{}));
  EXPECT_TRUE(check(*configuration));
}

TEST(Configuration, takes_what_the_file_says) {
  const auto configuration = parse_configuration(R"(
[listen]
udp = []
tcp = ["192.0.2.10:5060", "[2001:db8::10]:5060"]
[sip]
trusted_peers = ["192.0.2.0/24"]
[registrar]
users = [{address = "sip:alice@ims.example", password = "secret"}]
[group]
max_participants = 100
idle = 600
not_cpm_statuses = [404]
[file_transfer]
unknown_participants = "invite"
max_size = 2_147_483_648
[msrp]
path_match = "session-id"
[log]
level = "debug"
)",
                                                 "convened.toml");

  ASSERT_TRUE(configuration);
  EXPECT_THAT(configuration->listen.udp, IsEmpty());
  EXPECT_THAT(configuration->listen.tcp, ElementsAre("192.0.2.10:5060", "[2001:db8::10]:5060"));
  EXPECT_THAT(configuration->registrar.users,
              ElementsAre(Configuration::User{"sip:alice@ims.example", "secret", ""}));
  EXPECT_EQ(configuration->group.max_participants, 100u);
  EXPECT_EQ(configuration->group.idle, 600s);
  EXPECT_THAT(configuration->group.not_cpm_statuses, ElementsAre(404u));
  EXPECT_EQ(configuration->file_transfer.unknown_participants,
            Configuration::UnknownParticipants::invite);
  EXPECT_EQ(configuration->file_transfer.max_size, 2'147'483'648u);
  EXPECT_EQ(configuration->msrp.path_match, Configuration::PathMatch::session_id);
  EXPECT_EQ(configuration->log.level, Configuration::LogLevel::debug);
}

TEST(Configuration, reads_what_it_printed) {
  Configuration configuration;
  configuration.group.nicknames = false;
  configuration.trace.file = "a \"trace\" \\ file";
  configuration.registrar.users = {{"sip:alice@ims.example", "pass\"word", "Alice"},
                                   {"sip:bob@ims.example", "", ""}};

  const auto again = parse_configuration(to_toml(configuration), "convened.toml");

  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(to_toml(*again), to_toml(configuration));
}

TEST(Configuration, names_the_place_and_the_nearest_key) {
  EXPECT_EQ(
      complaints_about("[group]\nmax_participant = 3\n"),
      "convened.toml:2:1: [group] has no key 'max_participant'; did you mean 'max_participants'?");
  EXPECT_EQ(complaints_about("[groups]\n"),
            "convened.toml:1:2: there is no section [groups]; did you mean 'group'?");
  EXPECT_EQ(complaints_about("[msrp]\n\nmax_size = 3\n"),
            "convened.toml:3:1: [msrp] has no key 'max_size'; it belongs to [file_transfer]");
  EXPECT_EQ(complaints_about("domain = 'ims.example'\n"),
            "convened.toml:1:1: 'domain' belongs to [sip]");
  EXPECT_EQ(complaints_about("[sip]\nxyzzy = 1\n"), "convened.toml:2:1: [sip] has no key 'xyzzy'");
}

TEST(Configuration, names_what_a_value_has_to_be) {
  EXPECT_EQ(complaints_about("[group]\nmax_participants = 1\n"),
            "convened.toml:2:20: [group] max_participants has to be a number from 2 to 10000");
  EXPECT_EQ(complaints_about("[group]\nnicknames = \"yes\"\n"),
            "convened.toml:2:13: [group] nicknames has to be true or false");
  EXPECT_EQ(complaints_about("[log]\nformat = \"xml\"\n"),
            "convened.toml:2:10: [log] format has to be \"text\" or \"json\"");
  EXPECT_EQ(complaints_about("[listen]\nudp = [\"127.0.0.1\"]\n"),
            "convened.toml:2:7: [listen] udp: '127.0.0.1' is no host:port");
  EXPECT_EQ(complaints_about("[sip]\nmin_se = -90\n"),
            "convened.toml:2:10: [sip] min_se has to be seconds, from 90 to 31536000");
  EXPECT_EQ(complaints_about("[registrar]\nusers = [{name = \"alice\"}]\n"),
            "convened.toml:2:9: [registrar] users: a user has no 'name'");
}

TEST(Configuration, names_every_mistake_at_once) {
  const auto complaints = complaints_about("[log]\nlevle = \"info\"\n[msrp]\nmax_chunk = 1\n");

  EXPECT_THAT(complaints, HasSubstr("convened.toml:2:1: [log] has no key 'levle'"));
  EXPECT_THAT(complaints, HasSubstr("\nconvened.toml:4:13: [msrp] max_chunk has to be"));
}

TEST(Configuration, names_the_place_where_it_is_no_toml) {
  EXPECT_THAT(complaints_about("[log]\nlevel = \n"), testing::StartsWith("convened.toml:2:"));
  EXPECT_THAT(complaints_about("[&]\n"), testing::StartsWith("convened.toml:1:"));
  EXPECT_EQ(complaints_about("[trace]\nfile = 'é'  # é\n"), "");
}

TEST(Configuration, takes_single_keys_over_the_file) {
  Configuration configuration;

  EXPECT_TRUE(set_key(configuration, "group.max_participants", "20"));
  EXPECT_TRUE(set_key(configuration, "sip.domain", "lab.example"));
  EXPECT_TRUE(set_key(configuration, "log.format", "\"json\""));
  EXPECT_TRUE(set_key(configuration, "listen.udp", "[]"));

  EXPECT_EQ(configuration.group.max_participants, 20u);
  EXPECT_EQ(configuration.sip.domain, "lab.example");
  EXPECT_EQ(configuration.log.format, Configuration::LogFormat::json);
  EXPECT_THAT(configuration.listen.udp, IsEmpty());
}

TEST(Configuration, refuses_single_keys_as_it_refuses_those_of_the_file) {
  Configuration configuration;

  EXPECT_FALSE(set_key(configuration, "group.max_participants", "one"));
  EXPECT_FALSE(set_key(configuration, "group.max_participants", "1"));
  EXPECT_FALSE(set_key(configuration, "group", "1"));
  EXPECT_FALSE(set_key(configuration, "max_participants", "20"));
  EXPECT_EQ(set_key(configuration, "sip.domian", "x").error().detail,
            "[sip] has no key 'domian'; did you mean 'domain'?");
}

TEST(Configuration, is_checked_as_a_whole) {
  Configuration configuration;
  configuration.listen.tls = {"127.0.0.1:5061"};
  configuration.registrar.open = true;
  configuration.listen.tcp = {"192.0.2.10:5060"};

  const auto verdict = check(configuration);

  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().detail,
            "[listen] tls needs certificate and private_key in [tls]\n"
            "[registrar] open is for listeners on loopback addresses only");
}

TEST(Configuration, puts_the_domain_where_a_text_names_it) {
  Configuration configuration;
  configuration.sip.domain = "{domain}.example";

  EXPECT_EQ(with_domain(configuration, "sip:a@{domain}:5060"), "sip:a@{domain}.example:5060");
}

TEST(Configuration, has_its_sample_and_its_reference_in_the_tree) {
  EXPECT_EQ(file_of_the_tree("examples/convened.toml"), to_toml(Configuration{}))
      << "tools/write_docs";
  EXPECT_EQ(file_of_the_tree("docs/configuration.md"), configuration_reference())
      << "tools/write_docs";
}

TEST(Configuration, needs_what_its_message_store_needs) {
  Configuration configuration;
  configuration.store.kind = Configuration::StoreKind::embedded;
  EXPECT_TRUE(check(configuration));
  configuration.state.enabled = false;
  EXPECT_FALSE(check(configuration));

  configuration.store.kind = Configuration::StoreKind::imap;
  EXPECT_FALSE(check(configuration));
  configuration.store.login = "cpmpf";
  configuration.store.password_file = "secret";
  EXPECT_TRUE(check(configuration));
  configuration.store.password = "twice";
  EXPECT_FALSE(check(configuration));
}

}  // namespace
}  // namespace convene::apps
