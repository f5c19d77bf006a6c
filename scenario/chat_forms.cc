#include <array>
#include <string>

#include "scenario/forms.h"
#include "scenario/reports.h"
#include "scenario/scene.h"

namespace convene::scenario {

namespace {

Verdict say(Scene& scene, const Step& step, const std::string& subject) {
  const auto group = scene.group_of(subject, step.arguments["group"]);
  if (!group) return not_yet("in no such group");
  const auto& words = step.arguments["words"];
  client::ChatMessage message{.octets = words, .wants = wanted_reports(step.arguments)};
  if (step.arguments.has("to")) message.to = scene.address_of(step.arguments["to"]);
  return scene.act(subject, [&](client::Client& c, TimePoint now, client::Output& out) {
    auto id = c.send_chat(*group, message, now, out);
    if (id) scene.said(words, *id);
    return id;
  });
}

// RFC 3994
Verdict compose(Scene& scene, const Step& step, const std::string& subject) {
  const auto group = scene.group_of(subject, step.arguments["group"]);
  if (!group) return not_yet("in no such group");
  const bool is_active = step.arguments["how"].starts_with("start");
  return scene.act(subject, [&](client::Client& c, TimePoint now, client::Output& out) {
    return c.composing(*group, is_active, now, out);
  });
}

// RFC 7701 7
Verdict take_nickname(Scene& scene, const Step& step, const std::string& subject) {
  const auto group = scene.group_of(subject, step.arguments["group"]);
  if (!group) return not_yet("in no such group");
  return scene.act(subject, [&](client::Client& c, TimePoint now, client::Output& out) {
    return c.set_nickname(*group, step.arguments["nickname"], now, out);
  });
}

Verdict receive(Scene& scene, const Step& step, const std::string& subject) {
  const auto& from = step.arguments["from"];
  const bool is_private = step.arguments.has("private");
  const auto* chat =
      scene.take<client::ChatReceived>(subject, [&](const client::ChatReceived& event) {
        return event.octets == step.arguments["words"] &&
               (from.empty() || scene.is_from(event.from, from)) &&
               (!is_private || event.is_private);
      });
  return chat != nullptr ? done() : not_yet("no such message");
}

Verdict has_said(Scene& scene, const Step& step, const std::string& subject) {
  const auto id = scene.id_of(step.arguments["words"]);
  if (!id) return failed("nobody said that");
  const auto* sent = scene.take<client::ChatSent>(
      subject, [&](const client::ChatSent& event) { return event.id == *id; });
  return sent != nullptr ? done() : not_yet("the server does not have it");
}

Verdict could_not_say(Scene& scene, const Step& step, const std::string& subject) {
  const auto id = scene.id_of(step.arguments["words"]);
  if (!id) return failed("nobody said that");
  const auto& status = step.arguments["status"];
  const auto* refused =
      scene.take<client::ChatFailed>(subject, [&](const client::ChatFailed& event) {
        return event.id == *id && (status.empty() || std::to_string(event.status) == status);
      });
  return refused != nullptr ? done() : not_yet("it was not refused so");
}

Verdict sees_composing(Scene& scene, const Step& step, const std::string& subject) {
  const bool is_active = step.arguments["how"] == "writing";
  const auto* composing =
      scene.take<client::Composing>(subject, [&](const client::Composing& event) {
        return event.is_active == is_active && scene.is_from(event.from, step.arguments["who"]);
      });
  return composing != nullptr ? done() : not_yet("not seen");
}

Verdict has_nickname(Scene& scene, const Step& step, const std::string& subject) {
  const auto* set = scene.take<client::NicknameSet>(subject, [&](const client::NicknameSet& event) {
    return event.nickname == step.arguments["nickname"];
  });
  return set != nullptr ? done() : not_yet("has no such nickname");
}

Verdict is_refused_nickname(Scene& scene, const Step& step, const std::string& subject) {
  const auto& status = step.arguments["status"];
  const auto* refused =
      scene.take<client::NicknameRefused>(subject, [&](const client::NicknameRefused& event) {
        return event.nickname == step.arguments["nickname"] &&
               (status.empty() || std::to_string(event.status) == status);
      });
  return refused != nullptr ? done() : not_yet("it was not refused so");
}

using enum Form::Kind;
constexpr auto forms = std::to_array<Form>({
    {"says|say <words:text> [to <to:client>] [in <group:text>] [asking for "
     "<one:delivery|failure|display|processing>] [and "
     "<two:delivery|failure|display|processing>] [and <three:delivery|failure|display|processing>]",
     "to everybody in the group, or to one alone; disposition notifications may be asked for",
     action, say},
    {"<how:starts|start|stops|stop> writing [in <group:text>]", "is composing", action, compose},
    {"takes|take the nickname <nickname:text> [in <group:text>]", "asks for it", action,
     take_nickname},
    {"receives|receive <words:text> [from <from:person>] [<private:privately>]",
     "a message with these words", expectation, receive},
    {"has|have said <words:text>", "the server has it", expectation, has_said},
    {"could not say <words:text> [<status:number>]", "the server refused it", expectation,
     could_not_say},
    {"sees|see <who:client> <how:writing|pausing>", "", expectation, sees_composing},
    {"is|are called <nickname:text>", "the nickname was granted", expectation, has_nickname},
    {"may not be called <nickname:text> [<status:number>]", "the nickname was refused", expectation,
     is_refused_nickname},
});

}  // namespace

std::span<const Form> chat_forms() { return forms; }

}  // namespace convene::scenario
