#include <array>
#include <string>

#include "scenario/forms.h"
#include "scenario/scene.h"

namespace convene::scenario {

namespace {

Verdict register_user(Scene& scene, const Step&, const std::string& subject) {
  scene.stage().perform(subject, [](client::Client& c, TimePoint now, client::Output& out) {
    c.register_user(now, out);
  });
  return done();
}

Verdict sign_off(Scene& scene, const Step&, const std::string& subject) {
  scene.stage().perform(subject, [](client::Client& c, TimePoint now, client::Output& out) {
    c.unregister(now, out);
  });
  return done();
}

Verdict is_registered(Scene& scene, const Step&, const std::string& subject) {
  return scene.stage().client(subject).is_registered() ? done() : not_yet("not registered");
}

Verdict is_refused(Scene& scene, const Step& step, const std::string& subject) {
  const auto& status = step.arguments["status"];
  const auto* refused = scene.take<client::RegistrationFailed>(subject, [&](const auto& event) {
    return status.empty() || std::to_string(event.status) == status;
  });
  return refused != nullptr ? done() : not_yet("its registration was not refused so");
}

using enum Form::Kind;
constexpr auto forms = std::to_array<Form>({
    {"registers|register", "one that is offline, or signed off", action, register_user},
    {"signs|sign off", "is registered no more", action, sign_off},
    {"is|are registered", "", expectation, is_registered},
    {"may|can not register [<status:number>]", "the registrar refused, for good or for now",
     expectation, is_refused},
});

}  // namespace

std::span<const Form> registration_forms() { return forms; }

}  // namespace convene::scenario
