#include <algorithm>
#include <array>
#include <string>

#include "scenario/forms.h"
#include "scenario/reports.h"
#include "scenario/scene.h"

namespace convene::scenario {

namespace {

// The display report of a message that came. RFC 5438
Verdict read_message(Scene& scene, const Step& step, const std::string& subject) {
  const auto* chat = scene.last<client::ChatReceived>(
      subject,
      [&](const client::ChatReceived& event) { return event.octets == step.arguments["words"]; });
  if (chat == nullptr) return not_yet("no such message came");
  const auto group = chat->group;
  const auto id = chat->id;
  return scene.act(subject, [&](client::Client& c, TimePoint now, client::Output& out) {
    return c.displayed(group, id, now, out);
  });
}

// The imdn.Message-ID of a message or file.
std::string id_of(const Scene& scene, const std::string& what) {
  if (const auto id = scene.id_of(what)) return *id;
  const auto* file = scene.file(what);
  return file != nullptr ? file->imdn_id : std::string{};
}

Verdict learn(Scene& scene, const Step& step, const std::string& subject) {
  const auto id = id_of(scene, step.arguments["what"]);
  if (id.empty()) return failed("nobody sent that, or not with reports asked for");
  const auto& who = step.arguments["who"];
  const auto* report =
      scene.take<client::DeliveryReport>(subject, [&](const client::DeliveryReport& event) {
        return event.id == id && imdn::name_of(event.status) == step.arguments["status"] &&
               (who.empty() || event.recipient == scene.address_of(who));
      });
  return report != nullptr ? done() : not_yet("no such report");
}

using enum Form::Kind;
constexpr auto forms = std::to_array<Form>({
    {"reads|read <words:text>", "tells its sender that it was displayed, if that was asked for",
     action, read_message},
    {"learns|learn that <what:text> was "
     "<status:delivered|displayed|failed|forbidden|error|processed|stored> "
     "[to|by|for <who:client>]",
     "a disposition notification about a message, by its words, or a file, by its name",
     expectation, learn},
});

}  // namespace

cpim::DispositionNotification wanted_reports(const Arguments& arguments) {
  const auto wants = [&](std::string_view what) {
    return arguments["one"] == what || arguments["two"] == what || arguments["three"] == what;
  };
  return {.positive_delivery = wants("delivery"),
          .negative_delivery = wants("failure"),
          .processing = wants("processing"),
          .display = wants("display")};
}

std::span<const Form> report_forms() { return forms; }

}  // namespace convene::scenario
