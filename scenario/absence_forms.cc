#include <algorithm>
#include <array>
#include <string>

#include "scenario/forms.h"
#include "scenario/scene.h"

namespace convene::scenario {

namespace {

// The kinds of things that one would notice.
std::string kind_of(const client::Event& event) {
  if (std::holds_alternative<client::ChatReceived>(event)) return "message";
  if (std::holds_alternative<client::FileOffered>(event) ||
      std::holds_alternative<client::FileReceived>(event))
    return "file";
  if (std::holds_alternative<client::DeliveryReport>(event)) return "report";
  if (std::holds_alternative<client::Invited>(event)) return "invitation";
  return {};
}

// Of what no step has asked for yet. An invitation counts only if it is meant: most clients take it
// by themselves.
Verdict gets_no(Scene& scene, const Step& step, const std::string& subject) {
  const auto& what = step.arguments["what"];
  for (const auto& told : scene.events(subject)) {
    const auto kind = kind_of(told.event);
    if (told.is_taken || kind.empty() || (what.empty() ? kind == "invitation" : what != kind))
      continue;
    return failed("got " + scene.stage().words_of(told.event));
  }
  return done();
}

using enum Form::Kind;
constexpr auto forms = std::to_array<Form>({
    {"gets|get nothing [for <for:time>]", "but for what steps before asked for", absence, gets_no},
    {"gets|get no <what:message|file|report|invitation> [for <for:time>]", "the same, of one kind",
     absence, gets_no},
});

}  // namespace

std::span<const Form> absence_forms() { return forms; }

}  // namespace convene::scenario
