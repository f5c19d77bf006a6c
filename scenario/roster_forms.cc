#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "scenario/forms.h"
#include "scenario/scene.h"

namespace convene::scenario {

namespace {

// As it was told last. CPM 7.3.10
std::vector<client::Participant> roster_of(Scene& scene, const Step& step,
                                           const std::string& subject) {
  const auto group = scene.group_of(subject, step.arguments["group"]);
  const auto session = group ? scene.stage().client(subject).session(*group) : std::nullopt;
  return session ? session->roster : std::vector<client::Participant>{};
}

bool is_in_state(client::Participant::State state, const std::string& name) {
  using enum client::Participant::State;
  switch (state) {
    case invited: return name == "invited";
    case joined: return name == "joined";
    case gone: return name == "gone";
  }
  return false;
}

Verdict sees_state(Scene& scene, const Step& step, const std::string& subject) {
  const auto roster = roster_of(scene, step, subject);
  const bool is_seen = std::ranges::any_of(roster, [&](const client::Participant& one) {
    return one.address == scene.address_of(step.arguments["who"]) &&
           is_in_state(one.state, step.arguments["state"]);
  });
  return is_seen ? done() : not_yet("not seen so");
}

// Nobody is listed that is not there any more, as far as the roster tells.
Verdict sees_nothing_of(Scene& scene, const Step& step, const std::string& subject) {
  const auto roster = roster_of(scene, step, subject);
  const bool is_seen = std::ranges::any_of(roster, [&](const client::Participant& one) {
    return one.address == scene.address_of(step.arguments["who"]) &&
           one.state != client::Participant::State::gone;
  });
  return is_seen ? not_yet("still seen") : done();
}

Verdict sees_nickname(Scene& scene, const Step& step, const std::string& subject) {
  const auto roster = roster_of(scene, step, subject);
  const bool is_seen = std::ranges::any_of(roster, [&](const client::Participant& one) {
    return one.address == scene.address_of(step.arguments["who"]) &&
           one.nickname == step.arguments["nickname"];
  });
  return is_seen ? done() : not_yet("not seen with this nickname");
}

Verdict counts(Scene& scene, const Step& step, const std::string& subject) {
  const auto roster = roster_of(scene, step, subject);
  const auto joined =
      std::ranges::count(roster, client::Participant::State::joined, &client::Participant::state);
  if (std::to_string(joined) == step.arguments["count"]) return done();
  return not_yet(std::to_string(joined) + " have joined");
}

using enum Form::Kind;
constexpr auto forms = std::to_array<Form>({
    {"sees|see <who:client> <state:invited|joined|gone> [in <group:text>]",
     "what participant information says", expectation, sees_state},
    {"sees|see nothing of <who:client> [in <group:text>]", "", expectation, sees_nothing_of},
    {"sees|see <who:client> called <nickname:text> [in <group:text>]", "its nickname", expectation,
     sees_nickname},
    {"sees|see <count:number> joined [in <group:text>]", "itself among them", expectation, counts},
});

}  // namespace

std::span<const Form> roster_forms() { return forms; }

}  // namespace convene::scenario
