#include "scenario/script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace convene::scenario {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Verdict nothing(Scene&, const Step&, const std::string&) { return done(); }
constexpr auto table = std::to_array<Form>({
    {"says|say <words:text> [to <to:client>]", "", Form::Kind::action, nothing},
    {"receives|receive <words:text> [from <from:person>]", "", Form::Kind::expectation, nothing},
    {"leaves|leave", "", Form::Kind::action, nothing},
});

Result<Script> parsed(std::string_view text) { return parse_script(text, "trail.scenario", table); }
std::string mistakes(std::string_view text) {
  const auto script = parsed(text);
  return script ? "" : script.error().detail;
}

constexpr std::string_view trail = R"(# A short one.
client alice
clients bob and carol: says files and thumbnails, by hand
client dave: chat only, over udp, profile deployed, offline, without reports

file big.bin of 20 MB
server group.max_participants = 3

alice says "hello"       # to everybody
the others receive "hello" from alice
within 30s
bob, carol and dave leave
within 200ms, everybody receives "bye" from somebody
)";

TEST(Script, has_clients_with_what_they_say) {
  const auto script = parsed(trail).value();

  ASSERT_EQ(script.clients.size(), 4U);
  EXPECT_EQ(script.clients[0].name, "alice");
  EXPECT_EQ(script.clients[0].services, (cpm::Services{true, true, true}));
  EXPECT_FALSE(script.clients[0].is_by_hand);
  EXPECT_EQ(script.clients[2].name, "carol");
  EXPECT_EQ(script.clients[2].services, (cpm::Services{true, true, false}));
  EXPECT_TRUE(script.clients[2].is_by_hand);
  EXPECT_TRUE(script.clients[3].is_chat_only);
  EXPECT_TRUE(script.clients[3].is_offline);
  EXPECT_TRUE(script.clients[3].reports_nothing);
  EXPECT_EQ(script.clients[3].transport, sip::Transport::udp);
  EXPECT_EQ(script.clients[3].profile, client::Profile::deployed);
}

TEST(Script, has_files_and_settings) {
  const auto script = parsed(trail).value();

  ASSERT_EQ(script.files.size(), 1U);
  EXPECT_EQ(script.files[0].name, "big.bin");
  EXPECT_EQ(script.files[0].size, 20'000'000U);
  ASSERT_EQ(script.settings.size(), 1U);
  EXPECT_EQ(script.settings[0].key, "group.max_participants");
  EXPECT_EQ(script.settings[0].value, "3");
}

TEST(Script, has_steps_with_their_subjects) {
  const auto steps = parsed(trail).value().steps;

  ASSERT_EQ(steps.size(), 4U);
  EXPECT_EQ(steps[0].line, 9U);
  EXPECT_EQ(steps[0].form->pattern, table[0].pattern);
  EXPECT_THAT(steps[0].subjects, ElementsAre("alice"));
  EXPECT_THAT(steps[1].subjects, ElementsAre("bob", "carol", "dave"));
  EXPECT_THAT(steps[2].subjects, ElementsAre("bob", "carol", "dave"));
  EXPECT_THAT(steps[3].subjects, ElementsAre("alice", "bob", "carol", "dave"));
}

TEST(Script, gives_a_step_the_patience_that_was_said_last) {
  const auto steps = parsed(trail).value().steps;

  ASSERT_EQ(steps.size(), 4U);
  EXPECT_EQ(steps[0].patience, Duration{10'000});
  EXPECT_EQ(steps[2].patience, Duration{30'000});
  EXPECT_EQ(steps[3].patience, Duration{200});
}

TEST(Script, names_the_line_and_what_would_be_understood) {
  EXPECT_THAT(mistakes("client alice\n\nalice says\n"),
              AllOf(StartsWith("trail.scenario:3: 'says' is not understood"),
                    HasSubstr("says|say <words:text> [to <to:client>]")));
  EXPECT_THAT(
      mistakes("client alice\nalice recieves \"hello\"\n"),
      AllOf(StartsWith("trail.scenario:2: 'recieves' is no verb"), HasSubstr("receives|receive")));
}

TEST(Script, tells_all_mistakes_at_once) {
  EXPECT_THAT(
      mistakes("client alice\nbob leaves\nalice says \"hel\nclient Bob\nfile x of 3 pounds\n"),
      AllOf(HasSubstr("trail.scenario:2: 'bob' is no client"),
            HasSubstr("trail.scenario:3: a quote"), HasSubstr("trail.scenario:4: 'Bob' is no name"),
            HasSubstr("trail.scenario:5: a file")));
}

TEST(Script, refuses_a_client_that_is_none) {
  EXPECT_THAT(mistakes("client alice alice\nalice leaves"), HasSubstr("declared before"));
  EXPECT_THAT(mistakes("client\nalice leaves"), HasSubstr("wants a name"));
  EXPECT_THAT(mistakes("client alice: says nonsense\nalice leaves"), HasSubstr("says files"));
  EXPECT_THAT(mistakes("server x\nalice leaves"), HasSubstr("is set so"));
  EXPECT_THAT(mistakes("client alice\nwithin soon alice leaves"), HasSubstr("within wants a time"));
}

TEST(Script, without_a_step_is_a_mistake) {
  EXPECT_THAT(mistakes("client alice\n"), HasSubstr("no step"));
}

}  // namespace
}  // namespace convene::scenario
